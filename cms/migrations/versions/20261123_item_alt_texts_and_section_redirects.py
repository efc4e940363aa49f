"""item alt texts and section redirects.

Revision e1a2641abde7, created 2026-11-23 11:17:50.649152.
"""

import sqlalchemy as sa
from alembic import op

revision = "e1a2641abde7"
down_revision = "dcc0d67670a5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "section_redirect",
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_section_redirect_section_id_section"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_section_redirect")),
    )
    with op.batch_alter_table("section_redirect", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_section_redirect_section_id"), ["section_id"], unique=False)

    with op.batch_alter_table("content_asset", schema=None) as batch_op:
        batch_op.add_column(sa.Column("alt", sa.String(length=300), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("content_asset", schema=None) as batch_op:
        batch_op.drop_column("alt")

    with op.batch_alter_table("section_redirect", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_section_redirect_section_id"))

    op.drop_table("section_redirect")
