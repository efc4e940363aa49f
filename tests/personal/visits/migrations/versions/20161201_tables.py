import sqlalchemy as sa
from alembic import op

revision = "7c1d52a9e4b0"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "visits__visit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("closed_on", sa.Date),
        sa.Column("personal", sa.Text, nullable=False),
        sa.Column("id_print", sa.String(48), nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("remark", sa.String, nullable=False),
        sa.Column("legal_hold", sa.Boolean, nullable=False),
        sa.Column("erased_at", sa.DateTime),
    )
    op.create_index("ix_visits__visit_id_print", "visits__visit", ["id_print"])
    op.create_index("ix_visits__visit_number", "visits__visit", ["number"])


def downgrade():
    op.drop_table("visits__visit")
