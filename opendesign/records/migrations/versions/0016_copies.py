"""A content that a change writes is known with its path and its hunk."""

import sqlalchemy as sa
from alembic import op

revision = "0016_copies"
down_revision = "0015_geometry"


def upgrade() -> None:
    with op.batch_alter_table("blob", schema=None) as batch_op:
        batch_op.add_column(sa.Column("path", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("unit", sa.String(), nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_blob_unit"), ["unit"], unique=False)
    for table in ("blob", "setting", "unit", "change"):  # every commit is read again, now with these
        op.execute(f"DELETE FROM {table}")
    op.execute("DELETE FROM sight")
    op.execute("UPDATE revision SET traced = false")


def downgrade() -> None:
    with op.batch_alter_table("blob", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_blob_unit"))
        batch_op.drop_column("unit")
        batch_op.drop_column("path")
