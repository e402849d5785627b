"""Who did what is kept; people are suspended, designs taken down and reported, storage measured, switches turned."""

import sqlalchemy as sa
from alembic import op

revision = "0020_admin"
down_revision = "0019_mirror"
STAYS = "The record of who did what is only added to."


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("person", sa.Column("suspended_at", moment, nullable=True))
    op.add_column("person", sa.Column("suspended_for", sa.Text(), nullable=False, server_default=""))
    op.add_column("person", sa.Column("quota_mb", sa.Integer(), nullable=True))
    op.create_table(
        "deed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("deed_of_design", "deed", ["design_id", "id"])
    op.create_index("deed_of_person", "deed", ["person", "id"])
    for column in ("at", "verb"):
        op.create_index(f"ix_deed_{column}", "deed", [column])
    keep_deeds()
    op.create_table(
        "switch",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("ix_switch_person_id", "switch", ["person_id"])
    op.create_table(
        "mishap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("job", "key"),
    )
    op.create_table(
        "storage",
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("git_bytes", sa.BigInteger(), nullable=False),
        sa.Column("large_bytes", sa.BigInteger(), nullable=False),
        sa.Column("shelf_bytes", sa.BigInteger(), nullable=False),
        sa.Column("measured_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("design_id"),
    )
    op.create_table(
        "takedown",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("closed_at", moment, nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    indexed = {"takedown": ("design_id", "person_id"), "report": ("design_id", "person_id", "closed_by")}
    for table, columns in indexed.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])


def keep_deeds() -> None:
    """Has the database itself refuse to change a deed; forgetting old ones stays possible."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER deed_stays BEFORE UPDATE ON deed BEGIN SELECT RAISE(ABORT, '{STAYS}'); END")
        return
    body = f"BEGIN RAISE EXCEPTION '{STAYS}'; END"
    op.execute(f"CREATE FUNCTION deed_stays() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
    op.execute("CREATE TRIGGER deed_stays BEFORE UPDATE ON deed FOR EACH ROW EXECUTE FUNCTION deed_stays()")


def downgrade() -> None:
    for table in ("report", "takedown", "storage", "mishap", "switch", "deed"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION deed_stays()")
    for column in ("quota_mb", "suspended_for", "suspended_at"):
        op.drop_column("person", column)
