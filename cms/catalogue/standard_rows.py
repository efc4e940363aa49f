"""Rows of 基层政务公开标准目录: what a field of work makes public, in the columns of the published catalogues.

Columns: 序号, 公开事项 (一级, 二级), 公开内容（要素）, 公开依据, 公开时限, 公开主体, 公开渠道和载体, 公开对象 (全社会,
特定群体), 公开方式 (主动, 依申请), 公开层级 (县级, 乡级, 村级) (disclosure-rules d.6).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from cms.db.base import Base
from cms.kernel.i18n import gettext as _

#: 公开渠道和载体 as the check-boxes of published catalogues have them.
CHANNELS = (
    "政府网站", "政府公报", "两微一端", "发布会/听证会", "广播电视", "纸质媒体", "公开查阅点", "政务服务中心",
    "便民服务站",
    "入户/现场", "社区/企事业单位/村公示栏（电子屏）", "精准推送", "其他",
)  # fmt: skip
#: 公开层级.
LEVELS = ("县级", "乡级", "村级")


class StandardRow(Base):
    """A row of a standard catalogue. It is never removed, only retired: items may name it by its code."""

    __tablename__ = "catalogue_standard_row"
    __table_args__ = (UniqueConstraint("domain", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What items name; given once, whatever becomes of the number.
    code: Mapped[str] = mapped_column(String(40), unique=True)
    #: 领域, for instance 社会救助领域.
    domain: Mapped[str] = mapped_column(String(60))
    #: 序号.
    serial: Mapped[int]
    #: 公开事项: 一级事项 and 二级事项.
    first: Mapped[str] = mapped_column(String(120))
    second: Mapped[str] = mapped_column(String(120), default="")
    #: 公开内容（要素）.
    elements: Mapped[str] = mapped_column(default="")
    #: 公开依据.
    basis: Mapped[str] = mapped_column(default="")
    #: 公开时限 in words, and in working days for the clock; nothing: the limit of the regulation.
    time_limit: Mapped[str] = mapped_column(String(300), default="")
    limit_days: Mapped[int | None]
    #: 公开主体.
    agency: Mapped[str] = mapped_column(String(200), default="")
    #: 公开渠道和载体.
    channels: Mapped[list[str]]
    #: 公开对象: 全社会, and who 特定群体 are.
    is_for_all: Mapped[bool] = mapped_column(default=True)
    groups: Mapped[str] = mapped_column(String(300), default="")
    #: 公开方式: 主动 and 依申请.
    is_active: Mapped[bool] = mapped_column(default=True)
    is_on_request: Mapped[bool] = mapped_column(default=False)
    #: 公开层级.
    levels: Mapped[list[str]]
    is_retired: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]

    @property
    def label(self) -> str:
        """Return number and matter, as choices show the row."""
        return f"{self.domain} {self.serial} {self.first}" + (f"／{self.second}" if self.second else "")


def rows(*, domain: str = "", with_retired: bool = False) -> Select[StandardRow]:
    """Return the select of the rows in the order of the catalogue."""
    query = select(StandardRow)
    if domain:
        query = query.where(StandardRow.domain == domain)
    if not with_retired:
        query = query.where(StandardRow.is_retired.is_(False))
    return query.order_by(StandardRow.domain, StandardRow.serial)


def row_numbered(session: Session, domain: str, serial: int) -> StandardRow | None:
    """Return the row with that number in its field."""
    return session.scalar(select(StandardRow).where(StandardRow.domain == domain, StandardRow.serial == serial))


def domains(session: Session) -> Sequence[str]:
    """Return the fields (领域) that have rows in use."""
    query = select(StandardRow.domain).where(StandardRow.is_retired.is_(False)).distinct()
    return session.scalars(query.order_by(StandardRow.domain)).all()


def row_choices(session: Session) -> list[tuple[str, str]]:
    """Return code and label of the rows that an item can name; retired ones last, none without any row."""
    found = session.scalars(rows(with_retired=True)).all()
    ordered = sorted(found, key=lambda row: row.is_retired)
    return [
        (row.code, row.label if not row.is_retired else _("{label}（已停用）").format(label=row.label))
        for row in ordered
    ]


def is_row(session: Session, code: str) -> bool:
    """Tell whether there is a row of that code."""
    return session.scalar(select(StandardRow.id).where(StandardRow.code == code)) is not None
