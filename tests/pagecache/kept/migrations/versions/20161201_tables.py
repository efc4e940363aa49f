import sqlalchemy as sa
from alembic import op

revision = "9d1c64e0ab17"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "kept__word", sa.Column("id", sa.Integer, primary_key=True), sa.Column("text", sa.String, nullable=False)
    )
    op.create_table("kept__visit", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("kept__visit")
    op.drop_table("kept__word")
