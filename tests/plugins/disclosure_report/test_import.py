"""Taking a whole report in: texts, values, state."""

import pytest
from cms_plugins.disclosure_report import lifecycle, reports
from cms_plugins.disclosure_report.format_file import formats
from cms_plugins.disclosure_report.models import State

from cms.accounts.policy import MACHINE
from cms.demo import building
from cms.kernel.errors import Invalid, NotAllowed

RECORD = {
    "year": 2016, "format": "legacy2008", "chapters": {"L6": "收到申请{figure:applications.received}件。"},
    "manual": [
        {"figure": "S9.1", "value": 3, "source": "会议登记簿"}, {"figure": "S8.4", "value": 0.5, "source": "决算"},
    ],
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
        ({"manual": [{"figure": "S9.1", "value": 3}]}, r"S9\.1\.source: 请写明依据"),
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


def test_founding_report_is_reproduced_from_its_records(app, cms, after_the_year):
    """衡山县民政局2016年: the numbers of its report, exact ones as printed, vague ones inside their interval."""
    with app.app_context():
        building.prepare(cms)
        building.fill(cms)

    with cms.reading() as session:
        found = reports.final(session, formats(), 2016)
        behind = {
            code: reports.lines_behind(session, cms.contributions.figures.require(code), 2016, records)
            for code, records in found.records.items()
        }
    figures = {code: int(number.value) for code, number in found.report.figures.items()}

    assert figures == {
        "site.items": 71, "news.items": 68, "notice.items": 3, "portal.items": 74, "push.portal": 46,
        "push.upper": 54, "applications.received": 0, "consultations.total": 2113, "consultations.onsite": 1246,
        "consultations.phone": 853, "consultations.web": 14, "letters.leader_mailbox": 8,
        "letters.hotline_12345": 14, "letters.web_replies": 16, "reviews.received": 0, "litigations.received": 0,
        "fees.collected": 0,
    }  # fmt: skip
    sums = {code: sum(line.quantity for line in lines) for code, lines in behind.items()}
    assert {code: value for code, value in sums.items() if code in figures} == {
        code: value for code, value in figures.items() if code in sums
    }
    assert {value for code, value in sums.items() if code not in figures} <= {0}
    assert all(line.row is not None for lines in behind.values() for line in lines)
    # Nobody has signed it yet; apart from that the linter is content.
    assert [(finding.rule, finding.severity.value) for finding in found.report.findings] == [("L17", "I")]
    assert all(number.value is not None for number in found.report.numbers())
