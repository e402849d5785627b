"""People say what they made of a design, with photos, and others confirm or doubt it."""

import warnings

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import SAWarning

revision = "0028_made"
down_revision = "0027_kin"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "made",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "design_id", "number")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("sha", "part")),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("build_key", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("result", "process", "place", "machine", "material")
        ),
        sa.Column("recycled", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("readings", sa.JSON(), nullable=False),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("at", "told_at")),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("design_id", "number"),
    )
    op.create_table(
        "photo",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "made_id")),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("width", "height")),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("picture", "small")),
        sa.ForeignKeyConstraint(["made_id"], ["made.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "vouch",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "made_id")),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["made_id"], ["made.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("made_id", "person_id"),
    )
    for table, column in (("made", "design_id"), ("photo", "made_id"), ("vouch", "made_id")):
        op.create_index(f"ix_{table}_{column}", table, [column])
        op.create_index(f"ix_{table}_person_id", table, ["person_id"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # an index of people by an expression, which is not touched here
        with op.batch_alter_table("notice", schema=None) as batch_op:
            batch_op.add_column(sa.Column("made_id", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(
                batch_op.f("fk_notice_made_id"), "made", ["made_id"], ["id"], ondelete="CASCADE"
            )
            batch_op.create_index(batch_op.f("ix_notice_made_id"), ["made_id"], unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE made_id IS NOT NULL")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_made_id"))
        batch_op.drop_constraint(batch_op.f("fk_notice_made_id"), type_="foreignkey")
        batch_op.drop_column("made_id")
    for table in ("vouch", "photo", "made"):
        op.drop_table(table)
