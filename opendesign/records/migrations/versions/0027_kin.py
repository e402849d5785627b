"""It is known what shows the family of a design from elsewhere, and with which folder histories begin."""

import sqlalchemy as sa
from alembic import op

revision = "0027_kin"
down_revision = "0027_addresses"


def upgrade() -> None:
    op.add_column("design", sa.Column("kinship", sa.String(), nullable=True))
    op.add_column("revision", sa.Column("root_tree", sa.String(), nullable=True))
    op.create_index("ix_revision_root_tree", "revision", ["root_tree"])


def downgrade() -> None:
    op.drop_index("ix_revision_root_tree", table_name="revision")
    op.drop_column("revision", "root_tree")
    op.drop_column("design", "kinship")
