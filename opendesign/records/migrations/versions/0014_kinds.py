"""Lineage knows what no longer lives where."""

import sqlalchemy as sa
from alembic import op

revision = "0014_kinds"
down_revision = "0013_keys"


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
    op.create_table(
        "setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["sha"], ["change.sha"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("setting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_setting_sha"), ["sha"], unique=False)
        batch_op.create_index("setting_name", ["name", "path"], unique=False)
    op.create_table(
        "blob",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("oid", sa.String(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["sha"], ["change.sha"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("blob", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blob_sha"), ["sha"], unique=False)
        batch_op.create_index(batch_op.f("ix_blob_oid"), ["oid"], unique=False)
    op.create_table(
        "confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("source_sha", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["design.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["target_id"], ["design.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("target_id", "source_sha"),
    )
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        for column in ("source_id", "target_id", "person_id"):
            batch_op.create_index(batch_op.f(f"ix_confirmation_{column}"), [column], unique=False)
    op.create_table(
        "fetch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("moments", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("design_id", "person_id", "day"),
    )
    with op.batch_alter_table("fetch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fetch_design_id"), ["design_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fetch_person_id"), ["person_id"], unique=False)
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("plus", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("minus", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("adoption", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("adoption_by", "design", ["by_id"], ["id"], ondelete="SET NULL")
        batch_op.create_index(batch_op.f("ix_adoption_by_id"), ["by_id"], unique=False)
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
        batch_op.drop_index(batch_op.f("ix_adoption_by_id"))
        batch_op.drop_constraint("adoption_by", type_="foreignkey")
        batch_op.drop_column("by_id")
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("ended_at")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_column("minus")
        batch_op.drop_column("plus")
    op.drop_table("fetch")
    op.drop_table("setting")
    op.drop_table("blob")
    op.drop_table("confirmation")
    op.drop_table("sight")
    op.drop_table("lapse")
