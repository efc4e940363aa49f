"""The notices that come with the product: one file ``CN-<year>.json`` for each year, written by ``cms dev calendar``.

A file holds what the notice of its year arranges, also where that lies in the December before.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from cms.workdays.calendar import Notice, WorkCalendar

FOLDER = Path(__file__).parent / "data"


@cache
def bundled_notices() -> tuple[Notice, ...]:
    """Return the bundled notices, oldest first; read once, because they are part of the code."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("CN-*.json")))


def bundled_calendar(local: Mapping[date, str] | None = None) -> WorkCalendar:
    """Return the calendar as the product brings it; what a site has imported is in :func:`.services.load_calendar`."""
    return WorkCalendar(bundled_notices(), local or {})


def _read(path: Path) -> Notice:
    raw: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return Notice(
        year=raw["year"], source=raw["source"], holidays=_days(raw["holidays"]), workdays=_days(raw["workdays"])
    )


def _days(lines: Iterable[Mapping[str, str]]) -> dict[date, str]:
    return {date.fromisoformat(line["date"]): line["name"] for line in lines}


def as_json(notice: Notice) -> str:
    """Return ``notice`` in the form of the files: one day on each line."""
    head = json.dumps({"year": notice.year, "source": notice.source}, ensure_ascii=False)[1:-1]
    parts = [
        f'"{name}": [\n' + ",\n".join(f"  {_line(day, said)}" for day, said in sorted(days.items())) + "\n ]"
        for name, days in (("holidays", notice.holidays), ("workdays", notice.workdays))
    ]
    return "{" + head + ",\n " + ",\n ".join(parts) + "\n}\n"


def _line(day: date, name: str) -> str:
    return json.dumps({"date": day.isoformat(), "name": name}, ensure_ascii=False)
