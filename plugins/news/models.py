"""Table of what a news item has besides the fields of every item."""

from datetime import date

from sqlalchemy.orm import Mapped

from cms.api import Meta, meta


class Article(Meta, table="article"):
    """A news item. Where it comes from (信息来源) is a field of every item, ``Content.source``."""

    author: Mapped[str] = meta("供稿", length=80, search=True, report=True, help="撰稿的股室或人员，例如：社会救助股")
    event_on: Mapped[date | None] = meta("事件日期", report=True, help="所报道的事情发生的日期")
