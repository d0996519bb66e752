"""What the outgoing CSM knows, asked one question at a time."""
