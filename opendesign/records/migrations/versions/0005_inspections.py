"""A design's own checks are run over the shapes of builds."""

import sqlalchemy as sa
from alembic import op

revision = "0005_inspections"
down_revision = "0004_rules"


def upgrade() -> None:
    op.create_table(
        "inspection",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=True),
        sa.Column("recipe", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("log", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("key"),
    )
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.create_index("inspection_turn", ["asker", "started_at"], unique=False)
        for column in ("design_id", "priority", "state"):
            batch_op.create_index(batch_op.f(f"ix_inspection_{column}"), [column], unique=False)
    op.create_table(
        "needed",
        sa.Column("inspection_key", sa.String(), nullable=False),
        sa.Column("build_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["inspection_key"], ["inspection.key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("inspection_key", "build_key"),
    )
    with op.batch_alter_table("needed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_needed_build_key"), ["build_key"], unique=False)


def downgrade() -> None:
    op.drop_table("needed")
    op.drop_table("inspection")
