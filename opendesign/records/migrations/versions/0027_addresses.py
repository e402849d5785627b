"""People are found by their address, in capitals or not."""

import sqlalchemy as sa
from alembic import op

revision = "0027_addresses"
down_revision = "0026_gaps"


def upgrade() -> None:
    op.create_index("person_address", "person", [sa.text("lower(email)")])


def downgrade() -> None:
    op.drop_index("person_address", "person")
