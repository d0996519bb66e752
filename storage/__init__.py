"""The facts, in SQLAlchemy."""
