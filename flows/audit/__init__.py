"""What is kept for whoever has to check it, and what is forgotten."""
