"""Builds and comparisons know who wants them, and how much."""

import sqlalchemy as sa
from alembic import op

revision = "0002_whose_turn"
down_revision = "0001"


def upgrade() -> None:
    for table in ("build", "comparison"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("asker", sa.String(), nullable=False, server_default=""))
            batch_op.add_column(sa.Column("priority", sa.Integer(), nullable=True))
            batch_op.create_index(batch_op.f(f"ix_{table}_priority"), ["priority"], unique=False)
            batch_op.create_index(f"{table}_turn", ["asker", "started_at"], unique=False)


def downgrade() -> None:
    for table in ("build", "comparison"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(f"{table}_turn")
            batch_op.drop_index(batch_op.f(f"ix_{table}_priority"))
            batch_op.drop_column("priority")
            batch_op.drop_column("asker")
