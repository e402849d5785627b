"""Designs give out revisions under tags that stay, and name who pushes to a branch with a rule."""

import sqlalchemy as sa
from alembic import op

revision = "0021_releases"
down_revision = "0020_admin"


def upgrade() -> None:
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("design_id", "tag"),
    )
    with op.batch_alter_table("release", schema=None) as batch_op:
        for column in ("design_id", "person_id"):
            batch_op.create_index(batch_op.f(f"ix_release_{column}"), [column], unique=False)

    with op.batch_alter_table("branch_rule", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pushers", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("branch_rule", schema=None) as batch_op:
        batch_op.drop_column("pushers")
    op.drop_table("release")
