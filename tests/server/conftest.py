"""Real servers: `cms run` in processes of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psutil
import pytest


class Server:
    """A running `cms run`."""

    def __init__(self, site, port, workers):
        self.site, self.port = site, port
        env = {**os.environ, "CMS_SITE": str(site), "PYTHONUNBUFFERED": "1"}
        env.pop("CMS_SEARCH_URL", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cms", "run", "--port", str(port), "--workers", str(workers)],
            env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, text=True,
        )  # fmt: skip

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path, timeout=5):
        """Return status and text; 0 if nobody answers."""
        try:
            with urllib.request.urlopen(self.url(path), timeout=timeout) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return 0, ""

    def wait_ready(self, seconds=30):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process.poll() is not None:
                pytest.fail(f"the server ended: {self.process.stdout.read()}")
            if self.get("/readyz")[0] == 200:
                return self
            time.sleep(0.1)
        return pytest.fail("the server did not become ready")

    def family(self):
        """Return the processes that belong to the server, itself first."""
        try:
            parent = psutil.Process(self.process.pid)
            return [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def kill_group(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill_group()
        self.process.stdout.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def serve(site):
    """Return a function that starts a server on the site and waits until it answers."""
    servers = []

    def start(*, workers=2):
        server = Server(site, free_port(), workers)
        servers.append(server)
        return server.wait_ready()

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def gone():
    """Return a function that tells whether a process ends within some seconds."""

    def wait(process, seconds=25):
        try:
            process.wait(seconds)
        except psutil.NoSuchProcess:
            return True
        except psutil.TimeoutExpired:
            return process.status() == psutil.STATUS_ZOMBIE
        return True

    return wait
