"""Improvements are kept: what was born where in a family."""

import sqlalchemy as sa
from alembic import op

revision = "0008_improvements"
down_revision = "0007_lineage"


def upgrade() -> None:
    op.create_table(
        "improvement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("author_email", sa.String(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("units", sa.JSON(), nullable=False),
        sa.Column("paths", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("family", "sha"),
    )
    with op.batch_alter_table("improvement", schema=None) as batch_op:
        batch_op.create_index("improvement_born", ["family", "received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_improvement_sha"), ["sha"], unique=False)
        batch_op.create_index(batch_op.f("ix_improvement_design_id"), ["design_id"], unique=False)
    op.execute("UPDATE revision SET traced = false")  # everything is looked at again


def downgrade() -> None:
    op.drop_table("improvement")
