"""nginx answers from finished pages as deploy/nginx.conf says: at most a second behind, never for the wrong person."""

import gzip
import http.client
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

import cms
from cms.accounts.policy import MACHINE
from cms.app import create_app
from cms.config import Settings
from cms.content.models import Content
from cms.content.services import withdraw
from cms.settings.services import SiteSettings, save
from cms.testing.factories import make_published
from cms.web.security import HEADERS

CONFIGURATION = Path(cms.__file__).parents[1] / "deploy" / "nginx.conf"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Front:
    """nginx with the configuration of deploy/, without certificates and at other ports."""

    def __init__(self, folder, backend, pages):
        self.folder, self.port = folder, free_port()
        text = CONFIGURATION.read_text("utf-8")
        plain, secure = text.split("server {\n    listen 80;", 1)[0], text.split("server {\n    listen 443 ssl;", 1)[1]
        secure = "\n".join(line for line in secure.splitlines() if "ssl_certificate" not in line)
        text = f"{plain}server {{\n    listen 127.0.0.1:{self.port};{secure}"
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{backend}").replace("/run/gongkai/pages", str(pages))
        text = text.replace("www.example.gov.cn", "127.0.0.1").replace(
            "proxy_set_header Host $host;", f"proxy_set_header Host 127.0.0.1:{backend};"
        )
        text = text.replace("X-Forwarded-Host $host;", f"X-Forwarded-Host 127.0.0.1:{backend};")
        temporary = "\n".join(
            f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log warn;\n"
            f"events {{}}\nhttp {{\naccess_log off;\n{temporary}\n{text}\n}}\n", "utf-8"
        )  # fmt: skip
        self.process = subprocess.Popen(
            [
                shutil.which("nginx") or "/usr/sbin/nginx",
                "-c",
                str(folder / "nginx.conf"),
                "-e",
                str(folder / "error.log"),
            ]
        )

    def ask(self, path, method="GET", **headers):
        """Return status, headers and body, in whatever encoding it came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def wait_ready(self):
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                if self.ask("/healthz")[0] == 200:
                    return self
            except OSError:
                time.sleep(0.1)
        return pytest.fail((self.folder / "error.log").read_text("utf-8"))


@pytest.fixture
def nginx(cms_run, site, tmp_path, need, monkeypatch):
    """Serve the site with its pages as files, and nginx before it."""
    if not shutil.which("nginx") and not Path("/usr/sbin/nginx").exists():
        need("nginx", "no nginx: apt-get install nginx-light")
    monkeypatch.setenv("CMS_PAGE_CACHE", "files")
    monkeypatch.setenv("CMS_PAGE_FOLDER", str(tmp_path / "pages"))
    server = cms_run()
    (tmp_path / "nginx").mkdir()
    front = Front(tmp_path / "nginx", server.port, tmp_path / "pages")
    front.server = server
    yield front.wait_ready()
    front.process.terminate()
    front.process.wait(10)


@pytest.fixture
def office(site):
    """Return the state of an app on the site, for changes from outside the server."""
    app = create_app(Settings.load(site, {}))
    with app.app_context():
        yield app.extensions["cms"]
    app.extensions["cms"].close()


def is_from_file(front, path):
    """Tell whether nginx answers from a file, asking until it does."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        _status, headers, _body = front.ask(path)
        # The ETag of nginx is of time and size, ours a digest.
        if "-" in headers.get("etag", ""):
            return True
        time.sleep(0.1)
    return False


def within(seconds, condition):
    """Tell whether something comes true in time, by the clock of a machine that others use as well."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def test_finished_pages_are_answered_as_the_server_does(nginx, office):
    item = f"/news/{make_published(office, 'news', '一条新闻')}.html"
    for path in ("/", "/news/", item):
        assert is_from_file(nginx, path), path
        status, headers, body = nginx.ask(path)
        expected = nginx.server.get(path)

        assert (status, body.decode()) == expected
        assert headers["content-type"] == "text/html; charset=utf-8"
        assert headers["cache-control"] == "no-cache"
        assert {name: headers[name.lower()] for name in HEADERS} == HEADERS
        assert "last-modified" not in headers
        assert nginx.ask(path, If_None_Match=headers["etag"])[0] == 304
        assert nginx.ask(path, "HEAD")[0] == 200
        _status, zipped, small = nginx.ask(path, Accept_Encoding="gzip")
        assert (zipped["content-encoding"], gzip.decompress(small)) == ("gzip", body)
        assert zipped["vary"] == "Accept-Encoding"


def test_what_must_not_come_from_a_file_goes_to_the_server(nginx, office):
    item = f"/news/{make_published(office, 'news', '一条新闻')}.html"
    assert is_from_file(nginx, item)

    for headers in ({"Cookie": "a=1; cms_session=x"}, {"Cookie": "cms_session=x"}):
        assert "-" not in nginx.ask(item, **headers)[1].get("etag", "")
    assert "-" not in nginx.ask(f"{item}?x=1")[1].get("etag", "")
    assert nginx.ask(item, "POST")[0] in {400, 405}
    assert nginx.ask("/desk/")[0] == 302
    assert nginx.ask("/search?q=x")[0] == 200
    assert nginx.ask("/nowhere.html")[0] == 404
    assert nginx.ask("/news/~.page")[0] == 404
    assert nginx.ask("/../news/~.page")[0] in {400, 404}


def test_nginx_follows_publishing_withdrawal_and_settings_within_a_second(nginx, office):
    first = make_published(office, "news", "一条新闻")
    item = f"/news/{first}.html"
    for number in range(3):
        assert is_from_file(nginx, "/")
        assert is_from_file(nginx, item)
        with office.unit_of_work() as uow:
            save(uow, SiteSettings(site_name=f"第{number}版"))
        assert within(1, lambda number=number: f"第{number}版" in nginx.ask("/")[2].decode())
        assert f"第{number}版" in nginx.ask(item)[2].decode()

    with office.unit_of_work() as uow:
        withdraw(uow, uow.session.get_one(Content, first), actor=MACHINE, reason="有误")
    assert within(1, lambda: nginx.ask(item)[0] == 410)
    assert "一条新闻" not in nginx.ask("/")[2].decode()


def test_old_pages_are_removed_and_nothing_is_left_when_the_server_ends(nginx, office, tmp_path, monkeypatch):
    pages = tmp_path / "pages"
    assert is_from_file(nginx, "/")
    stranger = pages / "somebody-elses"
    stranger.mkdir()
    for number in range(3):
        with office.unit_of_work() as uow:
            save(uow, SiteSettings(site_name=f"第{number}版"))
        assert is_from_file(nginx, "/")
    old = [child for child in pages.iterdir() if child.is_dir() and not child.is_symlink() and child != stranger]
    for child in old:
        os.utime(child, (0, 0))
    with office.unit_of_work() as uow:
        save(uow, SiteSettings(site_name="最后一版"))
    assert within(10, lambda: not any(child.exists() for child in old))

    nginx.server.stop()
    assert {child.name for child in pages.iterdir()} <= {"lock", "somebody-elses"}


def test_command_takes_the_link_away_when_the_server_was_killed(nginx, office, site, tmp_path, command, monkeypatch):
    assert is_from_file(nginx, "/")
    nginx.server.kill_group()
    assert nginx.ask("/")[0] == 200  # the last that was public
    (site / "config.toml").write_text(f'page_cache = "files"\npage_folder = "{tmp_path / "pages"}"\n', "utf-8")

    command(site, "plugin", "disable", "notices")

    assert nginx.ask("/")[0] == 502
