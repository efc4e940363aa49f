"""tables.

Revision 9347ab373ee7, created 2026-11-23 10:05:24.986083.
"""

import sqlalchemy as sa
from alembic import op

revision = "9347ab373ee7"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notices__notice",
        sa.Column("kind", sa.String(length=22), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("contact", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=120), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"], ["content.id"], name=op.f("fk_notices__notice_content_id_content"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("content_id", name=op.f("pk_notices__notice")),
    )
    with op.batch_alter_table("notices__notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices__notice_closes_on"), ["closes_on"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("notices__notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notices__notice_closes_on"))

    op.drop_table("notices__notice")
