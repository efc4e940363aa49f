"""The registers of supervision.

Revision 6df92a626324, created 2026-11-25 23:16:41.179449.
"""

import sqlalchemy as sa
from alembic import op

revision = "6df92a626324"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "supervision__entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "training",
                "meeting",
                "staff",
                "funds",
                "office",
                "point",
                "appraisal",
                "review",
                "accountability",
                name="kind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("ends_id", sa.Integer(), nullable=True),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["corrects_id"],
            ["supervision__entry.id"],
            name=op.f("fk_supervision__entry_corrects_id_supervision__entry"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["ends_id"],
            ["supervision__entry.id"],
            name=op.f("fk_supervision__entry_ends_id_supervision__entry"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["asset.id"], name=op.f("fk_supervision__entry_evidence_id_asset"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name=op.f("fk_supervision__entry_recorded_by_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision__entry")),
        sa.UniqueConstraint("external_id", name=op.f("uq_supervision__entry_external_id")),
    )
    with op.batch_alter_table("supervision__entry", schema=None) as batch_op:
        batch_op.create_index("ix_supervision__entry_corrects_id", ["corrects_id"], unique=False)
        batch_op.create_index("ix_supervision__entry_ends_id", ["ends_id"], unique=False)
        batch_op.create_index("ix_supervision__entry_kind", ["kind", "occurred_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_supervision__entry_occurred_on"), ["occurred_on"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("supervision__entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supervision__entry_occurred_on"))
        batch_op.drop_index("ix_supervision__entry_kind")
        batch_op.drop_index("ix_supervision__entry_ends_id")
        batch_op.drop_index("ix_supervision__entry_corrects_id")

    op.drop_table("supervision__entry")
