"""Reminders, and what a leader decides about what is late."""
