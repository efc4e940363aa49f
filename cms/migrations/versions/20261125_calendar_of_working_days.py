"""calendar of working days.

Revision ad9906103365, created 2026-11-25 17:30:06.768357.
"""

import sqlalchemy as sa
from alembic import op

revision = "ad9906103365"
down_revision = "e1a2641abde7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_settled",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_settled")),
    )
    op.create_table(
        "calendar_local_holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user.id"], name=op.f("fk_calendar_local_holiday_added_by_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_local_holiday")),
        sa.UniqueConstraint("day", name=op.f("uq_calendar_local_holiday_day")),
    )
    op.create_table(
        "calendar_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("imported_at", sa.DateTime(), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["user.id"], name=op.f("fk_calendar_notice_imported_by_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["user.id"], name=op.f("fk_calendar_notice_withdrawn_by_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_notice")),
        sa.UniqueConstraint("year", "version", name=op.f("uq_calendar_notice_year")),
    )
    with op.batch_alter_table("calendar_notice", schema=None) as batch_op:
        batch_op.create_index("ix_calendar_notice_current", ["is_current", "year"], unique=False)

    op.create_table(
        "calendar_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("workday", "makeup", "weekend", "holiday", name="daykind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["calendar_notice.id"],
            name=op.f("fk_calendar_day_notice_id_calendar_notice"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
        sa.UniqueConstraint("notice_id", "day", name=op.f("uq_calendar_day_notice_id")),
    )


def downgrade() -> None:
    op.drop_table("calendar_day")
    with op.batch_alter_table("calendar_notice", schema=None) as batch_op:
        batch_op.drop_index("ix_calendar_notice_current")

    op.drop_table("calendar_notice")
    op.drop_table("calendar_local_holiday")
    op.drop_table("calendar_settled")
