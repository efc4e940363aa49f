"""Loads the plugin, so that test modules can import it, and offers what most of its tests begin with."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, time

import pytest

from cms.accounts.policy import MACHINE, Role
from cms.pluginkit.discovery import bundled
from cms.pluginkit.loader import load
from cms.pluginkit.manifest import read
from cms.testing.factories import make_user

load(read(bundled("plugins") / "applications", is_bundled=True))

ID_NUMBER = "430423198503121238"


@pytest.fixture
def clock(clock):
    """Return a clock that stands at 10:00 on Monday, 2 March 2026, in Asia/Shanghai."""
    clock.at = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    return clock


@pytest.fixture
def on(clock):
    """Return a function that moves the clock to 10:00 of a day."""

    def move(day):
        day = date.fromisoformat(day) if isinstance(day, str) else day
        clock.at = datetime.combine(day, time(2, 0), tzinfo=UTC)
        return day

    return move


@pytest.fixture
def officer(cms):
    return make_user(cms, "guan", Role.OFFICER)


@pytest.fixture
def reviewer(cms):
    return make_user(cms, "shen", Role.REVIEWER)


@pytest.fixture
def head(cms):
    return make_user(cms, "zhang", Role.PUBLISHER)


def party(**more):
    from cms_plugins.applications.requests import Party

    values = {
        "name": "王小明", "id_number": ID_NUMBER, "phone": "13812345678", "email": "wang@example.com",
        "address": "衡山县开云镇人民路1号",
    }  # fmt: skip
    return Party(**{**values, **more})


def request(**more):
    """Return an application by a natural person through the internet, made on the day the clock begins."""
    from cms_plugins.applications.models import ApplicantClass, Channel
    from cms_plugins.applications.requests import Request

    values = {
        "channel": Channel.WEB, "made_on": date(2026, 3, 2), "applicant_class": ApplicantClass.NP,
        "applicant": party(), "title": "2025年城乡低保资金发放情况", "doc_no": "衡民发〔2025〕12号",
    }  # fmt: skip
    return Request(**{**values, **more})


class Desk:
    """The services with the app's keyring, each call in an app context and a unit of work of its own."""

    def __init__(self, app, cms, officer, reviewer, head):
        self.app, self.cms, self.officer, self.reviewer, self.head = app, cms, officer, reviewer, head

    @contextmanager
    def work(self):
        """Enter a unit of work inside an app context, for the texts that services speak."""
        with self.app.app_context(), self.cms.unit_of_work() as uow:
            yield uow

    def run(self, service, application_id, *args, **more):
        """Call ``service(uow, application, …)`` as the officer."""
        from cms_plugins.applications.history import get

        more.setdefault("actor", self.officer)
        with self.work() as uow:
            return service(uow, get(uow.session, application_id), *args, **more)

    def sealed(self, service, application_id, *args, **more):
        """Call ``service(uow, keyring, application, …)`` as the officer."""
        from cms_plugins.applications.history import get

        more.setdefault("actor", self.officer)
        with self.work() as uow:
            return service(uow, self.cms.keyring, get(uow.session, application_id), *args, **more)

    def get(self, application_id):
        from cms_plugins.applications.history import get

        with self.cms.reading() as session:
            return get(session, application_id)

    def received(self, **more):
        """Take in an application at the counter, today; return its id."""
        from cms_plugins.applications import intake
        from cms_plugins.applications.models import Channel

        more.setdefault("made_on", self.cms.clock.now().date())
        with self.work() as uow:
            made, _code = intake.register(
                uow, self.cms.keyring, request(channel=Channel.ONSITE, **more), actor=self.officer
            )
            return made.id

    def answer(self, application_id, *, served=True, dated=None, **given):
        """Write, review, sign and serve an answer."""
        from cms_plugins.applications import answering
        from cms_plugins.applications.responses import AnswerInput

        given = {"kind": "disclose", "provided": "随函附上", **given}
        answer = self.run(answering.save_draft, application_id, AnswerInput(**given))
        with self.work() as uow:
            from cms_plugins.applications.history import get

            application, keyring = get(uow.session, application_id), self.cms.keyring
            answer = answering.get_answer(uow.session, application, answer.id)
            answering.submit_answer(uow, application, answer, actor=self.officer)
            answering.review(uow, application, answer, actor=self.reviewer, note="可以公开")
            answering.sign(uow, keyring, application, answer, actor=self.head, dated=dated)
            if served:
                answering.serve(uow, keyring, application, answer, actor=self.officer, how="post", receipt="XA123")
            return answer.id


@pytest.fixture
def office(app, cms, officer, reviewer, head):
    """Return the services for tests that also open pages: an app context left open would feed those stale rows."""
    return Desk(app, cms, officer, reviewer, head)


@pytest.fixture
def desk(office):
    """Return the services inside one app context, for tests that also call services themselves."""
    with office.app.app_context():
        yield office


__all__ = ["ID_NUMBER", "MACHINE", "Desk", "party", "request"]
