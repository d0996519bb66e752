"""Alembic migrations of the facts."""
