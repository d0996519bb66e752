"""trust

The release before this one runs on the new schema while replicas are replaced: add, do not rename;
a new column has a default, a new table lets go of what it refers to, nothing is locked for long.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_CLOSED = sa.text("stage IN ('complete', 'cancelled', 'discarded')")


def upgrade() -> None:
    # Beside whoever writes to a table that may be long; first, because it ends the transaction, and
    # anew, because an index whose making was interrupted is there and of no use.
    with op.get_context().autocommit_block():
        op.drop_index(
            "ix_handovers_closed",
            table_name="handovers",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "ix_handovers_closed",
            "handovers",
            ["updated_at"],
            sqlite_where=_CLOSED,
            postgresql_where=_CLOSED,
            postgresql_concurrently=True,
        )
    # What caused a message: the log says the same of the delivery and of the post.
    op.add_column(
        "outbox", sa.Column("cause", sa.String(length=16), server_default="", nullable=False)
    )
    op.add_column(
        "journal", sa.Column("state", sa.String(length=64), server_default="", nullable=False)
    )
    op.add_column(
        "workspaces", sa.Column("version", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "workspaces", sa.Column("chain", sa.String(length=64), server_default="", nullable=False)
    )
    op.create_table(
        "forgettings",
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("alias", sa.String(length=64), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("team", "person", name=op.f("pk_forgettings")),
    )
    op.create_table(
        "forgotten_workspaces",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_forgotten_workspaces")),
    )
    op.execute("UPDATE schema_serves SET oldest = '0001'")


def downgrade() -> None:
    op.drop_index("ix_handovers_closed", table_name="handovers")
    op.drop_table("forgotten_workspaces")
    op.drop_table("forgettings")
    op.drop_column("workspaces", "chain")
    op.drop_column("workspaces", "version")
    op.drop_column("journal", "state")
    op.drop_column("outbox", "cause")
