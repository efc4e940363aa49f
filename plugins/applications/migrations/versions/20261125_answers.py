"""Tables of answers and of the redactions that go with them.

Revision c63e9f420bd5, created 2026-11-25 18:09:47.885953.
"""

import sqlalchemy as sa
from alembic import op

revision = "c63e9f420bd5"
down_revision = "b52d8e31fac4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "applications__answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "review", "signed", "served", name="answerstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("edition", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("is_redo", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("provided", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("organ", sa.String(length=300), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(), nullable=True),
        sa.Column("review_note", sa.String(length=300), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(), nullable=True),
        sa.Column("signer", sa.String(length=60), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("served_how", sa.String(length=20), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications__application.id"],
            name="fk_applications__answer_application",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["user.id"], name=op.f("fk_applications__answer_drafted_by_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"],
            ["user.id"],
            name=op.f("fk_applications__answer_reviewed_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["user.id"], name=op.f("fk_applications__answer_signed_by_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications__answer")),
        sa.UniqueConstraint("application_id", "position", name="uq_applications__answer_application_position"),
        sa.UniqueConstraint("number", name="uq_applications__answer_number"),
    )
    op.create_table(
        "applications__redaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("output_id", sa.Integer(), nullable=True),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications__application.id"],
            name="fk_applications__redaction_application",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["output_id"], ["sealed_file.id"], name="fk_applications__redaction_output", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user.id"],
            name=op.f("fk_applications__redaction_recorded_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sealed_file.id"], name="fk_applications__redaction_source", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications__redaction")),
    )
    with op.batch_alter_table("applications__redaction", schema=None) as batch_op:
        batch_op.create_index("ix_applications__redaction_application", ["application_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("applications__redaction", schema=None) as batch_op:
        batch_op.drop_index("ix_applications__redaction_application")

    op.drop_table("applications__redaction")
    op.drop_table("applications__answer")
