"""Every kind of page of the desk in a real browser: WCAG 2.1 AA by axe-core, and nothing wider than a phone."""

import re
import shutil
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from cms.accounts.policy import MACHINE, Role
from cms.app import create_app
from cms.config import Settings
from cms.content import services
from cms.content.models import Content, Revision
from cms.content.snapshot import Snapshot
from cms.registers.models import Tally
from cms.testing.factories import PASSWORD, make_draft, make_user

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
YEAR = 2015
STAFF = {
    "kind": "staff", "occurred_on": "2014-03-01", "subject": "信息公开专员", "category": "part_time", "source": "名册",
}  # fmt: skip
#: Pages by who may open them. Words in braces are the ids of what the demo holds.
PAGES = {
    Role.OFFICER: (
        "", "password", "content", "content?q=qqzzxx", "content/new", "content/new/news", "content/new/guide",
        "content/new/regulation", "content/new/page", "content/{news}", "content/{news}/edit", "content/{guide}/edit",
        "content/{news}/history", "content/{news}/withdraw", "content/{draft}/delete", "content/{approved}/publish",
        "content/{waiting}/review", "content/{changed}/review", "review", "tallies", "tallies?metric=consultations",
        "tallies/{tally}/counter", "figures?year=2016", "figures/site.items?year=2016",
        "figures/consultations.total?year=2016", "report/", "report/2016/", "report/2016/?tab=figures",
        "report/2016/?tab=tables", "report/2016/?tab=texts", "report/{year}/", "report/{year}/?tab=figures",
        "report/{year}/?tab=tables", "report/{year}/?tab=texts", "{chapter}", "{manual}",
        "workdays?year=2016", "workdays?year=2027", "workdays/clock?start=2026-09-22&n=40&unit=workday",
        "workdays/clock?start=x&n=0&unit=y", "workdays/notices", "workdays/local", "supervision/training",
        "supervision/staff?year=2016", "supervision/lines/1/end", "supervision/lines/1/counter",
    ),
    Role.SYSTEM_ADMIN: (
        "", "sections", "sections/new", "sections/{section}", "departments", "departments/new", "users", "users/new",
        "users/{user}", "plugins", "settings", "search-words", "system",
    ),
    Role.SECURITY_ADMIN: ("users", "users/{user}"),
    Role.AUDIT_ADMIN: ("", "audit"),
}  # fmt: skip


@pytest.fixture(scope="module")
def filled(demo_template, tmp_path_factory):
    """Return an app of the demo site, with work in every state of its way, and the ids of what the pages show."""
    folder = shutil.copytree(demo_template, tmp_path_factory.mktemp("axe") / "site")
    app = create_app(Settings.load(folder, {}))
    cms = app.extensions["cms"]
    with app.app_context():
        people = {role: make_user(cms, f"axe-{role.value.replace('_', '-')}", role) for role in PAGES}
        ids = {"year": YEAR, "user": people[Role.AUDIT_ADMIN].id}
        for name in ("draft", "waiting", "approved"):
            ids[name] = make_draft(cms, "news", f"待办{name}", body="<h2>一</h2><p>正文。</p>", source="本站")
        with cms.unit_of_work() as uow:
            guide = uow.session.scalars(select(Content).where(Content.external_id == "demo-guide-001")).one()
            news = uow.session.scalars(select(Content).where(Content.external_id == "demo-news-001")).one()
            ids |= {"guide": guide.id, "news": news.id, "section": news.section_id}
            ids["changed"] = change(uow, cms.types.require("guide"), guide)
            change(uow, cms.types.require("news"), news, submit=False)
            for name in ("waiting", "approved"):
                services.submit(uow, cms.types.require("news"), uow.session.get_one(Content, ids[name]), actor=MACHINE)
            services.approve(uow, uow.session.get_one(Content, ids["approved"]), actor=MACHINE)
            # Its id is 1: the demo has nothing in these registers.
            cms.contributions.importers["supervision_entry"](uow, STAFF, MACHINE)
            ids["tally"] = uow.session.scalars(select(Tally.id).limit(1)).one()
    yield app, ids
    cms.close()


def change(uow, kind, content, *, submit=True):
    """Save a changed version of a published item, and hand it in; return the id of the item."""
    old = Snapshot.from_json(uow.session.get_one(Revision, content.latest_revision_id).snapshot)
    new = replace(old, title=f"{old.title}（修订）", body=old.body.replace("申请", "办理"))
    services.save_draft(uow, kind, content, new, actor=MACHINE, expected_version=content.lock_version)
    if submit:
        services.submit(uow, kind, content, actor=MACHINE)
    return content.id


def sign_in(page, desk, role):
    page.goto(f"{desk}/login")
    page.get_by_label("账号").fill(f"axe-{role.value.replace('_', '-')}")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{desk}/")


def open_report(page, desk):
    """Begin a report that can still be changed, if nobody has; return the addresses of its two forms."""
    page.goto(f"{desk}/report/")
    if page.get_by_role("link", name=re.compile(str(YEAR))).count() == 0:
        page.locator("select[name=year]").select_option(str(YEAR))
        page.locator("form:has(select[name=year]) button").click()
    found = {}
    for tab, name in (("texts", "chapters"), ("figures", "manual")):
        page.goto(f"{desk}/report/{YEAR}/?tab={tab}")
        link = page.locator(f"a[href*='/{YEAR}/{name}/']").first
        found[name.removesuffix("s")] = link.get_attribute("href").removeprefix("/desk/")
    return found


def barriers(page, width):
    page.set_viewport_size({"width": width, "height": 844})
    found = [
        (rule["id"], [node["html"][:160] for node in rule["nodes"]])
        for rule in Axe().run(page, options=RULES).response["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*found, *([("wider than the screen", wide)] if wide > width else [])]


@pytest.mark.parametrize("role", list(PAGES))
def test_no_page_has_a_barrier(filled, serve, page, role):
    app, ids = filled
    desk = f"{serve(app)}/desk"
    sign_in(page, desk, role)
    if role is Role.OFFICER:
        ids |= open_report(page, desk)
    found = {}
    for path in PAGES[role]:
        address = f"{desk}/{path.format(**ids)}"
        assert (page.goto(address).status, page.url) == (422 if "start=x" in path else 200, address)
        page.wait_for_load_state("networkidle")
        found |= {(path, width): problems for width in (1280, 390) if (problems := barriers(page, width))}
    assert found == {}


def test_signing_in_has_no_barrier(filled, serve, page):
    app, _ids = filled
    page.goto(f"{serve(app)}/desk/login")
    assert [barriers(page, width) for width in (1280, 390)] == [[], []]

    page.get_by_role("button", name="登录").click()
    assert page.get_by_role("alert").is_visible()
    assert [barriers(page, width) for width in (1280, 390)] == [[], []]
