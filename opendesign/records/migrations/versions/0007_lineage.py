"""What commits change is kept in units, and adoptions say what shows them."""

import sqlalchemy as sa
from alembic import op

revision = "0007_lineage"
down_revision = "0006_pins"


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("patch", sa.String(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("named", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("sha"),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("reverse", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["sha"], ["change.sha"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_patch"), ["patch"], unique=False)
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_sha"), ["sha"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_name"), ["name"], unique=False)
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("traced", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("adoption", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source_sha", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("evidence", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("share", sa.Double(), nullable=False, server_default="1"))


def downgrade() -> None:
    with op.batch_alter_table("adoption", schema=None) as batch_op:
        batch_op.drop_column("share")
        batch_op.drop_column("evidence")
        batch_op.drop_column("source_sha")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_column("traced")
    op.drop_table("unit")
    op.drop_table("change")
