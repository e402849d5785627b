"""Lineage knows the forms of parts."""

import sqlalchemy as sa
from alembic import op

revision = "0015_geometry"
down_revision = "0014_kinds"


def upgrade() -> None:
    op.create_table(
        "form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("change", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("solids", sa.Integer(), nullable=True),
        sa.Column("volume", sa.Double(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("read", sa.Boolean(), nullable=False),
        sa.Column("traced", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("design_id", "path", "key"),
    )
    with op.batch_alter_table("form", schema=None) as batch_op:
        for column in ("design_id", "key", "read", "traced"):
            batch_op.create_index(batch_op.f(f"ix_form_{column}"), [column], unique=False)
        batch_op.create_index("form_alike", ["solids", "volume"], unique=False)


def downgrade() -> None:
    op.drop_table("form")
