"""What only our own tests need; the fixtures for everybody are in cms.testing.plugin."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner


@pytest.fixture
def runner(settings, monkeypatch):
    """Run a command on the test's site and return its output, read as JSON where it is."""
    monkeypatch.setenv("CMS_SITE", str(settings.site))
    monkeypatch.setenv("CMS_SEARCH_URL", "memory:")

    def run(command, *arguments, code=0):
        result = CliRunner().invoke(command, list(arguments), catch_exceptions=False)
        assert result.exit_code == code, result.output
        try:
            return json.loads(result.stdout)
        except json.JSONDecodeError:
            return result.stdout

    return run


class Server:
    """A running `cms run`, at its own address or, with ``base_path``, below a path of it."""

    def __init__(self, site, port, *, workers=2, base_path="", command=(sys.executable, "-m", "cms"), cwd=None):
        self.site, self.port, self.base_path = site, port, base_path
        self.public_url = f"http://127.0.0.1:{port}{base_path}"
        env = {**os.environ, "CMS_SITE": str(site), "CMS_PUBLIC_URL": self.public_url, "PYTHONUNBUFFERED": "1"}
        env.pop("CMS_SEARCH_URL", None)
        self.process = subprocess.Popen(
            [*command, "run", "--port", str(port), "--workers", str(workers)],
            env=env, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, text=True,
        )  # fmt: skip

    def url(self, path):
        return f"{self.public_url}{path}"

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
    """Return a function that starts a server, on the site if no other is given, and waits until it answers."""
    servers = []

    def start(**options):
        server = Server(options.pop("site", site), free_port(), **options)
        servers.append(server)
        return server.wait_ready()

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def chromium():
    """Start Chromium once, or say why not (``CMS_TEST_REQUIRE=browser`` forbids the excuse)."""
    executable = next(
        (path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None
    )
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        lacking("browser", "playwright is not installed: pip install playwright")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        except Error as error:
            lacking("browser", f"no Chromium: apt-get install chromium ({str(error).splitlines()[0]})")
        yield browser
        browser.close()


def lacking(what, advice):
    """Skip for want of ``what``, or fail when the environment promised it."""
    if what in os.environ.get("CMS_TEST_REQUIRE", "").split(","):
        pytest.fail(advice)
    pytest.skip(advice)


@pytest.fixture(scope="session")
def need():
    """Return the function that skips a test for want of something."""
    return lacking
