"""Whatever is changed, in whatever order: a kept page is what the app would answer now."""

import random
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import Client

from cms.accounts.models import Department
from cms.accounts.policy import MACHINE, Role
from cms.content import publishing, services
from cms.content.models import Content, Revision
from cms.content.snapshot import Snapshot
from cms.live import LiveSite
from cms.media.models import Asset
from cms.pluginkit import services as plugins
from cms.sections.models import Section
from cms.sections.queries import tree
from cms.sections.services import SectionInput, reorder, save_section
from cms.settings.services import SiteSettings, load, save
from cms.testing.factories import PASSWORD, make_draft, make_published, make_section, make_user
from cms.web.background import work

STEPS, SEEDS = 40, range(2)


class Office:
    """Everything that people and time do to a site, one random thing after the other."""

    def __init__(self, settings, clock, seed):
        self.settings, self.clock, self.random = settings, clock, random.Random(seed)
        self.live = LiveSite(settings, poll=None, clock=clock)
        self.made = 0
        make_section(self.cms, "zwgk", "信息公开", default_type="page")
        make_section(self.cms, "zwgk/tz", "通知", default_type="notice")
        with self.cms.unit_of_work() as uow:
            uow.session.add(Department(name="办公室"))

    @property
    def cms(self):
        return self.live.app.extensions["cms"]

    def items(self):
        with self.cms.reading() as session:
            return session.execute(select(Content.id, Content.type, Content.section_id)).all()

    def some(self, of):
        return self.random.choice(list(of))

    def act(self):
        name = self.some(name for name in dir(self) if name.startswith("do_"))
        getattr(self, name)()
        return name

    def do_publish(self):
        kind = self.some(self.cms.types.keys & {"news", "notice", "page", "guide"})
        self.made += 1
        more = {"at": self.clock.now() + timedelta(minutes=self.random.randrange(-50, 50))} if self.made % 3 else {}
        if self.random.random() < 0.4:
            more["expires_at"] = self.clock.now() + timedelta(minutes=self.random.randrange(51, 200))
        make_published(self.cms, kind, f"第{self.made}条", keywords=("救助",), **more)

    def do_draft(self):
        self.made += 1
        make_draft(self.cms, "news", f"草稿{self.made}")

    def do_publish_again(self):
        with self.cms.unit_of_work() as uow:
            found = uow.session.scalars(select(Content).where(Content.live_revision_id.is_not(None))).all()
            found = [one for one in found if self.cms.types.get(one.type)]
            if not found:
                return
            content = self.some(found)
            snapshot = Snapshot.from_json(uow.session.get_one(Revision, content.latest_revision_id).snapshot)
            self.made += 1
            section = self.some(tree(uow.session).by_id) if self.random.random() < 0.3 else snapshot.section_id
            department = uow.session.scalars(select(Department.id)).first()
            changed = replace(snapshot, title=f"改{self.made}", section_id=section, department_id=department)
            kind = self.cms.types.require(content.type)
            revision = services.save_draft(uow, kind, content, changed, actor=MACHINE)
            publishing.apply_revision(
                uow, kind, content, revision, actor=MACHINE, is_own=True, effective_at=self.clock.now()
            )

    def do_withdraw(self):
        with self.cms.unit_of_work() as uow:
            found = uow.session.scalars(select(Content).where(Content.live_revision_id.is_not(None))).all()
            if found:
                services.withdraw(uow, self.some(found), actor=MACHINE, reason="有误")

    def do_wait(self):
        self.clock.advance(minutes=self.random.choice([1, 7, 30, 90]))

    def do_wait_for_tomorrow(self):
        self.clock.advance(hours=self.random.choice([5, 24]))

    def do_lead(self):
        with self.live.app.app_context():
            work(self.cms)

    def do_settings(self):
        self.made += 1
        with self.cms.unit_of_work() as uow:
            save(
                uow, replace(load(uow.session, SiteSettings), site_name=f"网站{self.made}", is_demo=self.made % 2 == 0)
            )

    def do_section(self):
        with self.cms.unit_of_work() as uow:
            section = uow.session.get_one(Section, self.some(tree(uow.session).by_id))
            self.made += 1
            save_section(uow, section, SectionInput(
                segment=section.path.rpartition("/")[2], title=f"栏目{self.made}", parent_id=section.parent_id,
                default_type=section.default_type, in_navigation=self.random.random() < 0.8,
            ), actor=MACHINE)  # fmt: skip

    def do_move_section(self):
        with self.cms.unit_of_work() as uow:
            section = tree(uow.session).by_path.get("zwgk/tz") or tree(uow.session).by_path["zwgk/gg"]
            segment = "gg" if section.path.endswith("tz") else "tz"
            save_section(uow, section, SectionInput(
                segment=segment, title=section.title, parent_id=section.parent_id, default_type=section.default_type
            ), actor=MACHINE)  # fmt: skip

    def do_order(self):
        with self.cms.unit_of_work() as uow:
            section = uow.session.get_one(Section, self.some(tree(uow.session).by_id))
            reorder(uow, section, self.random.choice([-1, 1]), actor=MACHINE)

    def do_department(self):
        with self.cms.unit_of_work() as uow:
            self.made += 1
            uow.session.scalars(select(Department)).first().name = f"科室{self.made}"

    def do_asset(self):
        with self.cms.unit_of_work() as uow:
            for asset in uow.session.scalars(select(Asset)):
                asset.alt = f"图{self.made}"

    def do_toggle(self):
        key = self.some(["notices", "guides", "regulations"])
        with self.cms.unit_of_work() as uow:
            if any(one.manifest.key == key for one in self.cms.loaded):
                plugins.disable(uow, key, actor=MACHINE, site=self.settings.site)
            else:
                plugins.enable(uow, plugins.find(self.settings.site, key), actor=MACHINE)
        # What a worker does within a second.
        self.live.refresh()

    def do_theme(self):
        with self.cms.unit_of_work() as uow:
            known = load(uow.session, SiteSettings)
            save(uow, replace(known, theme="plain" if known.theme == "default" else "default"))
            from cms.settings.services import touch

            touch(uow, "plugins")
        self.live.refresh()


def paths_of(office):
    with office.cms.reading() as session:
        sections = tree(session)
        pages = ["/", "/feed.xml", "/sitemap.xml", "/news/?page=2"]
        pages += [f"/{path}/" for path in sections.by_path]
        pages += [
            f"/{sections.by_id[section].path}/{number}.html"
            for number, _type, section in session.execute(select(Content.id, Content.type, Content.section_id))
        ]
    return pages


def answer(browser, path):
    got = browser.get(path)
    return got.status_code, got.headers.get("Location"), got.data


@pytest.mark.parametrize("seed", SEEDS)
def test_no_history_of_changes_leaves_a_stale_page(settings, clock, seed):
    office = Office(replace(settings, page_cache="memory"), clock, seed)
    other = LiveSite(replace(settings, page_cache="memory"), poll=None, clock=clock)  # a second worker
    plain = LiveSite(settings, poll=None, clock=clock)
    visitors = [Client(office.live), Client(other)]
    done = []
    for _step in range(STEPS):
        done.append(office.act())
        for site in (other, plain):
            site.refresh()
        # What is compared with must not rely on the stamp itself.
        plain.app.extensions["cms"].kept.clear()
        paths = paths_of(office)
        for path in {"/", *office.random.sample(paths, min(len(paths), 12))}:
            expected = answer(Client(plain), path)
            for visitor in visitors:
                assert answer(visitor, path) == expected, (seed, path, done)
    for site in (office.live, other, plain):
        site.close()


def test_signed_in_people_and_visitors_never_get_each_others_pages(settings, clock):
    office = Office(replace(settings, page_cache="memory"), clock, 0)
    office.live.app.config["WTF_CSRF_ENABLED"] = False
    make_user(office.cms, "editor", Role.EDITOR)
    path = f"/news/{make_published(office.cms, 'news', '一条')}.html"
    visitor, editor = Client(office.live), Client(office.live)
    assert editor.post("/desk/login", data={"username": "editor", "password": PASSWORD}).status_code == 302

    for _time in range(3):
        for browser in (visitor, editor, visitor):
            got = browser.get(path)
            assert got.status_code == 200
            assert "Set-Cookie" not in got.headers
        assert "/desk/logout" in editor.get("/desk/").text
        assert visitor.get("/desk/").status_code == 302
        make_published(office.cms, "news", "又一条")
    office.live.close()


def test_reader_never_sees_an_older_page_than_the_last_finished_write(settings, clock):
    settings = replace(settings, page_cache="memory")
    sites = [LiveSite(settings, poll=None, clock=clock) for _worker in range(2)]
    cms = sites[0].app.extensions["cms"]
    with cms.unit_of_work() as uow:
        save(uow, SiteSettings(site_name="第0版"))
    written, stale, stop = [0], [], threading.Event()

    def read(site):
        browser = Client(site)
        while not stop.is_set():
            least = written[0]
            text = browser.get("/").text
            shown = int(text.split("<title>第", 1)[1].split("版", 1)[0])
            if shown < least:
                stale.append((least, shown))

    readers = [threading.Thread(target=read, args=(site,)) for site in sites for _n in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, 150):
        with cms.unit_of_work() as uow:
            save(uow, SiteSettings(site_name=f"第{number}版"))
        written[0] = number
    stop.set()
    for reader in readers:
        reader.join()

    assert stale == []
    for site in sites:
        site.close()


def test_item_that_begins_or_ends_by_itself_is_seen_at_that_moment(visitor, cms, clock):
    now = clock.now()
    ends = make_published(cms, "news", "到期的", expires_at=now + timedelta(minutes=10))
    begins = make_published(cms, "news", "以后的", at=now + timedelta(minutes=20))

    def shown():
        return ("到期的" in visitor.get("/").text, "以后的" in visitor.get("/").text,
                visitor.get(f"/news/{ends}.html").status_code, visitor.get(f"/news/{begins}.html").status_code)  # fmt: skip

    assert shown() == shown() == (True, False, 200, 404)
    clock.advance(minutes=10)
    assert shown() == shown() == (False, False, 410, 404)
    clock.advance(minutes=10)
    assert shown() == shown() == (False, True, 410, 200)


def test_page_that_changes_within_the_day_says_when(visitor, is_kept, clock):
    before = visitor.get("/kept/hour").text
    clock.advance(minutes=59)
    assert visitor.get("/kept/hour").text == before
    clock.advance(minutes=1)
    assert visitor.get("/kept/hour").text != before


def test_new_day_begins_with_new_pages(visitor, is_kept, kept_app, clock):
    visitor.get("/kept/plain")
    edition = kept_app.wsgi_app._edition

    clock.advance(hours=13, minutes=59)  # 23:59 in Asia/Shanghai
    assert kept_app.wsgi_app.edition() is edition
    clock.advance(minutes=1)
    assert kept_app.wsgi_app.edition() is not edition


def test_plugin_page_follows_its_table(visitor, kept_app):
    from cms_plugins.kept import Word

    assert "<p></p>" in visitor.get("/kept/words").text
    with kept_app.extensions["cms"].unit_of_work() as uow:
        uow.session.add(Word(text="新词"))
    assert "<p>新词</p>" in visitor.get("/kept/words").text


def test_app_that_is_about_to_be_replaced_keeps_nothing(settings, clock):
    settings = replace(settings, page_cache="memory")
    live = LiveSite(settings, poll=None, clock=clock)
    cms = live.app.extensions["cms"]
    make_published(cms, "notice", "通知一则")
    browser = Client(live)
    assert "通知一则" in browser.get("/").text
    with cms.unit_of_work() as uow:
        plugins.disable(uow, "notices", actor=MACHINE, site=settings.site)

    old = browser.get("/").text  # this worker has not followed yet
    live.refresh()

    assert "通知一则" in old
    assert "通知一则" not in browser.get("/").text
    live.close()


def test_database_that_does_not_answer_leaves_the_pages_to_the_app(visitor, kept_app, news, monkeypatch):
    visitor.get(news)
    monkeypatch.setattr(type(kept_app.wsgi_app.reader), "read", lambda _self: None)

    assert visitor.get(news).status_code == 200
    assert "ETag" not in visitor.get(news).headers
