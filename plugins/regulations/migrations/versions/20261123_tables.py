"""tables.

Revision 0d6917d9faac, created 2026-11-23 10:05:30.434216.
"""

import sqlalchemy as sa
from alembic import op

revision = "0d6917d9faac"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "regulations__regulation",
        sa.Column("level", sa.String(length=26), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("repealed_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("validity_basis", sa.String(length=300), nullable=False),
        sa.Column("relations", sa.JSON(), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["content.id"],
            name=op.f("fk_regulations__regulation_content_id_content"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("content_id", name=op.f("pk_regulations__regulation")),
    )
    with op.batch_alter_table("regulations__regulation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regulations__regulation_effective_on"), ["effective_on"], unique=False)

    op.create_table(
        "regulations__relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("target_content_id", sa.Integer(), nullable=True),
        sa.Column("target_external_id", sa.String(length=200), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"], ["content.id"], name=op.f("fk_regulations__relation_content_id_content"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["target_content_id"],
            ["content.id"],
            name=op.f("fk_regulations__relation_target_content_id_content"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regulations__relation")),
    )
    with op.batch_alter_table("regulations__relation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regulations__relation_content_id"), ["content_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_regulations__relation_target_content_id"), ["target_content_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_regulations__relation_target_external_id"), ["target_external_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("regulations__relation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regulations__relation_target_external_id"))
        batch_op.drop_index(batch_op.f("ix_regulations__relation_target_content_id"))
        batch_op.drop_index(batch_op.f("ix_regulations__relation_content_id"))

    op.drop_table("regulations__relation")
    with op.batch_alter_table("regulations__regulation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regulations__regulation_effective_on"))

    op.drop_table("regulations__regulation")
