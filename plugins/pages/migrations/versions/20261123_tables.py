"""tables.

Revision aade81aa0351, created 2026-11-23 10:05:42.054939.
"""

import sqlalchemy as sa
from alembic import op

revision = "aade81aa0351"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pages__page",
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"], ["content.id"], name=op.f("fk_pages__page_content_id_content"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("content_id", name=op.f("pk_pages__page")),
    )


def downgrade() -> None:
    op.drop_table("pages__page")
