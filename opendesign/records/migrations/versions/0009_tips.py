"""Revisions say where a push ended: what came with it may be taken as one."""

import sqlalchemy as sa
from alembic import op

revision = "0009_tips"
down_revision = "0008_improvements"


def upgrade() -> None:
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tip", sa.Boolean(), nullable=False, server_default=sa.false()))
    standing = "SELECT 1 FROM ref WHERE ref.design_id = revision.design_id AND ref.sha = revision.sha"
    op.execute(f"UPDATE revision SET tip = true WHERE EXISTS ({standing})")


def downgrade() -> None:
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_column("tip")
