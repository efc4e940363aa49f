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
from io import BytesIO
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


@pytest.fixture(scope="session")
def command():
    """Return a function that runs ``cms`` with some arguments on a site and returns what it printed."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CMS_")}

    def run(folder, *arguments):
        done = subprocess.run(
            [sys.executable, "-m", "cms", *arguments], env={**environment, "CMS_SITE": str(folder)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory, command):
    """Return the demo site, built once for each test process by its command; tests that change it work on copies."""
    folder = tmp_path_factory.mktemp("demo") / "site"
    command(folder, "demo")
    return folder


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
def cms_run(site):
    """Return a function that starts `cms run`, on the site if no other is given, and waits until it answers."""
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


def picture(colour, size=(640, 400)):
    from PIL import Image

    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def public_pages(app, cms, drain):
    """Fill the site with one of everything a citizen can see; give the paths of the pages by their kind."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from cms.accounts.policy import MACHINE
    from cms.content.enums import AssetRole
    from cms.content.models import Content
    from cms.content.services import withdraw
    from cms.content.snapshot import AssetUse
    from cms.media.services import add_asset
    from cms.settings.services import SiteSettings, load, save
    from cms.testing.factories import make_published, make_section

    body = (
        "<h2>一、总体情况</h2><p>正文第一段，见<a href='/search?q=x'>搜索</a>。</p><blockquote>引文。</blockquote>"
        "<table><thead><tr><th scope='col'>项目</th><th scope='col'>数量</th></tr></thead>"
        "<tbody><tr><td>城市低保</td><td>1200</td></tr></tbody></table><h3>（一）细目</h3><ol><li>其一</li></ol>"
    )
    with app.app_context():
        with cms.unit_of_work() as uow:
            known = load(uow.session, SiteSettings)
            save(uow, replace(known, sponsor="衡山县民政局", address="开云镇", phone="0734-5800110",
                              site_id_code="4304230012", icp_no="湘ICP备05001234号-1"))  # fmt: skip
            photo = add_asset(
                uow, cms.store, actor=MACHINE, filename="照片.jpg", content=picture("navy"), alt="慰问现场"
            )
            form = add_asset(uow, cms.store, actor=MACHINE, filename="申请表.txt", content="表".encode())
            uow.session.flush()
            assets = (AssetUse(asset_id=photo.id, role=AssetRole.IMAGE, caption="现场"), AssetUse(asset_id=form.id))
            cover = photo.id
        for path, title, kind in [("zwgk", "政府信息公开", "page"), ("zwgk/zn", "信息公开指南", "page"),
                                  ("zwgk/nb", "信息公开年报", "page"), ("kong", "空栏目", "news")]:  # fmt: skip
            make_section(cms, path, title, default_type=kind)
        in_guides = section_at(cms, "zwgk/zn")
        at = [datetime(2016, 1, 1, 1, tzinfo=UTC).replace(day=day) for day in range(1, 26)]
        for number, moment in enumerate(at):
            make_published(cms, "news", f"走访慰问困难群众第{number + 1}次", at=moment, summary="走访摘要")
        news = [
            make_published(cms, "news", f"图片新闻{number}", cover_id=cover, assets=assets, body=body, summary="摘要",
                           keywords=("走访", "慰问"), meta={"author": "社会救助股"})
            for number in range(3)
        ]  # fmt: skip
        notice = make_published(
            cms, "notice", "关于年检的通知", body=body, meta={"kind": "通知", "closes_on": "2016-05-01"},
            catalogue={"doc_no": "衡民发〔2016〕6号"},
        )  # fmt: skip
        law = make_published(
            cms, "regulation", "社会救助暂行办法", body=body, meta={"level": "行政法规"},
            catalogue={"doc_no": "国务院令第649号", "formed_on": "2014-02-21", "catalog_node": "20.01"},
        )  # fmt: skip
        guide = make_published(cms, "guide", "临时救助申请指南", assets=assets, meta={
            "conditions": "本县户籍\n家庭困难", "materials": [{"name": "身份证", "copies": 1, "required": True}],
            "steps": [{"name": "受理", "content": "当场受理", "days": "1天"}],
            "faq": [{"question": "收费吗？", "answer": "不。"}],
            "offices": [{"name": "社会救助股", "address": "一楼", "hours": "工作日", "phone": "0734-5800120"}],
        })  # fmt: skip
        page = make_published(cms, "page", "政府信息公开指南", section_id=in_guides, body=body)
        gone = make_published(cms, "news", "已撤回")
        with cms.unit_of_work() as uow:
            withdraw(uow, uow.session.get_one(Content, gone), actor=MACHINE, reason="有误")
        drain()
    return {
        "home": "/", "list": "/news/", "list-2": "/news/?page=2", "branch": "/zwgk/", "leaf": "/zwgk/zn/",
        "empty": "/kong/", "news": f"/news/{news[-1]}.html", "notice": path_of_item(cms, notice),
        "regulation": path_of_item(cms, law), "guide": path_of_item(cms, guide), "page": f"/zwgk/zn/{page}.html",
        "notices": path_of_item(cms, notice).rpartition("/")[0] + "/",
        "laws": path_of_item(cms, law).rpartition("/")[0] + "/",
        "guides": path_of_item(cms, guide).rpartition("/")[0] + "/",
        "search": "/search?q=%E8%B5%B0%E8%AE%BF", "search-none": "/search?q=qqzzxx", "search-blank": "/search",
        "zwgk-guide": "/zwgk/guide/", "zwgk-clauses": "/zwgk/content/", "zwgk-clause": "/zwgk/content/20.01/",
        "zwgk-catalogue": "/zwgk/catalogue/", "zwgk-facet": "/zwgk/catalogue/?year=2016",
        "missing": "/nowhere.html", "gone": f"/news/{gone}.html",
    }  # fmt: skip


def section_at(cms, path):
    from cms.sections.queries import tree

    with cms.reading() as session:
        return tree(session).by_path[path].id


def path_of_item(cms, content_id):
    from cms.content.models import Content
    from cms.sections.queries import tree

    with cms.reading() as session:
        content = session.get_one(Content, content_id)
        return f"/{tree(session).by_id[content.section_id].path}/{content_id}.html"
