"""Figures: what was tallied and what was registered, together and never twice; each is the list behind it."""

from datetime import date

import pytest

from cms.accounts.policy import MACHINE
from cms.figures.figure import Period
from cms.registers.services import TallyInput, add_tally

YEAR = Period.year(2016)


@pytest.fixture
def tally(cms):
    def tally(metric, quantity, channel="", topic="城乡低保", on=date(2016, 3, 1)):
        given = TallyInput(
            metric=metric, occurred_on=on, quantity=quantity, source="登记簿第1页", channel=channel, topic=topic
        )
        with cms.unit_of_work() as uow:
            return add_tally(uow, cms.contributions.metrics, given, actor=MACHINE)

    return tally


@pytest.fixture
def value(cms):
    def value(code, period=YEAR):
        figure = cms.contributions.figures.require(code)
        with cms.reading() as session:
            found = figure.value(session, period)
            rows = figure.rows(session, period)
            assert sum(row.get("quantity", 1) for row in rows) == found
            assert len({row["id"] for row in rows}) == len(rows) or code.count(".") < 2
            return found

    return value


def test_letters_are_added_to_what_was_tallied(tally, enter, value):
    tally("letters.leader_mailbox", 5)
    enter("mailbox_leader", "complaint")
    enter("hotline_12345", "help")
    tally("consultations", 3, "onsite")
    enter("onsite", "consult")
    enter("phone", "consult")
    enter("web", "consult")
    enter("mailbox_bureau", "consult")
    # A complaint on the telephone is no consultation.
    enter("phone", "complaint")

    codes = ("letters.leader_mailbox", "letters.hotline_12345", "consultations.onsite", "consultations.phone",
             "consultations.web", "consultations.total")  # fmt: skip
    assert {code: value(code) for code in codes} == {
        "letters.leader_mailbox": 6, "letters.hotline_12345": 1, "consultations.onsite": 4,
        "consultations.phone": 1, "consultations.web": 2, "consultations.total": 7,
    }  # fmt: skip


def test_a_letter_that_a_tally_counts_already_counts_once(tally, enter, value):
    tally("letters.leader_mailbox", 1)
    enter("mailbox_leader", "complaint", is_tallied=True)

    assert value("letters.leader_mailbox") == 1


def test_a_letter_entered_by_mistake_counts_nowhere(enter, act, value):
    letter = enter("mailbox_leader", "complaint")
    assert value("letters.leader_mailbox") == 1

    act("officer", letter.number, "dismiss", verdict="mistake", note="登错")

    assert value("letters.leader_mailbox") == value("letters.channel.mailbox_leader.received") == 0


def test_web_replies_are_public_answers_by_the_day_of_the_answer(tally, answered, act, value, enter):
    tally("letters.web_replies", 2)
    number, _code = answered()
    assert value("letters.web_replies") == 2

    act("publisher", number, "publish", title="低保", text="怎样申请？", answer="到窗口办理。", is_checked="1")

    assert value("letters.web_replies") == 3
    assert value("letters.web_replies", Period(date(2016, 6, 1), date(2016, 6, 1))) == 1


def test_days_outside_the_period_do_not_count(tally, enter, value):
    tally("consultations", 3, "phone", on=date(2015, 12, 31))
    enter("phone", "consult", on=date(2015, 12, 31))

    assert value("consultations.total") == 0
    assert value("consultations.total", Period.year(2015)) == 4


def test_cross_tables_count_by_channel_topic_and_event(cms, tally, enter, answered, act, value):
    tally("letters.hotline_12345", 4)
    tally("consultations", 2, "phone", topic="婚姻登记")
    tally("consultations", 1, "onsite", topic="一个新主题")
    enter("phone", "consult", topic="殡葬改革", answered_on=date(2016, 6, 1))
    number, _code = answered()
    act("publisher", number, "publish", title="低保", text="怎样申请？", answer="到窗口办理。", is_checked="1")

    table = cms.contributions.figures.cell("letters.channel")[0]
    with cms.reading() as session:
        cells = {address: number for address, number in table.values(session, YEAR).items() if number}
    assert cells == {
        ("hotline_12345", "received"): 4, ("phone", "received"): 3, ("onsite", "received"): 1, ("web", "received"): 1,
        ("phone", "answered"): 1, ("web", "answered"): 1, ("web", "published"): 1,
    }  # fmt: skip
    assert value("letters.channel.phone.received") == 3
    assert value("letters.channel.received") == 9
    assert (value("letters.topic.t3.received"), value("letters.topic.other.received")) == (1, 1)
    assert value("letters.category.consult.answered") == 2


def test_the_list_behind_a_figure_names_tallies_and_letters(people, tally, enter):
    tally("consultations", 3, "phone")
    letter = enter("phone", "consult")

    page = people["officer"].get("/desk/figures/consultations.phone?year=2016").text

    assert letter.number in page
    assert "登记簿第1页" in page


def test_without_the_plugin_its_figures_are_unknown_and_the_report_says_so(cms, make_app, settings, tally):
    from cms.pluginkit.services import disable

    tally("letters.leader_mailbox", 5)
    with cms.unit_of_work() as uow:
        disable(uow, "letters", actor=MACHINE, site=settings.site)
    app = make_app()

    state = app.extensions["cms"]
    assert state.contributions.figures.get("letters.leader_mailbox") is None
    from cms_plugins.disclosure_report.building import build
    from cms_plugins.disclosure_report.format_file import formats

    with app.app_context(), state.reading() as session:
        report = build(session, state.contributions.figures, year=2016, form=formats().for_year(2016))
    number = report.figures["letters.leader_mailbox"]
    assert (number.value, number.problem) == (None, "来源插件已停用")
    assert app.test_client().get("/letters/").status_code == 404
