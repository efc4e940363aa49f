"""Table of what a page has besides the fields of every item."""

from datetime import date

from sqlalchemy.orm import Mapped

from cms.api import Meta, meta


class InfoPage(Meta, table="page"):
    """A page that has to be right at any time (site-rules b.2: confirm again every three months)."""

    confirmed_on: Mapped[date | None] = meta(
        "最近核对日期", report=True, help="最近一次核对内容无误的日期，建议每三个月核对一次"
    )
