"""The calendar goes along with the registers, so that limits end on the same day in the other site."""

from datetime import date

import pytest

from cms.accounts.policy import MACHINE
from cms.exchange.exporting import CONTENT, REGISTERS, export_file
from cms.workdays.bundled import bundled_notices
from cms.workdays.calendar import Notice
from cms.workdays.queries import all_notices, load_calendar
from cms.workdays.services import add_local_holiday, import_notice

#: The days of 2026 a year later would not do; the notice of 2016 with one more day off is a notice like any other.
CHANGED = next(
    Notice(year=2016, source="更正", holidays=one.holidays | {date(2016, 3, 8): "妇女节"}, workdays=one.workdays)
    for one in bundled_notices() if one.year == 2016
)  # fmt: skip


def exported(cms, tmp_path, what):
    path = tmp_path / "out.jsonl"
    with cms.reading() as session:
        export_file(session, cms.store, path, frozenset({what}))
    return path.read_text("utf-8").splitlines()


def test_notices_and_local_holidays_are_carried_over_once(cms, other, take, tmp_path):
    with cms.unit_of_work() as uow:
        import_notice(uow, CHANGED, actor=MACHINE)
        add_local_holiday(uow, date(2026, 4, 20), name="壮族三月三", source="自治区人民政府令", actor=MACHINE)
    lines = exported(cms, tmp_path, REGISTERS)

    first, second = take(other, *lines), take(other, *lines)

    assert (first.errors, second.errors, second.created) == ([], [], 0)
    with cms.reading() as here, other.reading() as there:
        assert load_calendar(here).differs_in(load_calendar(there)) == ()
        assert [(row.year, row.version, row.source) for row in all_notices(there)] == [(2016, 1, "更正")]
    assert not any("calendar" in line for line in exported(cms, tmp_path, CONTENT))


@pytest.mark.parametrize(
    "record",
    [
        {"record": "calendar_notice", "year": 2027, "source": "通知", "holidays": [{"date": "x"}], "workdays": []},
        {"record": "calendar_notice", "year": 2027, "source": "通知", "holidays": [], "workdays": []},
        {"record": "local_holiday", "day": "2026-4", "name": "节", "source": "文件"},
        {"record": "local_holiday", "day": "2026-04-20", "name": "", "source": "文件"},
    ],
)
def test_wrong_lines_are_reported(other, take, record):
    report = take(other, record)

    assert (len(report.errors), report.created) == (1, 0)
