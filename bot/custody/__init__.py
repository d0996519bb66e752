"""What operators do with what is stored: export, verify, forget, and for how long it is kept."""
