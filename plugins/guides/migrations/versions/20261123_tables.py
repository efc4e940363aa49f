"""tables.

Revision 6cad1a4abf27, created 2026-11-23 10:05:36.562478.
"""

import sqlalchemy as sa
from alembic import op

revision = "6cad1a4abf27"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guides__guide",
        sa.Column("item_code", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=26), nullable=False),
        sa.Column("agency", sa.String(length=120), nullable=False),
        sa.Column("level", sa.String(length=28), nullable=False),
        sa.Column("audience", sa.String(length=26), nullable=False),
        sa.Column("case_type", sa.String(length=23), nullable=False),
        sa.Column("matter", sa.String(length=40), nullable=False),
        sa.Column("legal_basis", sa.JSON(), nullable=False),
        sa.Column("conditions", sa.String(), nullable=False),
        sa.Column("materials", sa.JSON(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("legal_limit", sa.String(length=80), nullable=False),
        sa.Column("promised_limit", sa.String(length=80), nullable=False),
        sa.Column("fee", sa.String(length=300), nullable=False),
        sa.Column("offices", sa.JSON(), nullable=False),
        sa.Column("online_url", sa.String(length=300), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=True),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("delivery", sa.String(length=200), nullable=False),
        sa.Column("complaint_phone", sa.String(length=120), nullable=False),
        sa.Column("remedy", sa.String(), nullable=False),
        sa.Column("faq", sa.JSON(), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"], ["content.id"], name=op.f("fk_guides__guide_content_id_content"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("content_id", name=op.f("pk_guides__guide")),
    )
    with op.batch_alter_table("guides__guide", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guides__guide_matter"), ["matter"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("guides__guide", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guides__guide_matter"))

    op.drop_table("guides__guide")
