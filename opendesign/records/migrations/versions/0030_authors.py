"""Authors are known by every address that they have ever confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0030_authors"
down_revision = "0030_letters"


def upgrade() -> None:
    op.create_table(
        "address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
    )
    op.create_index("ix_address_person_id", "address", ["person_id"])
    _keep_proven(op.get_bind())


def _keep_proven(connection: sa.Connection) -> None:
    """Keeps the addresses confirmed by now; of two that differ in capitals alone, that of who confirmed first."""
    person = sa.table("person", sa.column("id"), sa.column("email"), sa.column("proven_at"))
    proven = sa.select(person.c.id, person.c.email, person.c.proven_at).where(person.c.proven_at.is_not(None))
    rows: dict[str, dict] = {}
    for number, email, at in connection.execute(proven.order_by(person.c.proven_at, person.c.id)):
        rows.setdefault(email.lower(), {"person_id": number, "email": email.lower(), "proven_at": at})
    address = sa.table("address", sa.column("person_id"), sa.column("email"), sa.column("proven_at"))
    if rows:
        connection.execute(address.insert(), list(rows.values()))


def downgrade() -> None:
    op.drop_table("address")
