"""tables.

Revision 41d0d36c282e, created 2026-11-23 10:05:19.317849.
"""

import sqlalchemy as sa
from alembic import op

revision = "41d0d36c282e"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "news__article",
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("event_on", sa.Date(), nullable=True),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"], ["content.id"], name=op.f("fk_news__article_content_id_content"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("content_id", name=op.f("pk_news__article")),
    )


def downgrade() -> None:
    op.drop_table("news__article")
