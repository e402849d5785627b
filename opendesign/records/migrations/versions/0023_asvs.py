"""A visit tells when and from where it was last used."""

import sqlalchemy as sa
from alembic import op

revision = "0023_asvs"
down_revision = "0022_mail"


def upgrade() -> None:
    op.add_column("visit", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("visit", sa.Column("address", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("visit", "address")
    op.drop_column("visit", "seen_at")
