"""Designs come from elsewhere, follow what is elsewhere, and are followed there."""

import sqlalchemy as sa
from alembic import op

revision = "0019_mirror"
down_revision = "0018_lfs"


def upgrade() -> None:
    op.add_column("design", sa.Column("mirrored", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=True),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("visibility", sa.String(), nullable=False),
        sa.Column("follow", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("arrival", schema=None) as batch_op:
        for column in ("person_id", "design_id", "state"):
            batch_op.create_index(batch_op.f(f"ix_arrival_{column}"), [column], unique=False)
    for table, moment, more in (
        ("mirror", "fetched_at", ()),
        ("outlet", "pushed_at", (("name", sa.String()), ("sealed", sa.Text()))),
    ):
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("design_id", sa.Integer(), nullable=False),
            sa.Column("url", sa.String(), nullable=False),
            *(sa.Column(name, kind, nullable=False) for name, kind in more),
            sa.Column("person_id", sa.Integer(), nullable=True),
            sa.Column("at", sa.DateTime(timezone=True), nullable=False),
            sa.Column(moment, sa.DateTime(timezone=True), nullable=True),
            sa.Column("next_at", sa.DateTime(timezone=True), nullable=table == "outlet"),
            sa.Column("failures", sa.Integer(), nullable=False),
            sa.Column("problem", sa.Text(), nullable=False),
            sa.ForeignKeyConstraint(["design_id"], ["design.id"], ondelete="CASCADE"),
            sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="SET NULL"),
            sa.PrimaryKeyConstraint("id"),
        )
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{table}_design_id"), ["design_id"], unique=True)
            batch_op.create_index(batch_op.f(f"ix_{table}_person_id"), ["person_id"], unique=False)
            batch_op.create_index(batch_op.f(f"ix_{table}_next_at"), ["next_at"], unique=False)


def downgrade() -> None:
    for table in ("outlet", "mirror", "arrival"):
        op.drop_table(table)
    op.drop_column("design", "mirrored")  # not in a batch: to make the table anew would empty all that points at it
