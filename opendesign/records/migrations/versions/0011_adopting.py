"""People are told who took their work."""

import sqlalchemy as sa
from alembic import op

revision = "0011_adopting"
down_revision = "0010_challenges"
KEYS = ("person_id", "source_id", "target_id", "by_id")


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("commits", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["source_id"], ["design.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["target_id"], ["design.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        for key in KEYS:
            batch_op.create_index(batch_op.f(f"ix_notice_{key}"), [key], unique=False)


def downgrade() -> None:
    op.drop_table("notice")
