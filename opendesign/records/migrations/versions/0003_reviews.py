"""Proposals can be drafts and are judged, a branch says how many must approve, comments suggest, looks are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0003_reviews"
down_revision = "0002_whose_turn"


def _table(
    name: str, parent: str, *columns: sa.Column | sa.Constraint, unique: bool = False, kept: bool = True
) -> None:
    """Makes a table whose rows belong to a row of `parent` and remember a person, whom they outlive if `kept`."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(f"{parent}_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=kept),
        *columns,
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint([f"{parent}_id"], [f"{parent}.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="SET NULL" if kept else "CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table(name, schema=None) as batch_op:
        batch_op.create_index(batch_op.f(f"ix_{name}_{parent}_id"), [f"{parent}_id"], unique=unique)
        batch_op.create_index(batch_op.f(f"ix_{name}_person_id"), ["person_id"], unique=False)


def upgrade() -> None:
    _table(
        "verdict",
        "proposal",
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )
    _table(
        "draft",
        "proposal",
        sa.Column("ready_by_id", sa.Integer(), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ready_by_id"], ["person.id"], ondelete="SET NULL"),
        unique=True,
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_ready_by_id"), ["ready_by_id"], unique=False)
    _table(
        "branch_rule",
        "design",
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("approvals", sa.Integer(), nullable=False),
        sa.UniqueConstraint("design_id", "branch"),
    )

    _table("acceptance", "comment", sa.Column("sha", sa.String(), nullable=False), unique=True)
    _table("look", "proposal", sa.Column("sha", sa.String(), nullable=False), kept=False)
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parameter", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("said", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("suggestion", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("comment", schema=None) as batch_op:
        for column in ("suggestion", "said", "parameter"):
            batch_op.drop_column(column)
    for name in ("look", "acceptance", "branch_rule", "draft", "verdict"):
        op.drop_table(name)
