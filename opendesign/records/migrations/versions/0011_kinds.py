"""Lineage knows what no longer lives where."""

import sqlalchemy as sa
from alembic import op

revision = "0011_kinds"
down_revision = "0008_improvements"


def upgrade() -> None:
    op.create_table(
        "lapse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("design_id", "sha"),
    )
    with op.batch_alter_table("lapse", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lapse_design_id"), ["design_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lapse_sha"), ["sha"], unique=False)
    op.create_table(
        "sight",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("sight", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sight_design_id"), ["design_id"], unique=True)
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("plus", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("minus", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("adoption", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("adoption_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("revision_adoption", "adoption", ["adoption_id"], ["id"], ondelete="SET NULL")
        batch_op.create_index(batch_op.f("ix_revision_adoption_id"), ["adoption_id"], unique=False)
        batch_op.create_index("revision_untraced", ["design_id", "traced"], unique=False)
    op.execute("DELETE FROM unit")  # every commit is read again, now with its lines
    op.execute("DELETE FROM change")
    op.execute("UPDATE revision SET traced = false")


def downgrade() -> None:
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_index("revision_untraced")
        batch_op.drop_index(batch_op.f("ix_revision_adoption_id"))
        batch_op.drop_constraint("revision_adoption", type_="foreignkey")
        batch_op.drop_column("adoption_id")
    with op.batch_alter_table("adoption", schema=None) as batch_op:
        batch_op.drop_column("ended_at")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_column("minus")
        batch_op.drop_column("plus")
    op.drop_table("sight")
    op.drop_table("lapse")
