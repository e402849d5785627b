"""A comment on a point of a part knows the build it was put on; spots are the faces near a point of a build."""

import sqlalchemy as sa
from alembic import op

revision = "0006_pins"
down_revision = "0005_inspections"


def upgrade() -> None:
    moments = ("started_at", "finished_at")
    op.create_table(
        "spot",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("build_key", sa.String(), nullable=False),
        sa.Column("point", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in moments),
        *(sa.Column(name, sa.JSON(), nullable=True) for name in ("error", "result")),
        sa.PrimaryKeyConstraint("key"),
    )
    with op.batch_alter_table("spot", schema=None) as batch_op:
        batch_op.create_index("spot_turn", ["asker", "started_at"], unique=False)
        for name in ("build_key", "state", "priority"):
            batch_op.create_index(batch_op.f(f"ix_spot_{name}"), [name], unique=False)
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("normal", sa.JSON(), nullable=True))
        for name in ("sha", "build_key", "spot_key"):
            batch_op.add_column(sa.Column(name, sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("comment", schema=None) as batch_op:
        for column in ("spot_key", "build_key", "sha", "normal"):
            batch_op.drop_column(column)
    op.drop_table("spot")
