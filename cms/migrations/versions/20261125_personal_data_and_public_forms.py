"""personal data and public forms.

Revision 163a4dc72c68, created 2026-11-25 17:33:06.553295.
"""

import sqlalchemy as sa
from alembic import op

revision = "163a4dc72c68"
down_revision = "ad9906103365"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("bucket", sa.String(length=80), nullable=False),
        sa.Column("who", sa.String(length=44), nullable=False),
        sa.Column("window_start", sa.DateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "who", "window_start", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempts_window_start"), ["window_start"], unique=False)

    op.create_table(
        "personal_access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_access")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("personal_access", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_personal_access_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_personal_access_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index("ix_personal_access_subject", ["subject_type", "subject_id"], unique=False)

    if op.get_bind().dialect.name == "sqlite":
        # The log of who saw what only grows; SQLite itself refuses anything else.
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER personal_access_no_{action.lower()} BEFORE {action} ON personal_access "
                "BEGIN SELECT RAISE(ABORT, 'personal_access is append-only'); END"
            )

    op.create_table(
        "sealed_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stored_as", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_file")),
        sa.UniqueConstraint("stored_as", name=op.f("uq_sealed_file_stored_as")),
    )
    with op.batch_alter_table("sealed_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sealed_file_created_at"), ["created_at"], unique=False)
        batch_op.create_index("ix_sealed_file_subject", ["subject_type", "subject_id"], unique=False)

    op.create_table(
        "spent_token",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("spent_at", sa.DateTime(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_spent_token")),
    )
    with op.batch_alter_table("spent_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spent_token_spent_at"), ["spent_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("spent_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spent_token_spent_at"))

    op.drop_table("spent_token")
    with op.batch_alter_table("sealed_file", schema=None) as batch_op:
        batch_op.drop_index("ix_sealed_file_subject")
        batch_op.drop_index(batch_op.f("ix_sealed_file_created_at"))

    op.drop_table("sealed_file")
    with op.batch_alter_table("personal_access", schema=None) as batch_op:
        batch_op.drop_index("ix_personal_access_subject")
        batch_op.drop_index(batch_op.f("ix_personal_access_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_personal_access_actor_id"))

    op.drop_table("personal_access")
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempts_window_start"))

    op.drop_table("attempts")
