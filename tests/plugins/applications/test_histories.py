"""Random histories through the services: whatever people do, each application ends in one result or is carried over."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from cms.api import CmsError, Period
from cms.audit.services import broken_links

from .conftest import request

CLASSES = ("NP", "CE", "RI", "PW", "LS", "OT")


class Walk:
    """One application, and everything that can be done to it. ``on`` is the present day."""

    def __init__(self, desk, clock, data):
        self.desk, self.clock, self.data = desk, clock, data
        self.keyring = desk.cms.keyring

    def wait(self):
        days = self.data.draw(st.sampled_from((0, 0, 1, 3, 9, 16, 31)))
        self.clock.at += timedelta(days=days)

    def begin(self):
        from cms_plugins.applications import intake
        from cms_plugins.applications.models import ApplicantClass, Channel

        channel = self.data.draw(st.sampled_from(list(Channel)))
        kind = self.data.draw(st.sampled_from(CLASSES))
        today = self.today()
        given = request(channel=channel, made_on=today, applicant_class=ApplicantClass(kind))
        if kind != "NP":
            given = request(
                channel=channel, made_on=today, applicant_class=ApplicantClass(kind),
                applicant=given.applicant.__class__(name="某某公司", uscc="11430423006351234X", email="a@b.cn"),
            )  # fmt: skip
        with self.desk.cms.unit_of_work() as uow:
            if channel is Channel.WEB:
                made, _code = intake.submit(uow, self.keyring, given)
            else:
                made, _code = intake.register(uow, self.keyring, given, actor=self.desk.officer)
        self.id = made.id

    def today(self):
        from cms.api import local_date

        return local_date(self.clock.now())

    def act(self, name):
        """Do it; a refusal is an answer as well."""
        from cms_plugins.applications.history import get

        with self.desk.cms.unit_of_work() as uow:
            try:
                getattr(self, name)(uow, get(uow.session, self.id))
            except CmsError:
                uow.session.rollback()

    def confirm_organ(self, uow, application):
        from cms_plugins.applications import intake

        intake.confirm_by_organ(uow, application, actor=self.desk.officer)

    def confirm_applicant(self, uow, application):
        from cms_plugins.applications import intake

        intake.confirm_by_applicant(uow, application)

    def accept(self, uow, application):
        from cms_plugins.applications import intake

        intake.accept(uow, application, actor=self.desk.officer)

    def withdraw(self, uow, application):
        from cms_plugins.applications import closing

        closing.withdraw(uow, application)

    def close(self, uow, application):
        from cms_plugins.applications import closing
        from cms_plugins.applications.history import Entry

        closing.close_otherwise(uow, application, actor=self.desk.officer, entry=Entry(note="申请人去世"))

    def ask_correction(self, uow, application):
        from cms_plugins.applications import inquiries
        from cms_plugins.applications.models import InquiryKind

        inquiries.ask(uow, application, InquiryKind.CORRECTION, actor=self.desk.officer, text="请写明年份")

    def correct(self, uow, application):
        from cms_plugins.applications import inquiries

        inquiries.correct(uow, self.keyring, application, text="2025年")

    def correction_lapsed(self, uow, application):
        from cms_plugins.applications import closing

        closing.correction_lapsed(uow, application, actor=self.desk.officer)

    def ask_reason(self, uow, application):
        from cms_plugins.applications import inquiries
        from cms_plugins.applications.models import InquiryKind

        inquiries.ask(uow, application, InquiryKind.REASON, actor=self.desk.officer, text="请说明理由")

    def accept_reasons(self, uow, application):
        from cms_plugins.applications import inquiries

        inquiries.accept_reasons(uow, application, actor=self.desk.officer)

    def consult(self, uow, application):
        from cms_plugins.applications import consulting
        from cms_plugins.applications.models import ConsultationKind

        kind = self.data.draw(st.sampled_from(list(ConsultationKind)))
        consulting.consult(uow, self.keyring, application, kind, actor=self.desk.officer, name="某公司")

    def end_consultation(self, uow, application):
        from cms_plugins.applications import consulting, dues
        from cms_plugins.applications.models import Opinion

        running = [
            one for one in dues.Proceedings.of(uow.session, application.id).consultations if one.ended_on is None
        ]
        if running:
            consulting.end(uow, self.keyring, application, running[0], actor=self.desk.officer, opinion=Opinion.AGREES)

    def extend(self, uow, application):
        from cms_plugins.applications import consulting

        consulting.extend(uow, application, actor=self.desk.officer, days=20, consent="李主任", notified="电话")

    def ask_fee(self, uow, application):
        from cms_plugins.applications import fees

        fees.ask_fee(uow, self.keyring, application, actor=self.desk.officer, basis="per_page", pages=50)

    def pay(self, uow, application):
        from cms_plugins.applications import fees

        fees.pay(uow, application, actor=self.desk.officer, receipt="湘财通字001")

    def waive(self, uow, application):
        from cms_plugins.applications import fees

        fees.waive(uow, application, actor=self.desk.officer, reason="低保对象")

    def fee_lapsed(self, uow, application):
        from cms_plugins.applications import closing

        closing.fee_lapsed(uow, application, actor=self.desk.officer)

    def draft(self, uow, application):
        from cms_plugins.applications import answering
        from cms_plugins.applications.responses import AnswerInput

        kind = self.data.draw(st.sampled_from(answering.kinds_for(application)))
        answering.save_draft(
            uow, application,
            AnswerInput(
                kind=kind.code, result=self.data.draw(st.sampled_from(kind.results)), grounds=kind.grounds[:1],
                provided="见附件", reasons="经检索",
            ),
            actor=self.desk.officer,
        )  # fmt: skip

    def forward(self, uow, application):
        """Take the answer one step further, wherever it stands."""
        from cms_plugins.applications import answering
        from cms_plugins.applications.models import AnswerState

        answer = answering.current_answer(uow.session, application)
        if answer is None:
            return
        if answer.state is AnswerState.DRAFT:
            answering.submit_answer(uow, application, answer, actor=self.desk.officer)
        elif answer.state is AnswerState.REVIEW:
            answering.review(uow, application, answer, actor=self.desk.reviewer, note="可以公开")
            answering.sign(uow, self.keyring, application, answer, actor=self.desk.head)
        else:
            answering.serve(uow, self.keyring, application, answer, actor=self.desk.officer, how="post")

    def send_back(self, uow, application):
        from cms_plugins.applications import answering

        answer = answering.current_answer(uow.session, application)
        if answer is not None:
            answering.return_answer(uow, application, answer, actor=self.desk.head, note="请补充理由")

    def archive(self, uow, application):
        from cms_plugins.applications import closing

        closing.archive(uow, application, actor=self.desk.officer)

    def reopen(self, uow, application):
        from cms_plugins.applications import casework
        from cms_plugins.applications.history import Entry

        casework.reopen(uow, application, actor=self.desk.officer, entry=Entry(note="复议决定书〔2026〕1号"))


#: What each action tries; those without a step only remark something.
ACTIONS = {
    "confirm_organ": "register", "confirm_applicant": "register", "accept": "accept", "withdraw": "withdraw",
    "close": "close", "ask_correction": "ask_correction", "correct": "correct",
    "correction_lapsed": "correction_lapsed", "ask_reason": "ask_reason", "accept_reasons": "reason_accepted",
    "consult": "consult", "end_consultation": "consulted", "extend": "extend", "ask_fee": "ask_fee",
    "pay": "fee_paid", "waive": "fee_waived", "fee_lapsed": "fee_lapsed", "draft": "submit_answer",
    "forward": ("submit_answer", "sign", "serve"), "send_back": "return_answer", "archive": "archive",
    "reopen": "reopen",
}  # fmt: skip
RARE = ("withdraw", "close", "send_back")


def choices(application):
    """Return what can be tried now: what the state offers several times, anything else once in a while."""
    from cms_plugins.applications.states import offered

    steps = {step.value for step in offered(application.state)}
    fitting = [name for name, step in ACTIONS.items() if steps & {*([step] if isinstance(step, str) else step)}]
    return [name for name in fitting if name not in RARE] * 6 + list(ACTIONS)


def check(desk, application_id):
    """What holds for every application at any time."""
    from cms_plugins.applications.models import Event
    from cms_plugins.applications.states import DONE, OPEN, UNCOUNTED

    one = desk.get(application_id)
    assert (one.state in DONE) == (one.closed_on is not None) == bool(one.result)
    assert (one.state in UNCOUNTED) == (one.received_on is None)
    if one.state in OPEN:
        assert one.received_on is not None
        assert (one.next_on is None) <= (one.state.value == "consulting")
    with desk.cms.reading() as session:
        days = session.scalars(
            select(Event.occurred_on).where(Event.application_id == application_id).order_by(Event.id)
        ).all()
    assert list(days) == sorted(days), "history goes forward"


@given(st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_leaves_one_result_or_an_open_application(desk, clock, data):
    clock.at = datetime.combine(date(2025, 1, 2) + timedelta(days=data.draw(st.integers(0, 600))), time(2), tzinfo=UTC)
    walk = Walk(desk, clock, data)
    walk.begin()
    received = desk.get(walk.id).received_on
    result = ""
    for _ in range(data.draw(st.integers(5, 25))):
        walk.wait()
        walk.act(data.draw(st.sampled_from(choices(desk.get(walk.id)))))
        check(desk, walk.id)
        one = desk.get(walk.id)
        assert received is None or one.received_on == received, "the day of receipt never changes"
        assert not result or one.result == result, "a result never changes"
        received, result = one.received_on, one.result


def test_after_all_histories_the_tables_balance_and_the_log_is_whole(desk, clock):
    """Runs a fixed set of histories, so that there is a register to look at."""
    from cms_plugins.applications.models import Application, Event

    for seed in range(40):
        _walk(desk, clock, seed)

    with desk.cms.reading() as session:
        total = session.scalar(select(func.count()).select_from(Application))
        table = next(one for one in desk.cms.contributions.figures.crosstabs() if one.code == "applications.t3")
        for year in (2025, 2026):
            values = table.values(session, Period.year(year))
            for kind in CLASSES:
                results = sum(n for (row, column), n in values.items() if column == kind and row.startswith("A3"))
                assert values["A1", kind] + values["A2", kind] == results + values["A4", kind]
        assert total == 40
        assert list(broken_links(session)) == []
        met = set(session.scalars(select(Event.step)))
    assert len(met - {None}) >= 20, "the histories meet nearly every step"


def _walk(desk, clock, seed):
    from random import Random

    class Drawn:
        def __init__(self):
            self.random = Random(seed)

        def draw(self, strategy):
            return self.random.choice(list(strategy.elements))

    clock.at = datetime.combine(date(2025, 6, 2) + timedelta(days=12 * seed), time(2), tzinfo=UTC)
    drawn = Drawn()
    walk = Walk(desk, clock, drawn)
    walk.begin()
    for _ in range(18):
        walk.wait()
        walk.act(drawn.random.choice(choices(desk.get(walk.id))))
