"""Letters, their history, answers and limits.

Revision f587572f56f4, created 2026-11-25 19:20:35.856156.
"""

import sqlalchemy as sa
from alembic import op

revision = "f587572f56f4"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letters__series",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_letters__series")),
    )
    op.create_table(
        "letters__limit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("unit", sa.Enum("WD", "day", "hour", name="unit", native_enum=False, length=40), nullable=False),
        sa.Column("warn_before", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name=op.f("fk_letters__limit_recorded_by_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters__limit")),
    )
    with op.batch_alter_table("letters__limit", schema=None) as batch_op:
        batch_op.create_index("ix_letters__limit_valid_from", ["valid_from", "id"], unique=False)

    op.create_table(
        "letters__letter",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("external_no", sa.String(length=60), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "mailbox_leader",
                "mailbox_bureau",
                "hotline_12345",
                "web",
                "onsite",
                "phone",
                "post",
                "fax",
                "email",
                "petition",
                "site_error",
                name="channel",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "category",
            sa.Enum(
                "consult",
                "help",
                "complaint",
                "report",
                "suggestion",
                "praise",
                "other",
                name="category",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("page_url", sa.String(length=500), nullable=False),
        sa.Column("wants_public", sa.Boolean(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("is_tallied", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("personal", sa.Text(), nullable=False),
        sa.Column("sender_key", sa.String(length=48), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "screened",
                "assigned",
                "accepted",
                "returned",
                "drafted",
                "reviewed",
                "answered",
                "published",
                "callback",
                "closed",
                name="state",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "verdict",
            sa.Enum(
                "valid",
                "invalid",
                "duplicate",
                "petition",
                "application",
                "mistake",
                name="verdict",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("duplicate_of_id", sa.Integer(), nullable=True),
        sa.Column("handed_on", sa.Date(), nullable=True),
        sa.Column("handed_ref", sa.String(length=120), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("handler_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("warn_at", sa.DateTime(), nullable=True),
        sa.Column("is_estimated", sa.Boolean(), nullable=False),
        sa.Column("clock_from", sa.Date(), nullable=True),
        sa.Column("red_on", sa.Date(), nullable=False),
        sa.Column("extension", sa.Integer(), nullable=False),
        sa.Column("urged_on", sa.Date(), nullable=True),
        sa.Column("alarm", sa.String(length=8), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("was_late", sa.Boolean(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("public_title", sa.String(length=200), nullable=False),
        sa.Column("public_text", sa.Text(), nullable=False),
        sa.Column("public_answer", sa.Text(), nullable=False),
        sa.Column(
            "satisfaction",
            sa.Enum("satisfied", "fairly", "unsatisfied", name="satisfaction", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("rated_at", sa.DateTime(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("erased_at", sa.DateTime(), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["department.id"],
            name=op.f("fk_letters__letter_answered_by_id_department"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_letters__letter_department_id_department"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["duplicate_of_id"],
            ["letters__letter.id"],
            name=op.f("fk_letters__letter_duplicate_of_id_letters__letter"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["asset.id"], name=op.f("fk_letters__letter_evidence_id_asset"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["handler_id"], ["user.id"], name=op.f("fk_letters__letter_handler_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name=op.f("fk_letters__letter_recorded_by_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters__letter")),
        sa.UniqueConstraint("external_id", name=op.f("uq_letters__letter_external_id")),
        sa.UniqueConstraint("number", name=op.f("uq_letters__letter_number")),
    )
    with op.batch_alter_table("letters__letter", schema=None) as batch_op:
        batch_op.create_index("ix_letters__letter_answered", ["answered_on"], unique=False)
        batch_op.create_index(
            "ix_letters__letter_counts", ["occurred_on", "verdict", "state", "answered_on"], unique=False
        )
        batch_op.create_index("ix_letters__letter_department", ["department_id", "state"], unique=False)
        batch_op.create_index("ix_letters__letter_kind", ["channel", "occurred_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_letters__letter_occurred_on"), ["occurred_on"], unique=False)
        batch_op.create_index("ix_letters__letter_open", ["state", "due_at"], unique=False)
        batch_op.create_index(
            "ix_letters__letter_public",
            ["answered_at", "id", "topic"],
            unique=False,
            sqlite_where=sa.text("published_at IS NOT NULL"),
            postgresql_where=sa.text("published_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_letters__letter_sender_key"), ["sender_key"], unique=False)

    op.create_table(
        "letters__draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_letters__draft_author_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letters__letter.id"],
            name=op.f("fk_letters__draft_letter_id_letters__letter"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters__draft")),
        sa.UniqueConstraint("letter_id", "number", name="uq_letters__draft_letter_id_number"),
    )
    op.create_table(
        "letters__happening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "receive",
                "screen",
                "dismiss",
                "hand_over",
                "restore",
                "assign",
                "accept",
                "give_back",
                "draft",
                "refuse",
                "review",
                "answer",
                "record_answer",
                "publish",
                "take_off",
                "rate",
                "call_back",
                "close",
                "redo",
                "extend",
                "urge",
                "amend",
                "reissue",
                "alert",
                "reckon",
                "erase",
                name="action",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "before",
            sa.Enum(
                "received",
                "screened",
                "assigned",
                "accepted",
                "returned",
                "drafted",
                "reviewed",
                "answered",
                "published",
                "callback",
                "closed",
                name="state",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "received",
                "screened",
                "assigned",
                "accepted",
                "returned",
                "drafted",
                "reviewed",
                "answered",
                "published",
                "callback",
                "closed",
                name="state",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user.id"], name=op.f("fk_letters__happening_actor_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letters__letter.id"],
            name=op.f("fk_letters__happening_letter_id_letters__letter"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters__happening")),
    )
    with op.batch_alter_table("letters__happening", schema=None) as batch_op:
        batch_op.create_index("ix_letters__happening_letter", ["letter_id", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("letters__happening", schema=None) as batch_op:
        batch_op.drop_index("ix_letters__happening_letter")

    op.drop_table("letters__happening")
    op.drop_table("letters__draft")
    with op.batch_alter_table("letters__letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letters__letter_sender_key"))
        batch_op.drop_index(
            "ix_letters__letter_public",
            sqlite_where=sa.text("published_at IS NOT NULL"),
            postgresql_where=sa.text("published_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_letters__letter_open")
        batch_op.drop_index(batch_op.f("ix_letters__letter_occurred_on"))
        batch_op.drop_index("ix_letters__letter_kind")
        batch_op.drop_index("ix_letters__letter_department")
        batch_op.drop_index("ix_letters__letter_counts")
        batch_op.drop_index("ix_letters__letter_answered")

    op.drop_table("letters__letter")
    with op.batch_alter_table("letters__limit", schema=None) as batch_op:
        batch_op.drop_index("ix_letters__limit_valid_from")

    op.drop_table("letters__limit")
    op.drop_table("letters__series")
