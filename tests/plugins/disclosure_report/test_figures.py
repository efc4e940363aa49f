"""Every figure of the report is the sum, or the number, of the records behind it."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from cms_plugins.disclosure_report.building import build
from cms_plugins.disclosure_report.format_file import formats
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.accounts.policy import MACHINE
from cms.content import services
from cms.content.enums import Exclusion
from cms.content.models import Content
from cms.figures.figure import QUANTITY, Period
from cms.pluginkit.services import disable
from cms.registers.services import counter_entry
from cms.testing.factories import make_draft, make_published

ORGAN = "衡山县民政局"
#: Figure → metric and channel; written down again, so that a mistake in the plugin shows.
TALLIED = {
    "letters.leader_mailbox": ("letters.leader_mailbox", None),
    "letters.hotline_12345": ("letters.hotline_12345", None),
    "letters.web_replies": ("letters.web_replies", None),
    "consultations.total": ("consultations", None),
    "consultations.onsite": ("consultations", "onsite"),
    "consultations.phone": ("consultations", "phone"),
    "consultations.web": ("consultations", "web"),
    "portal.items": ("portal.items", None),
    "push.portal": ("push.portal", None),
    "push.upper": ("push.upper", None),
    "applications.received": ("applications", None),
}
METRICS = sorted({metric for metric, _channel in TALLIED.values()})
LINES = st.lists(
    st.tuples(
        st.sampled_from(METRICS),
        st.sampled_from(["onsite", "phone", "web"]),
        st.integers(0, 1000),
        st.dates(date(2015, 12, 30), date(2016, 5, 31)),
        st.booleans(),
    ),
    max_size=25,
)


class _Undo(Exception):  # noqa: N818 — no error: it takes an example back
    pass


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
def test_tallied_figures_are_the_sum_of_their_lines(app, cms, tally, form, lines):
    """Counter-entries take their line back; lines of other years, metrics and channels do not count."""
    figures = cms.contributions.figures
    with app.app_context(), suppress(_Undo), cms.unit_of_work() as uow:
        for metric, channel, quantity, day, is_taken_back in lines:
            channel_ = channel if metric == "consultations" else ""
            line = tally(metric, quantity, on=day, channel=channel_, uow=uow)
            if is_taken_back:
                counter_entry(uow, line, actor=MACHINE, reason="重复登记")
        report = build(uow.session, figures, year=2016, form=form)
        for code, (metric, channel) in TALLIED.items():
            expected = sum(
                quantity for m, c, quantity, day, taken in lines
                if m == metric and (channel is None or c == channel) and day.year == 2016 and not taken
            )  # fmt: skip
            rows = figures.require(code).rows(uow.session, Period.year(2016))
            assert report.figures[code].value == expected == sum(row[QUANTITY] for row in rows), code
        # What the prose says of random numbers may look odd; the numbers themselves agree.
        assert [one for one in report.errors if not one.rule.startswith("L")] == []
        raise _Undo


def test_report_has_a_figure_for_every_code_of_the_format(cms, report_of, form):
    report = report_of()

    assert list(report.figures) == [spec.code for spec in form.figures]
    assert all(number.value == 0 for number in report.figures.values() if number.has_list)
    unknown = {
        spec.code for spec in form.figures if any(cms.contributions.figures.get(one) is None for one in spec.sources)
    }
    assert {code for code, number in report.figures.items() if number.value is None} == unknown


@pytest.fixture
def notices(app, cms):
    """Publish three notices in 2016."""
    with app.app_context():
        return [
            make_published(cms, "notice", f"通知{n}", at=datetime(2016, 2, n, tzinfo=UTC), issuer=ORGAN)
            for n in (1, 2, 3)
        ]


def values(report):
    return {code: report.figures[code].value for code in ("site.items", "notice.items", "news.items")}


def test_published_items_are_counted_by_type(notices, report_of):
    report = report_of()

    assert values(report) == {"site.items": 3, "notice.items": 3, "news.items": 0}
    assert report.tables["T14"].cells["S1.1"].value == 3
    assert report.tables["T14"].cells["S1.2.2"].value == 3


def test_later_withdrawal_and_deletion_do_not_change_the_year(app, cms, notices, report_of):
    with app.app_context(), cms.unit_of_work() as uow:
        services.withdraw(uow, uow.session.get_one(Content, notices[0]), actor=MACHINE, reason="内容更新")
        draft = make_draft_in(cms, uow)
        services.delete(uow, draft, actor=MACHINE)

    assert values(report_of()) == {"site.items": 3, "notice.items": 3, "news.items": 0}


def make_draft_in(cms, uow):
    from cms.content.snapshot import Snapshot
    from cms.content.types import META
    from cms.sections.queries import tree

    section = next(one.id for one in tree(uow.session).walk() if one.default_type == "notice")
    snapshot = Snapshot(title="草稿", section_id=section, body="<p>正文。</p>", parts={META: {}})
    return services.create(uow, cms.types.require("notice"), snapshot, actor=MACHINE)


def test_items_of_other_organs_and_drafts_do_not_count(app, cms, notices, report_of):
    with app.app_context():
        make_published(cms, "notice", "国务院的通知", at=datetime(2016, 3, 1, tzinfo=UTC), issuer="国务院")
        make_draft(cms, "notice", "还没有发布", issuer=ORGAN)

    assert values(report_of()) == {"site.items": 3, "notice.items": 3, "news.items": 0}


def test_items_published_by_mistake_are_left_out(app, cms, notices, report_of):
    with app.app_context(), cms.unit_of_work() as uow:
        item = uow.session.get_one(Content, notices[0])
        services.withdraw(uow, item, actor=MACHINE, reason="误发", exclusion=Exclusion.MISTAKE)

    assert values(report_of()) == {"site.items": 2, "notice.items": 2, "news.items": 0}


def test_figure_of_a_disabled_plugin_is_unknown_never_zero(cms, make_app, settings):
    with cms.unit_of_work() as uow:
        disable(uow, "notices", actor=MACHINE, site=settings.site)
    other = make_app().extensions["cms"]
    form = formats().for_year(2016)

    with other.reading() as session:
        report = build(session, other.contributions.figures, year=2016, form=form)

    assert report.figures["notice.items"].value is None
    assert report.figures["notice.items"].problem == "来源插件已停用"
    assert report.figures["news.items"].value == 0
    assert "通知公告（来源插件已停用）条" in next(one for one in report.chapters if one.code == "L2").plain
    told = [
        finding.message for finding in report.findings if finding.rule == "R02" and "notice.items" in finding.message
    ]
    assert told == ["来源插件已停用：notice.items 本网站通知公告（条）没有数值。"]
