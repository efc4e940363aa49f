import sqlalchemy as sa
from alembic import op

revision = "5a3b1e0c7d21"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    item = sa.ForeignKey("content.id", ondelete="CASCADE", name="item")
    op.create_table(
        "sample__permit",
        sa.Column("content_id", sa.Integer, item, primary_key=True),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("conditions", sa.String, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("opens_on", sa.Date),
        sa.Column("visits", sa.Integer),
        sa.Column("online", sa.Boolean, nullable=False),
        sa.Column("aliases", sa.JSON, nullable=False),
        sa.Column("materials", sa.JSON, nullable=False),
    )
    op.create_table(
        "sample__post",
        sa.Column("content_id", sa.Integer, sa.ForeignKey("content.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("author", sa.String(40), nullable=False),
    )


def downgrade():
    op.drop_table("sample__post")
    op.drop_table("sample__permit")
