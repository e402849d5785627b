"""The numbers of designs and people are never given out twice."""

import sqlalchemy as sa
from alembic import op

revision = "0031_numbering"
down_revision = "0030_authors"
GIVEN = {
    "design": (("design", "id"), ("deed", "design_id")),
    "person": (("person", "id"), ("departure", "id"), ("deed", "person_id")),
}


def upgrade() -> None:
    made = op.create_table(
        "numbering",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    connection = op.get_bind()
    for name, places in GIVEN.items():
        if highest := max(_highest(connection, *place) for place in places):
            connection.execute(made.insert().values(name=name, number=highest))


def _highest(connection: sa.Connection, table: str, column: str) -> int:
    return connection.scalar(sa.select(sa.func.max(sa.column(column))).select_from(sa.table(table))) or 0


def downgrade() -> None:
    op.drop_table("numbering")
