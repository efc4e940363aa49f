"""Builds that fail while the site runs: tried again, nothing left open, the database never taken for an empty one."""

import gc
import threading
from dataclasses import replace

import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.test import Client

from cms.app import create_app
from cms.config import Settings
from cms.db.engine import make_engine
from cms.db.uow import unit_of_work
from cms.live import LiveSite
from cms.pluginkit.state import enabled_keys
from cms.settings.services import touch


@pytest.fixture
def live(settings):
    live = LiveSite(settings, poll=None)
    yield live
    live.close()


def status(live, path):
    return Client(live).get(path, buffered=True).status_code


def bump(settings):
    engine = make_engine(settings.database)
    with unit_of_work(engine) as uow:
        touch(uow, "plugins")
    engine.dispose()


class Timer:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self):
        return self.now


def test_failed_build_is_tried_again_after_growing_pauses(settings, monkeypatch):
    timer = Timer()
    live = LiveSite(settings, poll=None, timer=timer)
    old, tries = live.app, []
    bump(settings)

    def fail(*_args, **_kwargs):
        tries.append(timer.now)
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("cms.live.create_app", fail)
        for second in range(200):
            timer.now = float(second)
            assert live.refresh() is False
    assert tries == [0, 1, 3, 7, 15, 31, 63, 123, 183]
    assert live.app is old

    assert live.refresh() is False
    timer.now = 243.0
    assert live.refresh() is True
    assert live.app is not old
    assert status(live, "/news/") == 200
    live.close()


def test_another_change_is_followed_without_waiting_for_the_pause(settings, monkeypatch):
    live = LiveSite(settings, poll=None, timer=Timer())
    bump(settings)
    with monkeypatch.context() as patched:
        patched.setattr("cms.live.create_app", lambda *_args, **_kwargs: 1 / 0)
        live.refresh()
    assert live.refresh() is False

    bump(settings)

    assert live.refresh() is True
    live.close()


@pytest.mark.parametrize("part", ["init_rendering", "load_all", "_themes"])
def test_thirty_failing_builds_leave_descriptors_bounded(settings, monkeypatch, part):
    # The index lies on the disk here, for that one has files open.
    live = LiveSite(replace(settings, search_url=""), poll=None)
    process = psutil.Process()
    # Without the collector, so that nothing is closed by chance.
    gc.disable()
    try:
        with monkeypatch.context() as patched:
            patched.setattr(f"cms.app.{part}", lambda *_args, **_kwargs: 1 / 0)
            bump(settings)
            live.refresh()
            before = process.num_fds()
            for _ in range(30):
                bump(settings)
                assert live.refresh() is False
            after = process.num_fds()
    finally:
        gc.enable()
    bump(settings)

    assert after <= before + 3
    assert live.refresh() is True
    assert status(live, "/news/") == 200
    live.close()


@pytest.mark.parametrize("question", ["stamp", "enabled_keys", "load_both"])
def test_database_error_while_building_is_not_taken_for_an_empty_database(live, settings, monkeypatch, question):
    def fail(*_args):
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    old = live.app
    bump(settings)
    monkeypatch.setattr(f"cms.app.{question}", fail)

    assert live.refresh() is False
    assert live.app is old
    assert status(live, "/news/") == 200
    with pytest.raises(OperationalError):
        create_app(settings)


def test_lost_plugin_table_is_not_taken_for_an_empty_database(settings):
    engine = make_engine(settings.database)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE plugin_state"))
    with Session(engine) as session, pytest.raises(OperationalError):
        enabled_keys(session)
    engine.dispose()


def test_database_before_its_first_migration_gives_an_app_without_plugins(tmp_path):
    folder = tmp_path / "new"
    folder.mkdir()
    empty = Settings.load(folder, {}, testing=True, search_url="memory:", public_url="http://localhost")
    engine = make_engine(empty.database)
    with Session(engine) as session:
        assert enabled_keys(session) == frozenset()
    engine.dispose()

    cms = create_app(empty).extensions["cms"]

    assert cms.loaded == []
    cms.close()


def test_watcher_survives_whatever_a_look_raises(settings, monkeypatch):
    looks, looked = [], threading.Event()

    def fail(_live):
        looks.append(1)
        if len(looks) == 3:
            looked.set()
        raise SystemExit

    monkeypatch.setattr(LiveSite, "refresh", fail)
    live = LiveSite(settings, poll=0.01)

    # It ends as soon as there was a third look; the bound only ends a test that has failed.
    assert looked.wait(30)
    live.close()
