"""Files are kept in Git LFS, and locked."""

import sqlalchemy as sa
from alembic import op

revision = "0018_lfs"
down_revision = "0016_copies"


def upgrade() -> None:
    op.create_table(
        "large_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("oid", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("design_id", "oid"),
    )
    with op.batch_alter_table("large_file", schema=None) as batch_op:
        for column in ("design_id", "oid", "person_id"):
            batch_op.create_index(batch_op.f(f"ix_large_file_{column}"), [column], unique=False)
    op.create_table(
        "file_lock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("design_id", "path"),
    )
    with op.batch_alter_table("file_lock", schema=None) as batch_op:
        for column in ("design_id", "person_id"):
            batch_op.create_index(batch_op.f(f"ix_file_lock_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("file_lock")
    op.drop_table("large_file")
