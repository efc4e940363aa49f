"""Tables of content. Live columns change only on publishing; what is being written lives in revisions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cms.content.enums import AssetRole, Conclusion, Exclusion, Origin, PublicationAction, State
from cms.db.base import Base, enum_by_value
from cms.db.stamps import HIDDEN, hidden


class Content(Base):
    """One item: what lists, search and workflow need. The body comes last, so that lists need not read it."""

    __tablename__ = "content"
    __table_args__ = (
        # Public lists walk these in order and stop; they hold what visibility asks, so that counting reads no rows.
        Index("ix_content_public_section", "section_id", "published_at", "live_revision_id", "expires_at", "type"),
        Index("ix_content_public", "published_at", "live_revision_id", "expires_at", "type"),
        Index(
            "ix_content_cover",
            "published_at",
            sqlite_where=text("cover_id IS NOT NULL"),
            postgresql_where=text("cover_id IS NOT NULL"),
        ),
        Index("ix_content_state", "state", "updated_at"),
        {
            "sqlite_autoincrement": True,  # an address must never pass to another item
            # What the desk works with. An item shows when its live revision is set.
            "info": hidden(
                "state",
                "review_step",
                "author_id",
                "latest_revision_id",
                "created_at",
                "updated_at",
                "scheduled_at",
                "attention",
                "lock_version",
                new_rows=True,
            ),
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(40))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id", ondelete="RESTRICT"))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(default="")
    keywords: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: 来源, the ``ContentSource`` label of the page.
    source: Mapped[str] = mapped_column(String(200), default="")
    #: 发文机关/发布机构: whose document it is; decides whether our figures count it.
    issuer: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[State] = mapped_column(enum_by_value(State), default=State.DRAFT)
    origin: Mapped[Origin] = mapped_column(enum_by_value(Origin), default=Origin.DESK)
    review_step: Mapped[int] = mapped_column(default=0)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id", ondelete="SET NULL"))
    external_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id", ondelete="SET NULL"))
    live_revision_id: Mapped[int | None]
    latest_revision_id: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    first_published_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    scheduled_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    #: What an import could not fill though the desk would demand it; listed as "needs attention".
    attention: Mapped[list[str]] = mapped_column(JSON, default=list)
    lock_version: Mapped[int] = mapped_column(default=1)
    body: Mapped[str] = mapped_column(default="", deferred=True)

    __mapper_args__ = {"version_id_col": lock_version}  # noqa: RUF012 — the name and form are SQLAlchemy's


class Revision(Base):
    """A complete snapshot of an item at one saving; never changed afterwards."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("content_id", "number"), {"info": HIDDEN})

    id: Mapped[int] = mapped_column(primary_key=True)
    content_id: Mapped[int] = mapped_column(ForeignKey("content.id", ondelete="CASCADE"))
    number: Mapped[int]
    created_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(String(200), default="")
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)


class Review(Base):
    """One signature under a revision, or its refusal, with the secrecy and disclosure review (条例 art. 14-17)."""

    __tablename__ = "review"
    __table_args__ = {"info": HIDDEN}  # noqa: RUF012 — the name and form are SQLAlchemy's

    id: Mapped[int] = mapped_column(primary_key=True)
    content_id: Mapped[int] = mapped_column(ForeignKey("content.id", ondelete="CASCADE"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"))
    step: Mapped[int]
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    conclusion: Mapped[Conclusion] = mapped_column(enum_by_value(Conclusion))
    comment: Mapped[str] = mapped_column(default="")
    #: 公开审查结论: 公开, 部分公开, 不公开, 报批.
    disclosure: Mapped[str] = mapped_column(String(20), default="")
    recorded_at: Mapped[datetime]


class Publication(Base):
    """The append-only log that figures count: what became public or ceased to be, when, by whom."""

    __tablename__ = "publication"
    __table_args__ = (
        Index("ix_publication_count", "action", "is_first", "is_own", "effective_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    content_id: Mapped[int] = mapped_column(ForeignKey("content.id", ondelete="RESTRICT"), index=True)
    revision_id: Mapped[int | None]
    action: Mapped[PublicationAction] = mapped_column(enum_by_value(PublicationAction))
    #: The first publication of the item on this site.
    is_first: Mapped[bool] = mapped_column(default=False)
    #: Issued by the organ that runs the site.
    is_own: Mapped[bool] = mapped_column(default=False)
    origin: Mapped[Origin] = mapped_column(enum_by_value(Origin))
    type: Mapped[str] = mapped_column(String(40))
    section_id: Mapped[int | None]
    department_id: Mapped[int | None]
    #: Kept so that the line can be read when the item is gone.
    title: Mapped[str] = mapped_column(String(300))
    #: When it counts; the desk sets it to the moment of recording, only an import may date it back.
    effective_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    exclusion: Mapped[Exclusion] = mapped_column(enum_by_value(Exclusion), default=Exclusion.NONE)


class ContentAsset(Base):
    """An asset that the live revision of an item uses; it is public as long as the item is."""

    __tablename__ = "content_asset"

    content_id: Mapped[int] = mapped_column(ForeignKey("content.id", ondelete="CASCADE"), primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id", ondelete="RESTRICT"), primary_key=True, index=True)
    role: Mapped[AssetRole] = mapped_column(enum_by_value(AssetRole))
    position: Mapped[int] = mapped_column(default=0)
    caption: Mapped[str] = mapped_column(String(200), default="")
    #: What stands for the picture in this item; empty: the asset's own text.
    alt: Mapped[str] = mapped_column(String(300), default="", server_default="")


class Redirect(Base):
    """An address that an item had elsewhere; answered with 301."""

    __tablename__ = "redirect"

    path: Mapped[str] = mapped_column(String(400), primary_key=True)
    content_id: Mapped[int] = mapped_column(ForeignKey("content.id", ondelete="CASCADE"), index=True)


class Change(Base):
    """The outbox: written in the transaction that changed what is public, read by search and caches in order."""

    __tablename__ = "content_change"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 — the name and form are SQLAlchemy's

    id: Mapped[int] = mapped_column(primary_key=True)
    content_id: Mapped[int] = mapped_column(index=True)
    recorded_at: Mapped[datetime]


class ChangeCursor(Base):
    """How far a reader of the outbox has come."""

    __tablename__ = "content_change_cursor"
    __table_args__ = {"info": HIDDEN}  # noqa: RUF012 — the name and form are SQLAlchemy's

    reader: Mapped[str] = mapped_column(String(40), primary_key=True)
    last_id: Mapped[int] = mapped_column(default=0)
