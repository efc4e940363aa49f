"""Taking a whole report in: texts, values, state."""

import json

import pytest
from cms_plugins.disclosure_report import lifecycle, reports
from cms_plugins.disclosure_report.format_file import formats
from cms_plugins.disclosure_report.models import State

from cms.accounts.policy import MACHINE
from cms.kernel.errors import Invalid, NotAllowed

RECORD = {
    "year": 2016, "format": "legacy2008", "chapters": {"L6": "收到申请{figure:applications.received}件。"},
    "manual": [{"figure": "S9.1", "value": 3, "source": "会议登记簿"}, {"figure": "S8.4", "value": 0.5, "source": "决算"}],
}  # fmt: skip


@pytest.fixture
def take(app, cms):
    def take(**changes):
        with app.app_context(), cms.unit_of_work() as uow:
            return cms.contributions.importers["report"](uow, {**RECORD, **changes}, MACHINE)

    return take


def test_report_is_taken_in_once(cms, take, report_of):
    assert take() is True
    assert take() is False

    report = report_of()
    assert report.tables["T14"].cells["S9.1"].value == 3
    assert report.tables["T14"].cells["S8.4"].shown == "0.5"
    assert next(one for one in report.chapters if one.code == "L6").plain == "收到申请0件。"


def test_report_can_arrive_frozen_and_then_stays(cms, take, after_the_year):
    assert take(state="frozen") is True
    assert take(state="frozen", chapters={"L6": "别的。"}) is False

    with cms.reading() as session:
        found = reports.final(session, formats(), 2016)
    assert found.state is State.FROZEN
    assert found.report.chapters[6].plain == "收到申请0件。"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"colour": "red"}, "colour: 未知的键。"),
        ({"year": "2016"}, "year: 应为年度"),
        ({"state": "published"}, "state: 应为：open、approved、frozen。"),
        ({"manual": {}, "chapters": []}, None),
        ({"manual": [3]}, "manual: 应为对象的列表。"),
        ({"chapters": ["L1"]}, "chapters: 应为"),
        ({"manual": [{"figure": "S9.1", "value": 3}]}, r"manual\[1\] S9.1: source: 请写明依据"),
    ],
)
def test_mistakes_in_the_record_are_told(take, changes, problem):
    if problem is None:
        assert take(**changes)
        return
    with pytest.raises(Invalid, match=problem):
        take(**changes)


def test_nothing_stays_of_a_record_that_cannot_reach_its_state(cms, take):
    with pytest.raises(NotAllowed, match="统计期限尚未结束"):
        take(state="frozen")

    with cms.reading() as session:
        assert lifecycle.find(session, 2016) is None


def test_record_of_the_demo_has_every_value(app, cms, take, after_the_year, report_of):
    """The demo site must show a complete report; its record is part of the product."""
    from cms import demo

    path = next(iter(demo.__path__)) + "/data/report_2016.json"
    with open(path, encoding="utf-8") as file:
        record = json.load(file)

    assert take(**record) is True
    with cms.reading() as session:
        report = reports.final(session, formats(), 2016).report
    assert [finding.message for finding in report.findings] == []
    assert all(number.value is not None for number in report.numbers())
