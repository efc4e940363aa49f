"""The processes of `cms run`: none survives its parent, none serves beside another."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import psutil
import pytest


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_survives_the_server(serve, gone, number):
    server = serve()
    family = server.family()
    assert len(family) >= 4  # the server, two workers, the leader

    os.kill(server.process.pid, number)

    assert [process for process in family if not gone(process)] == []


def test_second_server_on_the_same_site_is_refused(serve, site):
    server = serve()

    second = subprocess.run(
        [sys.executable, "-m", "cms", "run", "--port", "1"], env={**os.environ, "CMS_SITE": str(site)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert second.returncode == 1
    assert f"process {server.process.pid} serves" in second.stderr


def workers_of(server):
    """Return the living processes that answer requests; a killed one is a zombie until the server notices."""
    found = set()
    for one in server.family()[1:]:
        with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if "cms.serving" not in " ".join(one.cmdline()):
                found.add(one)
    return found


def test_killed_worker_is_replaced(serve):
    server = serve()
    before = workers_of(server)
    victim = next(iter(before))

    victim.kill()

    until = time.monotonic() + 20
    while len(workers_of(server) - {victim}) < len(before):
        assert time.monotonic() < until, "nobody took the place of the killed worker"
        time.sleep(0.1)
    server.wait_ready()
    assert server.get("/healthz")[0] == 200
