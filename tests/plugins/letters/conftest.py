"""Loads the plugin, so that test modules can import it; people of two departments, and a letter on its way."""

import re

import pytest
from sqlalchemy import select

from cms.accounts.models import Department
from cms.accounts.policy import MACHINE, Role
from cms.accounts.services import save_department
from cms.pluginkit.discovery import bundled
from cms.pluginkit.loader import load
from cms.pluginkit.manifest import read
from cms.testing.factories import make_user

load(read(bundled("plugins") / "letters", is_bundled=True))

#: What a citizen types into the form.
WRITTEN = {
    "category": "consult", "topic": "城乡低保", "title": "低保怎样申请", "text": "我父亲七十岁，电话13800138000，怎样申请低保？",
    "name": "王小明", "phone": "13800138000", "email": "", "address": "开云镇新街12号", "wants_public": "yes",
}  # fmt: skip


@pytest.fixture
def offices(cms):
    """Make two departments; give their ids by name."""
    with cms.unit_of_work() as uow:
        for name, phone in (("社会救助股", "0734-5800120"), ("婚姻登记处", "0734-5800130")):
            save_department(uow, None, actor=MACHINE, name=name, phone=phone, duties="")
    with cms.reading() as session:
        return {row.name: row.id for row in session.scalars(select(Department))}


@pytest.fixture
def people(sign_in, cms, offices):
    """Sign in one person of each role; the editor belongs to 社会救助股, the stranger to 婚姻登记处."""
    from cms.accounts.models import User

    clients = {
        "officer": sign_in(Role.OFFICER, username="zhuanyuan"), "editor": sign_in(Role.EDITOR, username="bianji"),
        "reviewer": sign_in(Role.REVIEWER, username="shenhe"), "publisher": sign_in(Role.PUBLISHER, username="fabu"),
        "stranger": sign_in(Role.EDITOR, username="waike"),
    }  # fmt: skip
    homes = {"zhuanyuan": "社会救助股", "bianji": "社会救助股", "shenhe": "社会救助股", "waike": "婚姻登记处"}
    with cms.unit_of_work() as uow:
        for user in uow.session.scalars(select(User)).unique():
            user.department_id = offices.get(homes.get(user.username, ""))
    return clients


@pytest.fixture
def write(app, client):
    """Return a function that writes a letter as a citizen does and gives number and query code."""

    def write(path="/letters/new", **changes):
        app.config["WTF_CSRF_ENABLED"] = False
        answer = client.post(path, data={**WRITTEN, **changes})
        assert answer.status_code == 302, answer.text
        page = client.get(answer.headers["Location"]).text
        number, code = re.findall(r'<span class="code">([^<]+)</span>', page)
        return number, code

    return write


@pytest.fixture
def stored(cms):
    """Return a function that gives a letter as it is stored."""
    from cms_plugins.letters.models import Letter

    def stored(number):
        with cms.reading() as session:
            return session.scalars(select(Letter).where(Letter.number == number)).one()

    return stored


@pytest.fixture
def act(people, stored):
    """Return a function that takes a step in the desk as a person and gives the answer."""

    def act(who, number, action, *, status=302, **fields):
        letter = stored(number)
        data = {"version": letter.version, **{f"{action}-{name}": value for name, value in fields.items()}}
        answer = people[who].post(f"/desk/letters/{letter.id}/do/{action}", data=data)
        assert answer.status_code == status, answer.text
        return answer

    return act


@pytest.fixture
def answered(write, act, offices):
    """Return a function that brings a letter to its answer and gives number and code."""

    def answered(text="请到社会救助股办理，电话0734-5800120。", **changes):
        number, code = write(**changes)
        act("officer", number, "screen")
        act("officer", number, "assign", department_id=offices["社会救助股"])
        act("editor", number, "accept")
        act("editor", number, "draft", text=text)
        act("reviewer", number, "review")
        act("editor", number, "answer")
        return number, code

    return answered


@pytest.fixture
def service_user(cms):
    """Return a function that makes a user and gives the actor that services take."""
    from cms.accounts.queries import actor_of, user_by_name

    def service_user(name, *roles, department_id=None):
        make_user(cms, name, *roles)
        with cms.unit_of_work() as uow:
            user = user_by_name(uow.session, name)
            user.department_id = department_id
        with cms.reading() as session:
            return actor_of(user_by_name(session, name), cms.contributions.policy)

    return service_user


@pytest.fixture
def enter(cms):
    """Return a function that registers a letter by hand, as the machine, and gives it."""
    from datetime import date

    from cms_plugins.letters.receiving import LetterInput, RegisterInput, register
    from cms_plugins.letters.terms import Category, Channel

    def enter(channel="phone", category="consult", *, title="来电咨询", topic="城乡低保", on=date(2016, 6, 1), **more):
        given = RegisterInput(
            letter=LetterInput(
                channel=Channel(channel), category=Category(category), title=title, text="", topic=topic,
                wants_public=more.pop("wants_public", False), page_url=more.pop("page_url", ""),
            ),
            received_on=on, source=more.pop("source", "来电登记簿第1页"), **more,
        )  # fmt: skip
        with cms.unit_of_work() as uow:
            return register(uow, cms.keyring, given, actor=MACHINE)

    return enter


@pytest.fixture
def happened(cms):
    """Return a function that gives what happened to a letter, oldest first, as words."""
    from cms_plugins.letters.models import Happening, Letter

    def happened(number):
        with cms.reading() as session:
            query = select(Happening.action).join(Letter, Letter.id == Happening.letter_id)
            return [str(one) for one in session.scalars(query.where(Letter.number == number).order_by(Happening.id))]

    return happened
