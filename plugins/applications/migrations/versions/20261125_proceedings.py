"""Tables of what happens while an application is handled: inquiries, consultations, fees.

Revision b52d8e31fac4, created 2026-11-25 18:09:47.885953.
"""

import sqlalchemy as sa
from alembic import op

revision = "b52d8e31fac4"
down_revision = "a41c7d20e9b3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "applications__inquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum("correction", "reason", name="inquirykind", native_enum=False, length=40), nullable=False
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("notified_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_estimated", sa.Boolean(), nullable=False),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("lapsed_on", sa.Date(), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications__application.id"],
            name="fk_applications__inquiry_application",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["asset.id"], name=op.f("fk_applications__inquiry_evidence_id_asset"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user.id"],
            name=op.f("fk_applications__inquiry_recorded_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications__inquiry")),
        sa.UniqueConstraint("application_id", "kind", name="uq_applications__inquiry_application_kind"),
    )
    with op.batch_alter_table("applications__inquiry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applications__inquiry_occurred_on"), ["occurred_on"], unique=False)

    op.create_table(
        "applications__consultation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("third_party", "co_agency", name="consultationkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("party_received_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("is_estimated", sa.Boolean(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "opinion",
            sa.Enum("agrees", "refuses", "partly", "lapsed", "deemed", name="opinion", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications__application.id"],
            name="fk_applications__consultation_application",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["asset.id"],
            name=op.f("fk_applications__consultation_evidence_id_asset"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user.id"],
            name=op.f("fk_applications__consultation_recorded_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications__consultation")),
    )
    with op.batch_alter_table("applications__consultation", schema=None) as batch_op:
        batch_op.create_index("ix_applications__consultation_application", ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications__consultation_occurred_on"), ["occurred_on"], unique=False)

    op.create_table(
        "applications__fee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("waived", sa.Integer(), nullable=False),
        sa.Column("waiver_reason", sa.String(length=200), nullable=False),
        sa.Column("notified_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_estimated", sa.Boolean(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("receipt", sa.String(length=60), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications__application.id"],
            name="fk_applications__fee_application",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["asset.id"], name=op.f("fk_applications__fee_evidence_id_asset"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name=op.f("fk_applications__fee_recorded_by_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications__fee")),
        sa.UniqueConstraint("application_id", name=op.f("uq_applications__fee_application_id")),
    )
    with op.batch_alter_table("applications__fee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applications__fee_occurred_on"), ["occurred_on"], unique=False)
        batch_op.create_index("ix_applications__fee_paid", ["paid_on"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("applications__fee", schema=None) as batch_op:
        batch_op.drop_index("ix_applications__fee_paid")
        batch_op.drop_index(batch_op.f("ix_applications__fee_occurred_on"))

    op.drop_table("applications__fee")
    with op.batch_alter_table("applications__consultation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_applications__consultation_occurred_on"))
        batch_op.drop_index("ix_applications__consultation_application")

    op.drop_table("applications__consultation")
    with op.batch_alter_table("applications__inquiry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_applications__inquiry_occurred_on"))

    op.drop_table("applications__inquiry")
