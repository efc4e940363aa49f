"""Table of what a notice has besides the fields of every item."""

from datetime import date

from sqlalchemy.orm import Mapped

from cms.api import Meta, meta

KINDS = ("通知", "公告", "公示", "通告")


class Notice(Meta, table="notice"):
    """A notice. After its last day it stays where it is and says so: a notice must stay citable."""

    kind: Mapped[str] = meta("类别", choices=KINDS, facet=True, report=True, search=True)
    closes_on: Mapped[date | None] = meta(
        "截止日期", report=True, index=True, help="最后一天；过后页面保留，并标明“已截止”"
    )
    contact: Mapped[str] = meta("联系人或联系部门", length=80, search=True)
    phone: Mapped[str] = meta("联系电话", length=120, search=True, help="例如：0734-5800120")
