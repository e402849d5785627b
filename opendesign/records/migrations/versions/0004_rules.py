"""A branch with a rule takes proposals only and may ask for checks; a merge against it says why."""

import sqlalchemy as sa
from alembic import op

revision = "0004_rules"
down_revision = "0003_reviews"


def upgrade() -> None:
    op.execute("DELETE FROM branch_rule WHERE approvals = 0")  # a rule that asked for none was no rule
    with op.batch_alter_table("branch_rule", schema=None) as batch_op:
        batch_op.add_column(sa.Column("checks", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("owners_exempt", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("against", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.drop_column("against")
        batch_op.drop_column("reason")
    with op.batch_alter_table("branch_rule", schema=None) as batch_op:
        batch_op.drop_column("owners_exempt")
        batch_op.drop_column("checks")
