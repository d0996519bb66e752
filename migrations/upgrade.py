"""Bring a database to the newest schema, from the installed package alone."""

from pathlib import Path

from alembic import command
from alembic.config import Config


def config(url: str) -> Config:
    """Alembic's configuration for a database; there is no ini file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    made.set_main_option("timezone", "UTC")
    made.attributes["url"] = url
    return made


def upgrade(url: str) -> None:
    """Run every migration that is missing; safe to run again and from two places at once."""
    command.upgrade(config(url), "head")
