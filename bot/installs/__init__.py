"""Many workspaces: how the bot comes into one, whose token it speaks with, and how it leaves."""
