"""Providers elsewhere say who people are; letters are in their language, and tell of notices."""

import sqlalchemy as sa
from alembic import op

revision = "0024_accounts"
down_revision = "0023_asvs"


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("issuer", "subject"),
    )
    op.create_index("ix_identity_person_id", "identity", ["person_id"])
    op.add_column("person", sa.Column("language", sa.String(), nullable=False, server_default=""))
    op.add_column("person", sa.Column("letters", sa.String(), nullable=False, server_default="never"))
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="adopted"))
        batch_op.add_column(sa.Column("proposal_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_notice_proposal_id"), "proposal", ["proposal_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_index(batch_op.f("ix_notice_proposal_id"), ["proposal_id"], unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE proposal_id IS NOT NULL")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_proposal_id"))
        batch_op.drop_constraint(batch_op.f("fk_notice_proposal_id"), type_="foreignkey")
        for column in ("mailed_at", "proposal_id", "kind"):
            batch_op.drop_column(column)
    op.drop_column("person", "letters")
    op.drop_column("person", "language")  # not in a batch, as in 0022_mail
    op.drop_table("identity")
