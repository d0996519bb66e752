"""${message}

The release before this one runs on the new schema while replicas are replaced: add, do not rename;
a new column has a default, a new table lets go of what it refers to, nothing is locked for long.
What was undone is tried again: an index made beside writers (in an autocommit block) comes first, and
is dropped before it is made, if an earlier try left it.

Revision: ${up_revision}, after ${down_revision | comma,n}.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
    op.execute("UPDATE schema_serves SET oldest = ${repr(down_revision)}")


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
