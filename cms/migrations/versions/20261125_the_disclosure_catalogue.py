"""The disclosure catalogue: clocks of publication, withheld items, the standard catalogue, the ledger of numbers.

Revision 935607f751cc, created 2026-11-25 23:28:22.270018.
"""

import sqlalchemy as sa
from alembic import op

revision = "935607f751cc"
down_revision = "14fbb8d85935"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_standard_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("domain", sa.String(length=60), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("first", sa.String(length=120), nullable=False),
        sa.Column("second", sa.String(length=120), nullable=False),
        sa.Column("elements", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("time_limit", sa.String(length=300), nullable=False),
        sa.Column("limit_days", sa.Integer(), nullable=True),
        sa.Column("agency", sa.String(length=200), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("is_for_all", sa.Boolean(), nullable=False),
        sa.Column("groups", sa.String(length=300), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_on_request", sa.Boolean(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_standard_row")),
        sa.UniqueConstraint("code", name=op.f("uq_catalogue_standard_row_code")),
        sa.UniqueConstraint("domain", "serial", name=op.f("uq_catalogue_standard_row_domain")),
    )
    op.create_table(
        "catalogue_number",
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("reasoned_at", sa.DateTime(), nullable=True),
        sa.Column("reasoned_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reasoned_by_id"], ["user.id"], name=op.f("fk_catalogue_number_reasoned_by_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_catalogue_number")),
    )
    with op.batch_alter_table("catalogue_number", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_catalogue_number_content_id"), ["content_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_catalogue_number_given_at"), ["given_at"], unique=False)

    op.create_table(
        "catalogue_clock",
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.Column("formed_on", sa.Date(), nullable=False),
        sa.Column("standard_code", sa.String(length=40), nullable=False),
        sa.Column("is_waiting", sa.Boolean(), nullable=False),
        sa.Column("limit_days", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("late_from", sa.DateTime(), nullable=True),
        sa.Column("is_estimated", sa.Boolean(), nullable=False),
        sa.Column("reckoned_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["content_id"], ["content.id"], name=op.f("fk_catalogue_clock_content_id_content"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("content_id", name=op.f("pk_catalogue_clock")),
    )
    with op.batch_alter_table("catalogue_clock", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_catalogue_clock_reckoned_at"), ["reckoned_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_catalogue_clock_standard_code"), ["standard_code"], unique=False)
        batch_op.create_index("ix_catalogue_clock_waiting", ["is_waiting", "late_from"], unique=False)

    op.create_table(
        "catalogue_reassessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Enum("stay", "publish", name="outcome", native_enum=False, length=40), nullable=False),
        sa.Column("openness", sa.String(length=30), nullable=False),
        sa.Column("old_ground", sa.String(length=32), nullable=False),
        sa.Column("ground", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("next_review_on", sa.Date(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user.id"], name=op.f("fk_catalogue_reassessment_actor_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["content.id"],
            name=op.f("fk_catalogue_reassessment_content_id_content"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_reassessment")),
    )
    with op.batch_alter_table("catalogue_reassessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_catalogue_reassessment_content_id"), ["content_id"], unique=False)

    op.create_table(
        "catalogue_withheld",
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.Column("openness", sa.String(length=30), nullable=False),
        sa.Column("ground", sa.String(length=32), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("next_review_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"], ["content.id"], name=op.f("fk_catalogue_withheld_content_id_content"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("content_id", name=op.f("pk_catalogue_withheld")),
    )
    with op.batch_alter_table("catalogue_withheld", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_catalogue_withheld_next_review_on"), ["next_review_on"], unique=False)

    _take_over()
    with op.batch_alter_table("catalogue_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("standard_code", sa.String(length=40), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_catalogue_entry_standard_code"), ["standard_code"], unique=False)


def _take_over() -> None:
    """Write down what the entries so far tell: numbers that were given, clocks, and items that are not public.

    Nobody knows when those were assessed last, so they are due. Clocks are reckoned by the leader.
    """
    op.execute(
        "INSERT INTO catalogue_number (number, content_id, title, given_at, reason) "
        "SELECT entry.index_no, content.id, content.title, "
        "COALESCE(content.first_published_at, content.created_at), '' "
        "FROM catalogue_entry AS entry JOIN content ON content.id = entry.content_id WHERE entry.index_no IS NOT NULL"
    )
    op.execute(
        "INSERT INTO catalogue_clock (content_id, formed_on, standard_code, is_waiting, is_estimated) "
        "SELECT content_id, formed_on, '', FALSE, FALSE FROM catalogue_entry WHERE formed_on IS NOT NULL"
    )
    op.execute(
        "INSERT INTO catalogue_withheld (content_id, openness, ground, since, next_review_on) "
        "SELECT content_id, openness, denial_ground, formed_on, formed_on FROM catalogue_entry "
        "WHERE openness NOT IN ('', 'public') AND formed_on IS NOT NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table("catalogue_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalogue_entry_standard_code"))
        batch_op.drop_column("standard_code")

    with op.batch_alter_table("catalogue_withheld", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalogue_withheld_next_review_on"))

    op.drop_table("catalogue_withheld")
    with op.batch_alter_table("catalogue_reassessment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalogue_reassessment_content_id"))

    op.drop_table("catalogue_reassessment")
    with op.batch_alter_table("catalogue_clock", schema=None) as batch_op:
        batch_op.drop_index("ix_catalogue_clock_waiting")
        batch_op.drop_index(batch_op.f("ix_catalogue_clock_standard_code"))
        batch_op.drop_index(batch_op.f("ix_catalogue_clock_reckoned_at"))

    op.drop_table("catalogue_clock")
    with op.batch_alter_table("catalogue_number", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalogue_number_given_at"))
        batch_op.drop_index(batch_op.f("ix_catalogue_number_content_id"))

    op.drop_table("catalogue_number")
    op.drop_table("catalogue_standard_row")
