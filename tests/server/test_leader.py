"""The process that `cms run` starts beside its workers runs the same code, also where nothing is installed."""

import os
import selectors
import shutil
import time
from pathlib import Path

import cms
from cms.cli.serve import LONGEST_RESTART, RESTART, next_pause

CHECKOUT = Path(cms.__file__).parents[1]

NOTING = """

_lead = main


def main():
    (default_site() / "led-by-the-copy").touch()
    _lead()
"""
DYING = """

def main():
    raise SystemExit(3)
"""


def copy_of_the_product(folder, change):
    for part in ("cms", "plugins", "themes"):
        shutil.copytree(CHECKOUT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    serving = folder / "cms" / "serving.py"
    serving.write_text(serving.read_text("utf-8") + change, "utf-8")
    return folder


def said(server, words, seconds=60):
    """Read what the server says until it says ``words``."""
    heard, until = "", time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        selector.register(server.process.stdout, selectors.EVENT_READ)
        while words not in heard:
            assert time.monotonic() < until, heard
            if selector.select(timeout=1):
                heard += os.read(server.process.stdout.fileno(), 4096).decode()
    return heard


def test_leader_of_a_checkout_is_of_the_checkout(cms_run, site, tmp_path):
    cms_run(cwd=copy_of_the_product(tmp_path / "copy", NOTING))

    until = time.monotonic() + 60
    while not (site / "led-by-the-copy").exists():
        assert time.monotonic() < until, "the leader was not started from the checkout"
        time.sleep(0.1)


def test_leader_that_dies_at_once_is_reported_and_started_ever_more_slowly(cms_run, tmp_path):
    server = cms_run(cwd=copy_of_the_product(tmp_path / "copy", DYING))

    heard = said(server, "next start in 2 s")

    assert "the leader process ended with code 3" in heard
    assert server.get("/healthz")[0] == 200


def test_pause_before_a_leader_starts_again_grows_and_is_forgotten_once_it_has_lived():
    pauses = [next_pause(0, 0.1)]
    for _number in range(8):
        pauses.append(next_pause(pauses[-1], 0.1))

    assert pauses == [RESTART, 2, 4, 8, 16, 32, LONGEST_RESTART, LONGEST_RESTART, LONGEST_RESTART]
    assert next_pause(LONGEST_RESTART, LONGEST_RESTART + 1) == RESTART
