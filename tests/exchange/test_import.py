"""Import: upsert, errors by line, gaps noted, nothing twice."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import func, select

from cms.cli import cli
from cms.content.models import Content, Publication, Redirect
from cms.figures.figure import Period

ORGAN = "衡山县民政局"


def record(number=1, **more):
    base = {
        "type": "news", "title": f"第{number}条消息", "body": "第一段。\n第二段。", "external_id": f"x-{number}",
        "published_on": "2016-03-08T09:30:00", "issuer": ORGAN,
    }  # fmt: skip
    return {**base, **more}


@pytest.fixture
def write(tmp_path):
    def write(*records, name="in.jsonl"):
        path = tmp_path / name
        lines = "".join(
            (one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)) + "\n" for one in records
        )
        if name.endswith(".gz"):
            path.write_bytes(gzip.compress(lines.encode()))
        else:
            path.write_text(lines, "utf-8")
        return str(path)

    return write


def contents(cms):
    with cms.reading() as session:
        return session.scalars(select(Content).order_by(Content.id)).all()


def test_records_become_published_items(app, cms, runner, write, client):
    output = runner(
        cli, "import", write(record(1), record(2, type="notice", doc_no="衡民发[2016]第012号", formed_on="2016-03-01"))
    )

    assert "2 new, 0 updated, 0 unchanged, 0 errors" in output
    first, second = contents(cms)
    page = client.get(f"/news/{first.id}.html")
    assert page.status_code == 200
    assert "<p>第一段。</p><p>第二段。</p>" in page.text
    assert "2016-03-08 09:30" in page.text
    assert "衡民发〔2016〕12号" in client.get(f"/notices/{second.id}.html").text


def test_second_run_changes_nothing(app, cms, runner, write):
    path = write(record(1), record(2, published_on=""), name="in.jsonl.gz")
    runner(cli, "import", path)
    with cms.reading() as session:
        before = session.execute(select(Content.id, Content.updated_at, Content.latest_revision_id)).all()
        log = session.scalar(select(func.count()).select_from(Publication))

    output = runner(cli, "import", path)

    assert "0 new, 0 updated, 2 unchanged, 0 errors" in output
    with cms.reading() as session:
        assert session.execute(select(Content.id, Content.updated_at, Content.latest_revision_id)).all() == before
        assert session.scalar(select(func.count()).select_from(Publication)) == log


def test_changed_record_updates_its_item(app, cms, runner, write):
    runner(cli, "import", write(record(1)))

    output = runner(cli, "import", write(record(1, title="改过的标题")))

    assert "0 new, 1 updated" in output
    (item,) = contents(cms)
    assert item.title == "改过的标题"


BROKEN = [
    ("{broken", "不是有效的 JSON"),
    ("[1]", "JSON 对象"),
    (json.dumps({"type": "news", "title": "", "body": "x"}), "缺少 title"),
    (json.dumps({"type": "nothing", "title": "t", "body": "x"}), "没有启用内容类型“nothing”"),
    (json.dumps({"type": "news", "title": "t", "body": "x", "colour": "red"}), "未知的键：colour"),
    (json.dumps({"type": "news", "title": "t", "body": "x", "published_on": "gestern"}), "published_on 应为 ISO 日期"),
    (json.dumps({"type": "news", "title": "t", "body": "x", "fields": {"nope": 1}}), "没有“nope”这个字段"),
    (
        json.dumps({"type": "news", "title": "t", "body": "x", "assets": ["../../etc/passwd"]}),
        "超出了导入文件所在的文件夹",
    ),
    (json.dumps({"type": "news", "title": "t", "body": "x", "assets": ["no.jpg"]}), "无法读取"),
    (json.dumps({"type": "news", "title": ["t"], "body": "x"}), "title 应为文字"),
    (json.dumps({"record": "planet"}), "不认识的记录类型"),
]


@pytest.mark.parametrize(("line", "problem"), BROKEN)
def test_broken_line_is_reported_with_its_number_and_the_rest_goes_in(app, cms, settings, write, line, problem):
    from click.testing import CliRunner

    path = write(record(1), line, record(2))
    result = CliRunner(env={"CMS_SITE": str(settings.site), "CMS_SEARCH_URL": "memory:"}).invoke(cli, ["import", path])

    assert result.exit_code == 1
    assert f"{path}:2: " in result.stderr
    assert problem in result.stderr
    assert [item.external_id for item in contents(cms)] == ["x-1", "x-2"]


def test_maps_rename_keys_and_types(app, cms, runner, write):
    raw = {
        "id": "D1",
        "kind": "qa",
        "title": "问",
        "body": "答",
        "date": "2015-01-02",
        "agency": "某部",
        "licence": "MIT",
    }

    runner(
        cli,
        "import",
        write(raw),
        "--map",
        "kind=type,date=published_on,agency=issuer,licence=-",
        "--map-type",
        "qa=notice",
    )

    (item,) = contents(cms)
    assert (item.type, item.external_id, item.issuer) == ("notice", "D1", "某部")


def test_gaps_are_accepted_and_listed(app, cms, runner, write):
    runner(cli, "import", write({"type": "news", "title": "无日期", "body": "正文"}))

    (item,) = contents(cms)
    assert "没有发布机构，不计入本机关的统计" in item.attention
    assert "没有发布日期，以导入时间为准" in item.attention


def test_other_organs_documents_do_not_count(app, cms, runner, write):
    figure = cms.contributions.figures.require("site.items")
    runner(cli, "import", write(record(1), record(2, issuer="国务院"), record(3, issuer="")))

    with cms.reading() as session:
        assert figure.value(session, Period.year(2016)) == 1


def test_dry_run_keeps_nothing(app, cms, runner, write):
    assert "checked: 1 new" in runner(cli, "import", write(record(1)), "--dry-run")
    assert contents(cms) == []


def test_draft_state_publishes_nothing(app, cms, runner, write, client):
    runner(cli, "import", write(record(1)), "--state", "draft")

    (item,) = contents(cms)
    assert item.live_revision_id is None
    assert client.get(f"/news/{item.id}.html").status_code == 404


def test_old_address_redirects(app, cms, runner, write, client):
    runner(cli, "import", write(record(1, old_urls=["http://old.example/mz/show.asp?id=7", "/a/b.html"])))

    (item,) = contents(cms)
    assert client.get("/mz/show.asp?id=7").headers["Location"].endswith(f"/news/{item.id}.html")
    assert client.get("/a/b.html").status_code == 301
    with cms.reading() as session:
        assert session.scalar(select(func.count()).select_from(Redirect)) == 2


def test_hostile_markup_is_sanitised(app, cms, runner, write, client):
    body = '<p onclick="x()">好<script>alert(1)</script><img src="file:///c:/a.png"><a href="javascript:x">链</a></p>'
    runner(cli, "import", write(record(1, body=body)))

    (item,) = contents(cms)
    with cms.reading() as session:
        stored = session.scalar(select(Content.body).where(Content.id == item.id))
    assert stored == '<p>好<img alt=""><a rel="noopener noreferrer">链</a></p>'


def test_export_of_a_site_makes_the_same_site(app, cms, runner, write, tmp_path):
    from PIL import Image

    Image.new("RGB", (40, 30), "navy").save(tmp_path / "a.jpg")
    runner(
        cli, "import",
        write(record(1, body='<p>图</p><p><img src="a.jpg" alt="图"></p>', assets=["a.jpg"], index_no="Z/2016-1"), record(2)),
    )  # fmt: skip
    out = tmp_path / "out.jsonl.gz"
    runner(cli, "export", str(out))

    from cms.cli.site import make_site

    other = make_site(tmp_path / "other")
    env = {**os.environ, "CMS_SITE": str(other.site)}
    subprocess.run([sys.executable, "-m", "cms", "import", str(out)], env=env, check=True, capture_output=True)
    again = tmp_path / "again.jsonl"
    subprocess.run([sys.executable, "-m", "cms", "export", str(again)], env=env, check=True, capture_output=True)

    def lines(text):
        found = [json.loads(line) for line in text.splitlines()]
        return [one for one in found if one.get("record") is None]

    first = lines(gzip.decompress(out.read_bytes()).decode().replace("out.jsonl.gz.assets", "ASSETS"))
    second = lines(again.read_text("utf-8").replace("again.jsonl.assets", "ASSETS"))
    assert first == second
    assert first[0]["index_no"] == "Z/2016-1"
    assert (tmp_path / "again.jsonl.assets").is_dir()


def test_killed_import_goes_on_where_it_was(site, write):
    path = write(*(record(number, body="正文。" * 200) for number in range(1500)))
    env = {**os.environ, "CMS_SITE": str(site)}
    command = [sys.executable, "-m", "cms", "import", path]
    first = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while _stored(site) < 100 and time.monotonic() < deadline:
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    kept = _stored(site)
    assert 100 <= kept < 1500

    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)

    assert f"{1500 - kept} new, 0 updated, {kept} unchanged, 0 errors" in done.stdout
    found = subprocess.run(
        [sys.executable, "-m", "cms", "search", "status"], env=env, capture_output=True, text=True, check=True
    )
    assert "1500" in found.stdout


def _stored(site):
    import sqlite3

    with sqlite3.connect(site / "cms.db") as connection:
        (number,) = connection.execute("SELECT count(*) FROM content").fetchone()
    connection.close()
    return number
