"""A book as it is recorded, carried out and shown."""
