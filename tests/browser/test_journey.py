"""One item on its whole way, in a real browser against a real server: written, reviewed, published, found, withdrawn.

At the root of a host and below a path of it, where no link may leave the path.
"""

import json
import os
import re
import subprocess
import sys
import time
from io import BytesIO
from urllib.parse import quote

import pytest
from lxml import html
from PIL import Image

pytestmark = pytest.mark.browser

PASSWORD = "Correct-Horse-7"
PEOPLE = {"bianji": "editor", "shenhe": "reviewer", "fabu": "publisher"}
TITLE = "县民政局开展冬季困难群众走访"
PHONE = {"width": 390, "height": 844}


def picture(colour, kind="JPEG"):
    file = BytesIO()
    Image.new("RGB", (640, 400), colour).save(file, kind)
    return file.getvalue()


PDF = picture("white", "PDF")
FILES = [
    {"name": "走访名单.pdf", "mimeType": "application/pdf", "buffer": PDF},
    {"name": "走访一.jpg", "mimeType": "image/jpeg", "buffer": picture("navy")},
    {"name": "走访二.jpg", "mimeType": "image/jpeg", "buffer": picture("olive")},
]


class Visits:
    """The windows of all the people; notes what goes wrong in any of them and which pages they saw."""

    def __init__(self, chromium, server):
        self._chromium, self._server = chromium, server
        self.problems, self.contexts = [], {}

    def window(self, **options):
        context = self._chromium.new_context(locale="zh-CN", **options)
        context.set_default_timeout(20_000)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        context.on("requestfailed", self._failed)
        context.on("response", lambda answer: self._answered(answer, self.contexts[context]))
        self.contexts[context] = set()
        return context.new_page()

    def _console(self, message):
        if message.type == "error" and "410" not in message.text:
            self.problems.append(f"console: {message.text}")

    def _failed(self, request):
        # What a page no longer needs when it is left is no failure.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"failed: {request.url} {request.failure}")

    def _answered(self, answer, pages):
        if answer.status >= 400 and answer.status != 410:
            self.problems.append(f"{answer.status}: {answer.request.method} {answer.url}")
        elif answer.request.is_navigation_request():
            pages.add(answer.url)

    def strays(self):
        """Return the links of all visited pages that lead out of the site."""
        allowed = (f"{self._server.base_path}/", self._server.public_url, "#", "mailto:", "tel:")
        found = []
        for context, pages in self.contexts.items():
            for url in sorted(pages):
                links = html.fromstring(context.request.get(url).text()).xpath("//@href | //@src | //@action")
                assert links, url
                found += [(url, one) for one in links if not one.startswith(allowed) or one.startswith("//")]
        return found

    def sign_in(self, username, **options):
        page = self.window(**options)
        page.goto(self._server.url("/desk/"))
        page.get_by_label("账号").fill(username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(self._server.url("/desk/"))
        return page


@pytest.fixture(params=["", "/mzj"], ids=["root", "below-a-path"])
def server(request, cms_run, site):
    for name, role in PEOPLE.items():
        subprocess.run(
            [sys.executable, "-m", "cms", "user", "add", name, "--role", role, "--password-stdin"],
            env={**os.environ, "CMS_SITE": str(site)}, input=f"{PASSWORD}\n", text=True, check=True,
            capture_output=True,
        )  # fmt: skip
    return cms_run(workers=2, base_path=request.param)


@pytest.fixture
def visits(chromium, server):
    found = Visits(chromium, server)
    yield found
    for context in found.contexts:
        context.close()


def write(page):
    """Write a news item with the editor and hand it in; return the address of its page in the desk."""
    page.get_by_role("link", name="新建内容").click()
    page.get_by_role("main").get_by_role("link", name="工作动态").click()
    page.get_by_label(re.compile("^标题")).fill(TITLE)
    body = page.locator(".editor-content").and_(page.get_by_role("textbox", name="正文"))
    body.click()
    page.keyboard.type("近日，县民政局组成四个工作组。")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="二级标题", exact=True).click()
    page.keyboard.type("走访安排")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="无序列表", exact=True).click()
    page.keyboard.type("城关片区")
    page.keyboard.press("Enter")
    page.keyboard.type("山区片区")
    page.set_input_files("#assets-files", FILES)
    page.locator("[name=assets]").nth(len(FILES) - 1).wait_for(state="attached")
    for field in page.locator("[data-upload]").get_by_label("替代文字").all():
        field.fill("工作人员在农户家中")
    page.get_by_role("button", name="保存并提交审核").click()
    page.get_by_text("已保存并提交。").wait_for()
    return page.url


def review(page):
    """Find the item in the queue on a phone, read what is new in it, and sign."""
    page.get_by_role("button", name="菜单", exact=True).click()
    page.get_by_role("link", name="待我审核").click()
    page.get_by_role("link", name=TITLE).click()
    difference = page.locator(".changes")
    for text in (TITLE, "走访安排", "山区片区", "走访名单.pdf"):
        assert text in difference.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_label(re.compile("^公开：")).check()
    page.get_by_role("button", name="通过").click()
    page.get_by_text(f"《{TITLE}》已通过。").wait_for()


def publish(page, address):
    page.goto(address)
    page.get_by_role("link", name="发布", exact=True).click()
    page.get_by_role("button", name="确定发布").click()
    page.get_by_text("已发布。").wait_for()


def withdraw(page, address):
    page.goto(address)
    page.get_by_role("link", name="撤回").click()
    page.get_by_label("撤回原因").fill("走访安排有变")
    page.get_by_role("button", name="撤回").click()
    page.get_by_text("已撤回，原网址今后显示").wait_for()


def wait_for_search(server, total):
    """Wait until the index has caught up."""
    until = time.monotonic() + 20
    while json.loads(server.get(f"/api/v1/search?q={quote(TITLE)}")[1])["total"] != total:
        assert time.monotonic() < until, "the index did not catch up"
        time.sleep(0.1)


def search(page, server):
    page.goto(server.url("/"))
    page.get_by_role("searchbox", name="搜索本站内容").fill("冬季走访困难群众")
    page.get_by_role("button", name="搜索").click()
    return page.get_by_role("main").get_by_role("link", name=TITLE)


def read(page, server):
    """Find and read the item as a citizen with a phone and no scripts; return its address."""
    search(page, server).click()
    main = page.get_by_role("main")
    assert main.get_by_role("heading", level=1).inner_text() == TITLE
    assert main.get_by_role("heading", name="走访安排", level=2).is_visible()
    assert main.get_by_role("listitem").filter(has_text="山区片区").is_visible()
    pictures = main.get_by_role("img", name="工作人员在农户家中")
    assert pictures.count() == 2
    for one in pictures.all():
        answer = page.request.get(server.url("/").removesuffix(f"{server.base_path}/") + one.get_attribute("src"))
        assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")
    link = main.get_by_role("link", name=re.compile(r"走访名单\.pdf"))
    answer = page.request.get(f"http://127.0.0.1:{server.port}{link.get_attribute('href')}")
    assert (answer.status, answer.body() == PDF) == (200, True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    return page.url


def test_item_goes_its_whole_way(visits, server):
    address = write(visits.sign_in("bianji", viewport={"width": 1280, "height": 900}))
    review(visits.sign_in("shenhe", viewport=PHONE, has_touch=True))
    publisher = visits.sign_in("fabu", viewport={"width": 1280, "height": 900})
    publish(publisher, address)
    wait_for_search(server, 1)

    citizen = visits.window(viewport=PHONE, has_touch=True, java_script_enabled=False)
    public = read(citizen, server)

    assert visits.strays() == []

    withdraw(publisher, address)
    wait_for_search(server, 0)
    assert search(citizen, server).count() == 0
    assert citizen.goto(public).status == 410
    assert "走访安排" not in citizen.content()
    assert visits.problems == []
    assert visits.strays() == []
