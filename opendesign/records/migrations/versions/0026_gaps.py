"""What was said of a private design stays with those who saw it then."""

import sqlalchemy as sa
from alembic import op

revision = "0026_gaps"
down_revision = "0024_accounts"


def upgrade() -> None:
    op.add_column("saying", sa.Column("private", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE saying SET private = true WHERE design_id IN (SELECT id FROM design WHERE visibility = 'private')"
    )


def downgrade() -> None:
    op.drop_column("saying", "private")
