"""Tables of applications: numbers, applications, their history.

Revision a41c7d20e9b3, created 2026-11-25 18:09:47.885953.
"""

import sqlalchemy as sa
from alembic import op

revision = "a41c7d20e9b3"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "applications__series",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "year", name=op.f("pk_applications__series")),
    )
    op.create_table(
        "applications__application",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("external_no", sa.String(length=60), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column(
            "channel",
            sa.Enum("onsite", "oral", "post", "letter", "web", "fax", name="channel", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "applicant_class",
            sa.Enum("NP", "CE", "RI", "PW", "LS", "OT", name="applicantclass", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "withdrawn",
                "registered",
                "await_correction",
                "await_reason",
                "await_fee",
                "processing",
                "consulting",
                "review",
                "signed",
                "answered",
                "closed",
                "archived",
                "reprocessing",
                "redo_review",
                "redo_signed",
                name="state",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("doc_no", sa.String(length=100), nullable=False),
        sa.Column(
            "medium",
            sa.Enum("paper", "electronic", "inspect", name="medium", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "delivery",
            sa.Enum("post", "email", "pickup", "onsite", name="delivery", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("particulars", sa.Text(), nullable=False),
        sa.Column("request_print", sa.String(length=48), nullable=False),
        sa.Column("applicant", sa.Text(), nullable=False),
        sa.Column("id_print", sa.String(length=48), nullable=False),
        sa.Column("uscc_print", sa.String(length=48), nullable=False),
        sa.Column("name_print", sa.String(length=48), nullable=False),
        sa.Column("phone_print", sa.String(length=48), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("co_applicants", sa.Text(), nullable=False),
        sa.Column("co_count", sa.Integer(), nullable=False),
        sa.Column("masked_name", sa.String(length=80), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column("organ_confirmed_on", sa.Date(), nullable=True),
        sa.Column("applicant_confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_how", sa.String(length=20), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("edition", sa.String(length=10), nullable=False),
        sa.Column("clock_from", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("is_estimated", sa.Boolean(), nullable=False),
        sa.Column("extension_days", sa.Integer(), nullable=False),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("extension_consent", sa.String(length=60), nullable=False),
        sa.Column("special_due_on", sa.Date(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("next_what", sa.String(length=20), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("answered", "lapsed", "withdrawn", "other", name="outcome", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("archived_on", sa.Date(), nullable=True),
        sa.Column("redo_due_on", sa.Date(), nullable=True),
        sa.Column("redone", sa.Integer(), nullable=False),
        sa.Column("predecessor_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("handler_id", sa.Integer(), nullable=True),
        sa.Column("content_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("void_reason", sa.String(length=200), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("erased_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(closed_on IS NULL) = (result = '')", name=op.f("ck_applications__application_result_when_closed")
        ),
        sa.CheckConstraint(
            "closed_on IS NULL OR (received_on IS NOT NULL AND closed_on >= received_on)",
            name=op.f("ck_applications__application_order"),
        ),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["content.id"],
            name=op.f("fk_applications__application_content_id_content"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_applications__application_department_id_department"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["asset.id"],
            name=op.f("fk_applications__application_evidence_id_asset"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["handler_id"], ["user.id"], name=op.f("fk_applications__application_handler_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["predecessor_id"],
            ["applications__application.id"],
            name="fk_applications__application_predecessor",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user.id"],
            name=op.f("fk_applications__application_recorded_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications__application")),
        sa.UniqueConstraint("external_id", name=op.f("uq_applications__application_external_id")),
        sa.UniqueConstraint("number", name="uq_applications__application_number"),
    )
    with op.batch_alter_table("applications__application", schema=None) as batch_op:
        batch_op.create_index("ix_applications__application_closed", ["closed_on", "applicant_class"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications__application_id_print"), ["id_print"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications__application_name_print"), ["name_print"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications__application_occurred_on"), ["occurred_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications__application_phone_print"), ["phone_print"], unique=False)
        batch_op.create_index("ix_applications__application_received", ["received_on", "applicant_class"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications__application_request_print"), ["request_print"], unique=False)
        batch_op.create_index("ix_applications__application_state", ["state", "next_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications__application_uscc_print"), ["uscc_print"], unique=False)

    op.create_table(
        "applications__event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "submit",
                "register",
                "withdraw",
                "close",
                "accept",
                "ask_correction",
                "correct",
                "correction_lapsed",
                "ask_reason",
                "reason_accepted",
                "ask_fee",
                "fee_paid",
                "fee_waived",
                "fee_lapsed",
                "consult",
                "consulted",
                "extend",
                "submit_answer",
                "return_answer",
                "sign",
                "serve",
                "archive",
                "reopen",
                name="step",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("remark", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "withdrawn",
                "registered",
                "await_correction",
                "await_reason",
                "await_fee",
                "processing",
                "consulting",
                "review",
                "signed",
                "answered",
                "closed",
                "archived",
                "reprocessing",
                "redo_review",
                "redo_signed",
                name="state",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("by_applicant", sa.Boolean(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications__application.id"],
            name="fk_applications__event_application",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["asset.id"], name=op.f("fk_applications__event_evidence_id_asset"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user.id"],
            name=op.f("fk_applications__event_recorded_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications__event")),
    )
    with op.batch_alter_table("applications__event", schema=None) as batch_op:
        batch_op.create_index("ix_applications__event_application", ["application_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications__event_occurred_on"), ["occurred_on"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("applications__event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_applications__event_occurred_on"))
        batch_op.drop_index("ix_applications__event_application")

    op.drop_table("applications__event")
    with op.batch_alter_table("applications__application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_applications__application_uscc_print"))
        batch_op.drop_index("ix_applications__application_state")
        batch_op.drop_index(batch_op.f("ix_applications__application_request_print"))
        batch_op.drop_index("ix_applications__application_received")
        batch_op.drop_index(batch_op.f("ix_applications__application_phone_print"))
        batch_op.drop_index(batch_op.f("ix_applications__application_occurred_on"))
        batch_op.drop_index(batch_op.f("ix_applications__application_name_print"))
        batch_op.drop_index(batch_op.f("ix_applications__application_id_print"))
        batch_op.drop_index("ix_applications__application_closed")

    op.drop_table("applications__application")
    op.drop_table("applications__series")
