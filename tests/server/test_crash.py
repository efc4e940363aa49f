"""`kill -9` amid 200 publishes: what was acknowledged stays, once; the rest is done or not done, never half."""

import json
import os
import random
import signal
import threading
import time
import urllib.parse
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from lxml import html
from sqlalchemy import select

from cms.accounts.policy import MACHINE, Role
from cms.app import create_app
from cms.config import Settings
from cms.content import services
from cms.content.enums import PublicationAction, State
from cms.content.models import Content, Publication
from cms.search.projection import lag
from cms.testing.factories import PASSWORD, make_draft, make_user

ITEMS = 200
THREADS = 4


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


class Publisher(threading.Thread):
    """Somebody who signs in and publishes one item after the other, noting what the server acknowledged."""

    def __init__(self, server, username, waiting, acknowledged):
        super().__init__(daemon=True)
        self.server, self.username = server, username
        self.waiting, self.acknowledged = waiting, acknowledged
        self.refused = []
        cookies = urllib.request.HTTPCookieProcessor()
        self.browser = urllib.request.build_opener(cookies, NoRedirect())
        self.token = ""

    def ask(self, path, **fields):
        """Return status, location and text of an answer; status 0 if there was none."""
        sent = urllib.parse.urlencode({**fields, "csrf_token": self.token}).encode() if fields else None
        try:
            answer = self.browser.open(self.server.url(path), sent, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        except (OSError, urllib.error.URLError):
            return 0, "", ""
        try:
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()
        except OSError:
            return 0, "", ""

    def take_token(self, path):
        """Read the token of the form on a page; a session has one."""
        _status, _location, text = self.ask(path)
        self.token = html.fromstring(text).xpath("//input[@name='csrf_token']/@value")[0]

    def enter(self):
        self.take_token("/desk/login")
        status, _location, text = self.ask("/desk/login", username=self.username, password=PASSWORD)
        assert status == 302, text
        self.take_token("/desk/")
        return self

    def run(self):
        while self.waiting and self.server.process.poll() is None:
            try:
                content_id = self.waiting.pop()
            except IndexError:
                return
            status, location, text = self.ask(f"/desk/content/{content_id}/publish", when="now")
            if status == 302 and location.endswith(f"/desk/content/{content_id}"):
                self.acknowledged.append(content_id)
            elif status:
                self.refused.append((content_id, status, text))


def title_of(number):
    return f"乡镇敬老院巡查简报kq{number:03d}{number * 7919:06x}"


@pytest.fixture
def prepared(site):
    """Return the state of a site with approved drafts, their ids, and publishers."""
    app = create_app(Settings.load(site, {}))
    cms = app.extensions["cms"]
    with app.app_context():
        ids = [make_draft(cms, "news", title_of(number), source="本站") for number in range(ITEMS)]
        with cms.unit_of_work() as uow:
            for content_id in ids:
                content = uow.session.get_one(Content, content_id)
                services.submit(uow, cms.types.require("news"), content, actor=MACHINE)
                services.approve(uow, content, actor=MACHINE)
        for number in range(THREADS):
            make_user(cms, f"publisher{number}", Role.PUBLISHER)
    yield cms, ids
    cms.close()


def kill_worker(server):
    """Kill one process that answers requests; the server itself goes on."""
    others = ("cms.serving", "resource_tracker", "forkserver")
    workers = [one for one in server.family()[1:] if not any(name in " ".join(one.cmdline()) for name in others)]
    assert len(workers) == 2
    workers[0].kill()


def kill_parent(server):
    os.kill(server.process.pid, signal.SIGKILL)


def kill_group(server):
    server.kill_group()


def publish_and_kill(server, ids, kill):
    """Publish with several people at once and kill in between; return what was acknowledged."""
    waiting, acknowledged = list(ids), []
    people = [Publisher(server, f"publisher{number}", waiting, acknowledged).enter() for number in range(THREADS)]
    moment = random.randrange(ITEMS // 10, ITEMS * 8 // 10)
    for one in people:
        one.start()
    while len(acknowledged) < moment:
        assert any(one.is_alive() for one in people), [one.refused for one in people]
        time.sleep(0.001)
    family = server.family()
    kill(server)
    for one in people:
        one.join()
    assert [one.refused for one in people] == [[]] * THREADS
    assert len(acknowledged) >= moment
    return acknowledged, family


def log_of(cms, ids):
    """Return how often each item was published for the first time, and which items are live."""
    with cms.reading() as session:
        lines = session.scalars(
            select(Publication.content_id).where(
                Publication.action == PublicationAction.PUBLISHED, Publication.is_first.is_(True)
            )
        )
        counts = Counter(lines)
        items = {one.id: one for one in session.scalars(select(Content).where(Content.id.in_(ids)))}
        live = {number for number, one in items.items() if one.live_revision_id == one.latest_revision_id}
        half = [
            number for number, one in items.items()
            if (one.live_revision_id is not None, one.state, counts[number])
            not in {(True, State.PUBLISHED, 1), (False, State.APPROVED, 0)}
        ]  # fmt: skip
    assert half == []
    assert live == set(counts)
    return live


def wait_for_index(cms, seconds=20):
    until = time.monotonic() + seconds
    while True:
        with cms.reading() as session:
            behind = lag(session)
        if not behind:
            return
        assert time.monotonic() < until, f"{behind} changes are not in the index"
        time.sleep(0.1)


@pytest.mark.parametrize("kill", [kill_worker, kill_parent, kill_group])
def test_acknowledged_publishes_survive(prepared, serve, gone, kill):
    cms, ids = prepared
    first = serve(workers=2)

    acknowledged, family = publish_and_kill(first, ids, kill)
    first.stop()
    assert [process for process in family if not gone(process)] == []

    second = serve(workers=2)
    wait_for_index(cms)
    live = log_of(cms, ids)
    assert set(acknowledged) <= live
    assert len(acknowledged) == len(set(acknowledged))

    def look(number):
        """What citizens meet: status of the page, hits of its title, and of a public item the number of all hits."""
        content_id, title = ids[number], title_of(number)
        found = json.loads(second.get(f"/api/v1/search?q={urllib.parse.quote(title)}")[1])
        hits = [one["id"] for one in found["items"] if one["title"] == title]
        # A title that is not there finds items that share words with it.
        total = found["total"] if content_id in live else 0
        return content_id, second.get(f"/news/{content_id}.html")[0], hits, total

    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(look, range(ITEMS)))
    expected = [(number, 200, [number], 1) if number in live else (number, 404, [], 0) for number in ids]
    assert [one for one in zip(seen, expected, strict=True) if one[0] != one[1]] == []
