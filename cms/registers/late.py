"""Which entries of registers were made long after the day they are about (补录)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from cms.kernel.clock import local_date
from cms.settings.declaration import SettingKind, SettingsTab, setting
from cms.settings.services import load


@dataclass(frozen=True, kw_only=True)
class RegisterSettings:
    """What all registers share."""

    key: ClassVar[str] = "registers"

    late_after: int = setting(
        30, "几天后登记算补录", kind=SettingKind.NUMBER, least=1, most=3650, unit="天",
        help="登记时间比发生日期晚于这个天数的记录，在列表中标“补录”。",
    )  # fmt: skip


REGISTERS_TAB = SettingsTab(
    settings=RegisterSettings, label="登记", lead="计数登记、信件、依申请公开等登记簿共用。", permission="tally.topics"
)


def late_after(session: Session) -> int:
    """Return after how many days an entry counts as back-entry."""
    return load(session, RegisterSettings).late_after


def is_late_entry(occurred_on: date, recorded_at: datetime, days: int) -> bool:
    """Tell whether an entry was recorded more than ``days`` after the day it is about."""
    return (local_date(recorded_at) - occurred_on).days > days
