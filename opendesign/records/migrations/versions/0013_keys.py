"""What revisions make of each parameter, function and feature is kept, and what came of weighing two designs."""

import sqlalchemy as sa
from alembic import op

revision = "0013_keys"
down_revision = "0012_discussions"


def upgrade() -> None:
    op.create_table(
        "trait",
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("named", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("sha"),
    )
    op.create_table(
        "weighing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("one_sha", sa.String(), nullable=False),
        sa.Column("other_sha", sa.String(), nullable=False),
        sa.Column("conflicts", sa.JSON(), nullable=False),
        sa.Column("builds", sa.JSON(), nullable=False),
        sa.Column("readers", sa.JSON(), nullable=False),
        sa.Column("onto_one", sa.JSON(), nullable=False),
        sa.Column("onto_other", sa.JSON(), nullable=False),
        sa.Column("refusal", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["one_id"], ["design.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["design.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("one_id", "other_id"),
    )
    with op.batch_alter_table("weighing", schema=None) as batch_op:
        for column in ("one_id", "other_id", "person_id"):
            batch_op.create_index(batch_op.f(f"ix_weighing_{column}"), [column], unique=False)
    op.execute("UPDATE revision SET traced = false")  # the traits of what is there are read


def downgrade() -> None:
    op.drop_table("weighing")
    op.drop_table("trait")
