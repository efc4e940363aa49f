"""Table of cases: 复议, 诉讼, 申诉, 举报投诉.

Revision 13fbe1a8f7d9, created 2026-11-25 18:09:47.885953.
"""

import sqlalchemy as sa
from alembic import op

revision = "13fbe1a8f7d9"
down_revision = "c63e9f420bd5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "applications__case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("R", "L0", "L1", "appeal", "complaint", name="casekind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("body", sa.String(length=80), nullable=False),
        sa.Column("matter", sa.String(length=200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column(
            "result", sa.Enum("keep", "fix", "other", name="caseresult", native_enum=False, length=40), nullable=True
        ),
        sa.Column("decision", sa.String(length=300), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.Column("void_reason", sa.String(length=200), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(decided_on IS NULL) = (result IS NULL)", name=op.f("ck_applications__case_result_when_decided")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications__application.id"],
            name="fk_applications__case_application",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["asset.id"], name=op.f("fk_applications__case_evidence_id_asset"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["applications__case.id"], name="fk_applications__case_follows", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name=op.f("fk_applications__case_recorded_by_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications__case")),
        sa.UniqueConstraint("external_id", name=op.f("uq_applications__case_external_id")),
    )
    with op.batch_alter_table("applications__case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applications__case_application_id"), ["application_id"], unique=False)
        batch_op.create_index("ix_applications__case_decided", ["kind", "decided_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications__case_occurred_on"), ["occurred_on"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("applications__case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_applications__case_occurred_on"))
        batch_op.drop_index("ix_applications__case_decided")
        batch_op.drop_index(batch_op.f("ix_applications__case_application_id"))

    op.drop_table("applications__case")
