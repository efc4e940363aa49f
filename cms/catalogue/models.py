"""The catalogue entry of an item and the counters of index numbers."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, mapped_column

from cms.catalogue import terms
from cms.catalogue.index_numbers import allocate
from cms.content.fields import Meta, meta
from cms.db.base import Base
from cms.db.stamps import HIDDEN
from cms.kernel.clock import local_date
from cms.kernel.doc_no import normalise_doc_no

if TYPE_CHECKING:
    from cms.content.models import Content
    from cms.db.uow import UnitOfWork


class CatalogueEntry(Meta, table="catalogue_entry"):
    """What every disclosed item has besides its own metadata (条例 art. 12; disclosure-rules d.1)."""

    index_no: Mapped[str | None] = meta(
        "索引号", length=80, unique=True, editable=False, search=True, group="信息公开目录"
    )
    doc_no: Mapped[str] = meta(
        "发文字号", length=80, index=True, search=True, help="例如：衡民发〔2016〕12号", group="信息公开目录"
    )
    doc_kind: Mapped[str] = meta("公文种类", choices=terms.DOCUMENT_KINDS, facet=True, group="信息公开目录")
    subject: Mapped[str] = meta("主题分类", length=80, group="信息公开目录", help="例如：民政、扶贫、救灾")
    catalog_node: Mapped[str] = meta(
        "公开目录", choices=terms.ARTICLE_20, facet=True, report=True, group="信息公开目录"
    )
    formed_on: Mapped[date | None] = meta("成文日期", report=True, index=True, group="信息公开目录")
    openness: Mapped[str] = meta("公开属性", choices=terms.OPENNESS, default="public", facet=True, group="信息公开目录")
    denial_ground: Mapped[str] = meta("不予公开依据", choices=terms.DENIAL_GROUNDS, group="信息公开目录")
    channels: Mapped[list[str]] = mapped_column(
        JSON, default=list, info={"cms": {"label": "公开渠道", "group": "信息公开目录", "public": False}}
    )

    def applied(self, uow: "UnitOfWork", content: "Content") -> None:
        """Complete the entry when its item becomes public: default values, normal form, and a number for good."""
        self.openness = self.openness or "public"
        self.doc_no = normalise_doc_no(self.doc_no or "") or (self.doc_no or "")
        self.formed_on = self.formed_on or local_date(content.published_at or uow.clock.now())
        if self.index_no is None:
            self.index_no = _free_number(uow, local_date(content.published_at or uow.clock.now()))


def _free_number(uow: "UnitOfWork", day: date) -> str:
    """Return the next index number that nobody has: imports bring their own, and the counter does not know them."""
    number = allocate(uow, day)
    while uow.session.scalar(select(CatalogueEntry.content_id).where(CatalogueEntry.index_no == number)) is not None:
        number = allocate(uow, day)
    return number


class IndexCounter(Base):
    """The last serial number given in a scope, for instance a year."""

    __tablename__ = "catalogue_counter"
    __table_args__ = {"info": HIDDEN}  # noqa: RUF012 — the name and form are SQLAlchemy's

    scope: Mapped[str] = mapped_column(String(80), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
