"""Improvements are discussed, and a design says which of them it does not want."""

import sqlalchemy as sa
from alembic import op

revision = "0012_discussions"
down_revision = "0011_adopting"


def upgrade() -> None:
    op.create_table(
        "dismissal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("design_id", "sha"),
    )
    with op.batch_alter_table("dismissal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dismissal_design_id"), ["design_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dismissal_person_id"), ["person_id"], unique=False)
    op.create_table(
        "saying",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("saying", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saying_design_id"), ["design_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_saying_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_saying_sha"), ["sha"], unique=False)


def downgrade() -> None:
    op.drop_table("saying")
    op.drop_table("dismissal")
