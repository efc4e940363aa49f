"""The catalogue entry of an item and the counters of index numbers."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, mapped_column

from cms.catalogue import clock, ledger, terms, withholding
from cms.catalogue.standard_rows import is_row
from cms.content.fields import Json, Meta, meta
from cms.db.base import Base
from cms.kernel.clock import local_date
from cms.kernel.doc_no import normalise_doc_no
from cms.kernel.i18n import gettext as _

if TYPE_CHECKING:
    from cms.content.models import Content
    from cms.content.snapshot import Snapshot
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
    #: Code of a row of 基层政务公开标准目录; the form offers it where there are rows.
    standard_code: Mapped[str] = meta(
        "标准目录事项", length=40, index=True, public=False, group="信息公开目录",
        help="属于基层政务公开标准目录的，选对应的事项；公开时限按该事项计算。",
    )  # fmt: skip
    channels: Mapped[list[str]] = mapped_column(
        JSON, default=list, info={"cms": {"label": "公开渠道", "group": "信息公开目录", "public": False}}
    )

    def applied(self, uow: "UnitOfWork", content: "Content") -> None:
        """Complete the entry when its item becomes public: default values, normal form, and a number for good."""
        self.openness = self.openness or "public"
        self.doc_no = normalise_doc_no(self.doc_no or "") or (self.doc_no or "")
        self.formed_on = self.formed_on or local_date(content.published_at or uow.clock.now())
        if self.index_no is None:
            self.index_no = _free_number(uow, content)
        else:
            ledger.enter(uow, self.index_no, content)
        clock.follow_publication(uow, content.id, self.formed_on, self.standard_code or "")

    @classmethod
    def drafted(cls, uow: "UnitOfWork", content: "Content", snapshot: "Snapshot", values: Mapping[str, Json]) -> None:
        """Let the clock of publication and the list of withheld items follow the newest revision."""
        clock.follow_draft(uow, content, snapshot, values)
        withholding.follow_draft(uow, content, values)

    @classmethod
    def problems(cls, uow: "UnitOfWork", values: Mapping[str, Json]) -> dict[str, list[str]]:
        """Return what is wrong between the fields: a ground that is missing or idle, a matter nobody knows."""
        found, code = withholding.problems(values), str(values.get("standard_code") or "")
        if code and not is_row(uow.session, code):
            found["standard_code"] = [_("标准目录中没有“{code}”这个事项。").format(code=code)]
        return found

    @classmethod
    def obstacle(cls, values: Mapping[str, Json]) -> str:
        """Return why the item may not become public: what is withheld is not published by its own entry."""
        return withholding.obstacle(values)


def _free_number(uow: "UnitOfWork", content: "Content") -> str:
    """Return a number for good; entries that are older than the ledger are looked at as well."""
    day = local_date(content.published_at or uow.clock.now())
    while True:
        number = ledger.give(uow, content, day)
        taken = select(CatalogueEntry.content_id).where(CatalogueEntry.index_no == number)
        if uow.session.scalar(taken) is None:
            return number


class IndexCounter(Base):
    """The last serial number given in a scope, for instance a year."""

    __tablename__ = "catalogue_counter"

    scope: Mapped[str] = mapped_column(String(80), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
