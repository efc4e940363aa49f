"""Plugins are switched while two workers serve: all follow within a second, nobody else notices."""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from cms.app import create_app
from cms.config import Settings
from cms.testing.factories import make_published

RATE = 200
#: Rounds in one of which all workers follow within a second. In every round they follow, and no request fails; others
#: who use the machine may cost a round its second.
ROUNDS = 3
#: Seconds after which a worker that has not followed is one that does not follow.
LATEST = 20


@contextmanager
def steady_load(server, *paths):
    """Ask for pages 200 times a second, in a process of its own, while the block runs; fill the dict with the outcome."""
    command = [sys.executable, str(Path(__file__).with_name("steady.py")), str(server.port), str(RATE), *paths]
    outcome = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield outcome
        finally:
            output, _none = process.communicate()
    outcome.update(json.loads(output))


def plugin(site, verb, key):
    subprocess.run(
        [sys.executable, "-m", "cms", "plugin", verb, key], env={**os.environ, "CMS_SITE": str(site)},
        check=True, capture_output=True,
    )  # fmt: skip


def statuses(server, path, times=24):
    """Ask on fresh connections, so that every worker is asked."""
    with ThreadPoolExecutor(8) as pool:
        return {status for status, _text in pool.map(lambda _n: server.get(path), range(times))}


def seconds_until(server, path, expected):
    """Return after how many seconds all workers answer ``expected``, and see that they go on doing so."""
    begun = time.monotonic()
    while statuses(server, path) != {expected}:
        assert time.monotonic() - begun < LATEST
    taken = time.monotonic() - begun
    assert statuses(server, path, 48) == {expected}
    return taken


def test_disabled_plugin_is_gone_and_comes_back_without_any_failed_request(serve, site):
    app = create_app(Settings.load(site, {}))
    cms = app.extensions["cms"]
    with app.app_context():
        notice = make_published(cms, "notice", "关于停水的通知")
        news = make_published(cms, "news", "一条新闻")
    cms.close()
    server = serve(workers=2)
    page, found = f"/notices/{notice}.html", "/api/v1/search?q=%E5%81%9C%E6%B0%B4"
    deadline = time.monotonic() + 20
    while json.loads(server.get(found)[1])["total"] != 1:
        assert time.monotonic() < deadline
    assert statuses(server, page) == {200}

    taken = []
    with steady_load(server, "/", f"/news/{news}.html", "/news/") as load:
        for _round in range(ROUNDS):
            plugin(site, "disable", "notices")
            taken.append(seconds_until(server, page, 404))
            assert statuses(server, "/notices/") == {404}
            assert json.loads(server.get(found)[1])["total"] == 0
            assert "关于停水的通知" not in server.get("/")[1]
            plugin(site, "enable", "notices")
            taken.append(seconds_until(server, page, 200))
            assert json.loads(server.get(found)[1])["total"] == 1
            assert "关于停水的通知" in server.get("/")[1]
            if max(taken[-2:]) <= 1:
                break

    assert max(taken[-2:]) <= 1, taken
    assert load["failures"] == []
    # Request n was due at n / RATE seconds whatever became of those before it. All were sent, and all were answered: a
    # count, because how late an answer was on a machine that others use says nothing about the product.
    assert load["sent"] >= RATE * (load["held"] - 1)
    assert load["sent"] > 2 * RATE
    assert load["answered"] == load["sent"]


def test_broken_plugin_leaves_a_running_server_untouched(serve, site):
    server = serve(workers=2)
    folder = site / "plugins" / "broken"
    folder.mkdir(parents=True)
    (folder / "plugin.toml").write_text('key = "broken"\nname = "坏"\nversion = "1"\n', "utf-8")
    (folder / "__init__.py").write_text("raise RuntimeError('broken on purpose')\n", "utf-8")
    env = {**os.environ, "CMS_SITE": str(site)}

    done = subprocess.run(
        [sys.executable, "-m", "cms", "plugin", "enable", "broken"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    listed = subprocess.run(
        [sys.executable, "-m", "cms", "plugin", "list", "--json"], env=env, capture_output=True, text=True, check=True
    )

    assert done.returncode == 1
    assert "broken on purpose" in done.stderr
    line = next(one for one in json.loads(listed.stdout) if one["key"] == "broken")
    assert (line["state"], line["error"]) == ("failed", "RuntimeError: broken on purpose")
    assert statuses(server, "/readyz") == {200}
