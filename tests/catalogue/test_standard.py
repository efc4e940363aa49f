"""基层政务公开标准目录: its rows, lists of them in and out, the public page, and what covers each row."""

import csv
import io
import json
import re
from dataclasses import fields

import pytest
from sqlalchemy import event

from cms.accounts.policy import MACHINE, Role
from cms.catalogue.standard import RowInput, add_bundled, save_row
from cms.catalogue.standard_rows import StandardRow, rows
from cms.catalogue.waiting import covered
from cms.kernel.errors import Invalid
from cms.testing.factories import make_draft, make_published

GIVEN = RowInput(
    domain="社会救助领域", serial=3, first="临时救助", second="办事指南", elements="条件、标准", basis="条例", limit_days=10,
    time_limit="10个工作日内", agency="民政局", channels=("政府网站", "公开查阅点"), levels=("县级", "乡级"), groups="申请人",
    is_for_all=False, is_on_request=True,
)  # fmt: skip


def stored(cms):
    with cms.reading() as session:
        return list(session.scalars(rows(with_retired=True)))


def values(row):
    return {one.name: getattr(row, one.name) for one in fields(RowInput)}


@pytest.fixture
def filled(cms):
    """The bundled catalogue and a row with something in every column."""
    with cms.unit_of_work() as uow:
        add_bundled(uow, "social_assistance", actor=MACHINE)
        save_row(uow, None, RowInput(**{**values(GIVEN), "serial": 20, "basis": "=HYPERLINK(1)"}), actor=MACHINE)


def test_the_bundled_catalogue_has_the_limit_and_the_matters_of_published_ones(cms, filled):
    found = [row for row in stored(cms) if row.serial < 20]

    assert [(row.first, row.second) for row in found][:6] == [
        ("综合业务", "政策法规文件"), ("综合业务", "监督检查"), ("最低生活保障", "政策法规文件"),
        ("最低生活保障", "办事指南"), ("最低生活保障", "审核信息"), ("最低生活保障", "审批信息"),
    ]  # fmt: skip
    assert {row.limit_days for row in found} == {10}
    assert {row.agency for row in found} == {"衡山县民政局"}
    assert all(row.time_limit.startswith("制定或获取信息之日起10个工作日内") for row in found)
    with cms.unit_of_work() as uow:
        assert add_bundled(uow, "social_assistance", actor=MACHINE) == 0


def test_a_row_is_refused_with_everything_that_is_wrong(cms):
    wrong = RowInput(
        domain="", serial=0, first="", limit_days=0, channels=("飞鸽",), levels=("国家级",), is_active=False, is_for_all=False
    )
    with cms.unit_of_work() as uow, pytest.raises(Invalid) as refused:
        save_row(uow, None, wrong, actor=MACHINE)

    assert set(refused.value.errors) == {
        "domain", "serial", "first", "elements", "limit_days", "channels", "levels", "is_active", "groups"
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["xlsx", "csv", "json"])
def test_what_is_exported_can_be_imported_again(cms, filled, sign_in, kind):
    officer = sign_in(Role.OFFICER)
    file = officer.get(f"/desk/catalogue/standard/export.{kind}").data
    before = [values(row) for row in stored(cms)]
    if kind == "csv":
        assert "'=HYPERLINK(1)" in file.decode("utf-8-sig")
    with cms.unit_of_work() as uow:
        for row in uow.session.query(StandardRow):
            row.elements, row.channels, row.levels, row.limit_days = "改过", [], [], None

    sent = {"file": (io.BytesIO(file), f"目录.{kind}")}
    answer = officer.post("/desk/catalogue/standard/import", data=sent, follow_redirects=True)

    assert "新增或更新 13 项，0 项没有变化" in answer.text
    assert [values(row) for row in stored(cms)] == before


def test_a_list_with_mistakes_names_their_lines_and_changes_nothing(cms, filled, sign_in):
    officer = sign_in(Role.OFFICER)
    table = list(csv.reader(io.StringIO(officer.get("/desk/catalogue/standard/export.csv").data.decode("utf-8-sig"))))
    head = table[0]
    table[1][head.index("公开内容（要素）")] = "改过"
    table[2][head.index("公开渠道和载体")] = "政府网站、飞鸽"
    table[3][head.index("全社会")] = "也许"
    table[4][head.index("工作日数")] = "十"
    text = io.StringIO()
    csv.writer(text).writerows(table)

    def send(content, name):
        data = {"file": (io.BytesIO(content.encode()), name)}
        answer = officer.post("/desk/catalogue/standard/import", data=data)
        assert answer.status_code == 422
        return [re.sub(r"\s+", " ", one) for one in re.findall(r"<li>(第 \d+ 行.*?)</li>", answer.text)] or answer.text

    assert [problem[:16] for problem in send(text.getvalue(), "目录.csv")] == [
        "第 3 行 · 公开渠道和载体：没有", "第 4 行 · 全社会：“也许”应为", "第 5 行 · 工作日数：“十”不是",
    ]  # fmt: skip
    lines = officer.get("/desk/catalogue/standard/export.json").text.splitlines()
    lines[3] = json.dumps({**json.loads(lines[3].rstrip(",")), "序号": "三"}, ensure_ascii=False) + ","
    assert send("\n".join(lines), "目录.json") == ["第 4 行 · 序号：“三”不是整数。"]
    assert "第 3 行起的 JSON 不能读取" in send("[\n{},\n{oops}]", "目录.json")
    assert "请选择文件" in officer.post("/desk/catalogue/standard/import").text
    assert "改过" not in {row.elements for row in stored(cms)}


def test_a_row_is_edited_retired_and_shown_to_citizens(cms, client, sign_in):
    assert client.get("/zwgk/standard/").status_code == 404
    officer = sign_in(Role.OFFICER)
    assert 'name="standard_code"' not in officer.get("/desk/content/new/news").text
    typed = {
        "domain": "社会救助领域", "serial": "1", "first": "临时救助", "elements": "救助标准", "time_limit": "10个工作日内",
        "limit_days": "10", "channels": ["政府网站", "公开查阅点"], "is_for_all": "y", "is_active": "y", "levels": ["县级"],
    }  # fmt: skip
    assert officer.post("/desk/catalogue/standard/new", data=typed).status_code == 302
    twice = officer.post("/desk/catalogue/standard/new", data={**typed, "elements": "另一个"})
    assert twice.status_code == 422
    assert "序号 1 已有" in twice.text
    assert "另一个" in twice.text

    page = client.get("/zwgk/standard/").text
    heads = re.findall(r"<th [^>]*>([^<]+)</th>", page)
    assert heads == [
        "序号", "公开事项", "公开内容（要素）", "公开依据", "公开时限", "公开主体", "公开渠道和载体", "公开对象", "公开方式",
        "公开层级", "一级事项", "二级事项", "全社会", "特定群体", "主动", "依申请", "县级", "乡级", "村级",
    ]  # fmt: skip
    assert "政府网站、公开查阅点" in page

    form = officer.get("/desk/content/new/news").text
    assert 'name="standard_code"' in form
    assert "社会救助领域 1 临时救助" in form
    with pytest.raises(Invalid, match="standard_code"):
        make_draft(cms, "news", catalogue={"standard_code": "没有"})

    row = stored(cms)[0]
    assert officer.post(f"/desk/catalogue/standard/{row.id}", data={**typed, "is_retired": "y"}).status_code == 302
    assert client.get("/zwgk/standard/").status_code == 404
    assert "（已停用）" in officer.get("/desk/content/new/news").text


def test_coverage_says_what_was_published_last_and_what_is_late(cms, filled, publish, settle, sign_in, clock):
    publish("较早的", formed="2016-03-01", at=(2016, 3, 2), catalogue={"standard_code": "社会救助-03"})
    last = publish("最近的", formed="2016-03-10", at=(2016, 4, 20), catalogue={"standard_code": "社会救助-03"})
    make_draft(
        cms, "news", "没发的", issuer="衡山县民政局",
        catalogue={"formed_on": "2016-05-05", "standard_code": "社会救助-04"},
    )  # fmt: skip
    make_published(cms, "news", "不属于目录的")
    settle()

    with cms.reading() as session:
        found = {code: tuple(numbers) for code, *numbers in session.execute(covered(clock.now()))}
    assert found == {"社会救助-03": (2, last, 1), "社会救助-04": (0, None, 1)}

    officer, statements = sign_in(Role.OFFICER), []
    event.listen(cms.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    page = officer.get("/desk/catalogue/standard").text
    assert "最近的" in page
    assert "较早的" not in page
    assert "12 个事项还没有公开的内容" in page
    assert len([one for one in statements if one.startswith("SELECT")]) <= 20
