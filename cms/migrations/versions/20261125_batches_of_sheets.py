"""batches of sheets.

Revision e15c4d851b19, created 2026-11-25 23:16:11.171791.
"""

import sqlalchemy as sa
from alembic import op

revision = "e15c4d851b19"
down_revision = "14fbb8d85935"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sheet_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["sheet_batch.id"], name=op.f("fk_sheet_batch_follows_id_sheet_batch"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name=op.f("fk_sheet_batch_recorded_by_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["user.id"], name=op.f("fk_sheet_batch_undone_by_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_batch")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("sheet_batch", schema=None) as batch_op:
        batch_op.create_index("ix_sheet_batch_digest", ["sheet", "digest"], unique=False)

    op.create_table(
        "sheet_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["sheet_batch.id"], name=op.f("fk_sheet_row_batch_id_sheet_batch"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_row")),
        sa.UniqueConstraint("batch_id", "line", name=op.f("uq_sheet_row_batch_id")),
    )
    with op.batch_alter_table("sheet_row", schema=None) as batch_op:
        batch_op.create_index("ix_sheet_row_entry", ["entry_id"], unique=False)

    with op.batch_alter_table("tally", schema=None) as batch_op:
        batch_op.create_index("ix_tally_corrects", ["corrects_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("tally", schema=None) as batch_op:
        batch_op.drop_index("ix_tally_corrects")

    with op.batch_alter_table("sheet_row", schema=None) as batch_op:
        batch_op.drop_index("ix_sheet_row_entry")

    op.drop_table("sheet_row")
    with op.batch_alter_table("sheet_batch", schema=None) as batch_op:
        batch_op.drop_index("ix_sheet_batch_digest")

    op.drop_table("sheet_batch")
