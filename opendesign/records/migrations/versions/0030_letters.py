"""It is known since when somebody gets letters about notices."""

import sqlalchemy as sa
from alembic import op

revision = "0030_letters"
down_revision = "0029_factor"


def upgrade() -> None:
    op.add_column("person", sa.Column("letters_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "letters_at")  # not in a batch: to make the table anew would empty all that points at it
