"""``cms dev calendar``: the bundled notices, taken from chinesecalendar, which the product itself never uses."""

from collections import defaultdict
from datetime import date
from importlib.metadata import version

from cms.workdays.bundled import FOLDER, as_json
from cms.workdays.calendar import FESTIVALS, Notice

#: 旧条例 came into force in 2008; nothing before it is counted.
FIRST_YEAR = 2008
_NAMES = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节", "Mid-autumn Festival": "中秋节", "National Day": "国庆节",
    "Anti-Fascist 70th Day": "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日",
}  # fmt: skip
#: The library knows one name for each day; these days are two holidays at once.
_BOTH = {date(2020, 10, 1): "国庆节、中秋节"}
_DECEMBER = 12


def write_notices() -> list[str]:
    """Write a file for each year that the library knows; return the names of those that changed."""
    changed = []
    for notice in library_notices():
        path = FOLDER / f"CN-{notice.year}.json"
        text = as_json(notice)
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            changed.append(path.name)
    return changed


def library_notices() -> list[Notice]:
    """Return the notices as the library knows them.

    :raises ValueError: if a notice lacks one of the statutory holidays.
    """
    from chinese_calendar.constants import holidays, workdays  # noqa: PLC0415 — a development dependency

    off, on = _by_notice(holidays), _by_notice(workdays)
    source = "国务院办公厅关于{year}年部分节假日安排的通知（取自 chinesecalendar {version}）"
    notices = [
        Notice(
            year=year, source=source.format(year=year, version=version("chinesecalendar")),
            holidays=off[year], workdays=on[year],
        )
        for year in sorted(off) if year >= FIRST_YEAR
    ]  # fmt: skip
    for notice in notices:
        named = "".join(notice.holidays.values())
        missing = [name for name in FESTIVALS if name not in named]
        if missing:
            raise ValueError(f"{notice.year}: no day is named {', '.join(missing)}")
    return notices


def _by_notice(days: dict[date, str]) -> dict[int, dict[date, str]]:
    """Sort days to the notice that arranges them: New Year's days in December are arranged by the next one."""
    sorted_days: dict[int, dict[date, str]] = defaultdict(dict)
    for day, english in days.items():
        name = _NAMES[str(getattr(english, "value", english))]
        is_next = name == "元旦" and day.month == _DECEMBER
        sorted_days[day.year + is_next][day] = _BOTH.get(day, name)
    return sorted_days
