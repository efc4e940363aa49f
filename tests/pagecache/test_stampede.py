"""Many at once: a page is made once, and nobody waits for ever."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from werkzeug.test import Client

from cms.pagecache import front


def slowly(app, path, made, release):
    """Let the page at ``path`` count how often it is made, and not be finished before ``release`` is set."""

    def before():
        from flask import request

        if request.path == path:
            made.append(path)
            release.wait(20)

    app.before_request(before)


def test_page_that_many_ask_for_at_once_is_made_once(kept_app, news):
    made, release = [], threading.Event()
    slowly(kept_app, news, made, release)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(lambda: Client(kept_app).get(news).status_code) for _n in range(8)]
        while not made:
            time.sleep(0.01)
        release.set()

        assert {one.result() for one in asked} == {200}
    assert made == [news]


def test_whoever_has_waited_long_enough_makes_the_page_itself(kept_app, news, monkeypatch):
    monkeypatch.setattr(front, "PATIENCE", 0.05)
    made, release = [], threading.Event()
    slowly(kept_app, news, made, release)
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(lambda: Client(kept_app).get(news).status_code) for _n in range(2)]
        while len(made) < 2:
            time.sleep(0.01)
        release.set()

        assert {one.result() for one in asked} == {200}


def test_page_whose_making_fails_is_made_again_and_then_kept(kept_app, news):
    tries = []

    def before():
        from flask import request

        if request.path == news:
            tries.append(1)
            if len(tries) == 1:
                raise RuntimeError("once")

    kept_app.before_request(before)
    kept_app.config["PROPAGATE_EXCEPTIONS"] = False

    assert Client(kept_app).get(news).status_code == 500
    assert [Client(kept_app).get(news).status_code for _time in range(3)] == [200] * 3
    assert len(tries) == 2
