"""People are written to, and prove that an address is theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0022_mail"
down_revision = "0021_releases"


def upgrade() -> None:
    op.add_column("person", sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=True),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_hash"),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        for column in ("person_id", "wanted_at"):
            batch_op.create_index(batch_op.f(f"ix_letter_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("letter")
    op.drop_column("person", "proven_at")  # not in a batch: to make the table anew would empty all that points at it
