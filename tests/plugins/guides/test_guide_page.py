"""The page of a service guide: order, telephone links, tables, questions; the directory; the search."""

import re

from cms.accounts.policy import MACHINE
from cms.content.enums import AssetRole
from cms.content.snapshot import AssetUse
from cms.media.services import add_asset
from cms.testing.factories import make_published

GUIDE = {
    "item_code": "HSMZ-JF-01",
    "kind": "行政给付",
    "agency": "衡山县民政局",
    "level": "县级",
    "audience": "自然人",
    "case_type": "承诺件",
    "matter": "社会救助",
    "legal_basis": [{"document": "社会救助暂行办法（国务院令第649号）", "article": "第十一条", "text": "申请程序。"}],
    "conditions": "本县户籍\n家庭人均收入低于当地低保标准",
    "materials": [
        {
            "name": "居民户口簿",
            "kind": "原件和复印件",
            "copies": 1,
            "source": "申请人自备",
            "required": True,
            "note": "复印首页和本人页",
        },
        {
            "name": "残疾人证",
            "kind": "复印件",
            "copies": 2,
            "source": "",
            "required": False,
            "note": "有残疾人的家庭提供",
        },
    ],
    "steps": [
        {"name": "申请", "content": "向乡镇人民政府提出书面申请。", "days": "当日"},
        {"name": "审批", "content": "县民政局作出决定。", "days": "5个工作日"},
    ],
    "legal_limit": "30个工作日",
    "promised_limit": "20个工作日",
    "fee": "不收费",
    "offices": [
        {"name": "乡镇便民服务中心", "address": "各乡镇", "hours": "工作日 8:30—17:30", "phone": "12345"},
        {
            "name": "社会救助股窗口",
            "address": "开云镇",
            "hours": "工作日 8:30—17:00",
            "phone": "0734-5800120（可转接）",
        },
    ],
    "online_url": "https://www.example.gov.cn/apply",
    "visits": 1,
    "result": "发给低保证",
    "delivery": "窗口领取",
    "complaint_phone": "0734-5800110",
    "remedy": "可以依法申请行政复议或者提起行政诉讼。",
    "faq": [{"question": "外出务工能申请吗？", "answer": "可以委托村（居）委会代为递交。"}],
}
HEADINGS = [
    "基本信息", "办理地点和时间", "申请条件", "申报材料", "办理流程", "办理时限", "收费标准", "设定依据", "常见问题",
    "到办事现场次数", "咨询方式", "监督投诉", "行政复议与行政诉讼",
]  # fmt: skip


def headings(html):
    return re.findall(r'<h2 id="[a-z]+">([^<]+)</h2>', html)


def test_the_sections_come_in_the_order_of_service_platforms(cms, page):
    assert headings(page(make_published(cms, "guide", "低保申请", meta=GUIDE))) == HEADINGS


def test_what_was_not_filled_in_is_left_out(cms, page):
    assert headings(page(make_published(cms, "guide", "低保申请", meta={"fee": "不收费"}))) == ["基本信息", "收费标准"]


def test_every_field_is_on_the_page(cms, text):
    shown = text(make_published(cms, "guide", "低保申请", meta=GUIDE))
    values = [value for name, value in GUIDE.items() if isinstance(value, str) and name != "online_url"]
    cells = [cell for value in GUIDE.values() if isinstance(value, list) for row in value for cell in row.values()]

    for line in [*values, *(cell for cell in cells if isinstance(cell, str))]:
        for part in line.splitlines():
            assert part in shown, part
    assert "必要性" in shown
    assert "视情况" in shown
    assert "1 次" in shown


def test_each_office_can_be_called(cms, page):
    html = page(make_published(cms, "guide", "低保申请", meta=GUIDE))

    assert html.count('<a href="tel:12345">12345</a>') == 2
    assert html.count('<a href="tel:07345800120">0734-5800120</a>（可转接）') == 2
    assert html.count('<a href="tel:07345800110">0734-5800110</a>') == 1


def test_materials_are_a_table_whose_cells_have_headings(cms, page):
    html = page(make_published(cms, "guide", "低保申请", meta=GUIDE))
    table = html.split('<table class="guide-table">')[1].split("</table>")[0]

    assert table.count('<th scope="col">') == 7
    assert re.findall(r'<th scope="row">([^<]+)</th>', table) == ["居民户口簿", "残疾人证"]
    assert "共 2 项" in table


def test_steps_are_an_ordered_list_and_questions_open_without_javascript(cms, page):
    html = page(make_published(cms, "guide", "低保申请", meta=GUIDE))

    assert re.findall(r"<li><strong>([^<]+)</strong>", html.split('<ol class="guide-steps">')[1])[:2] == [
        "申请",
        "审批",
    ]
    assert "<summary>外出务工能申请吗？</summary>" in html


def test_a_service_without_visits_says_so(cms, text):
    assert "0 次，全程不用到现场。" in text(make_published(cms, "guide", meta={**GUIDE, "visits": 0}))


def test_blank_forms_stand_with_the_materials(cms, page):
    with cms.unit_of_work() as uow:
        form = add_asset(uow, cms.store, actor=MACHINE, filename="低保申请审批表.csv", content=b"name,value\n").id
    use = AssetUse(asset_id=form, role=AssetRole.ATTACHMENT)

    html = page(make_published(cms, "guide", "低保申请", meta=GUIDE, assets=(use,)))

    materials = html.split('id="materials"')[1].split('id="steps"')[0]
    assert "空白表格和示范文本" in materials
    assert "低保申请审批表.csv" in materials


def test_an_address_that_is_no_web_address_is_never_a_link(cms, page):
    html = page(make_published(cms, "guide", meta={**GUIDE, "online_url": "javascript:alert(1)"}))

    assert "javascript:" not in html


def test_what_was_entered_is_in_the_snapshot(cms, stored):
    assert stored(make_published(cms, "guide", meta=GUIDE)) == GUIDE


def test_questions_and_materials_are_found(cms, client, drain):
    content_id = make_published(cms, "guide", "低保申请", body="", meta=GUIDE)
    drain()

    for words in ("外出务工能申请吗", "代为递交", "残疾人证", "乡镇便民服务中心"):
        assert [item["id"] for item in client.get(f"/api/v1/search?q={words}").json["items"]] == [content_id], words


def test_the_directory_groups_by_audience_and_matter(cms, client):
    for title, audience, matter in (
        ("低保申请", "自然人", "社会救助"),
        ("临时救助", "自然人", "社会救助"),
        ("结婚登记", "自然人", "婚姻登记"),
        ("社会团体登记", "法人", "社会组织"),
        ("捐赠", "自然人、法人", ""),
    ):
        make_published(cms, "guide", title, meta={**GUIDE, "audience": audience, "matter": matter})

    html = client.get("/guides/").text

    found = re.findall(r"<h2[^>]*>([^<]+)</h2>|<h3>([^<]+)</h3>|html\">([^<]+)</a> <span", html)
    assert ["".join(groups) for groups in found] == [
        "个人办事", "社会救助", "临时救助", "低保申请", "其他事项", "捐赠", "婚姻登记", "结婚登记",
        "法人办事", "其他事项", "捐赠", "社会组织", "社会团体登记",
    ]  # fmt: skip


def test_a_long_directory_is_shown_page_by_page(cms, client, monkeypatch):
    from cms_plugins.guides import directory

    monkeypatch.setattr(directory, "LIMIT", 1)
    for title in ("甲", "乙"):
        make_published(cms, "guide", title, meta=GUIDE)

    html = client.get("/guides/").text

    assert "个人办事" not in html
    assert all(f">{title}</a>" in html for title in ("甲", "乙"))
