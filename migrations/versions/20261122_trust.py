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


def upgrade() -> None:
    # What caused a message: the log says the same of the delivery and of the post.
    op.add_column(
        "outbox", sa.Column("cause", sa.String(length=16), server_default="", nullable=False)
    )
    op.execute("UPDATE schema_serves SET oldest = '0001'")


def downgrade() -> None:
    op.drop_column("outbox", "cause")
