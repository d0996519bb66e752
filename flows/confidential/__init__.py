"""What only leaders may know."""
