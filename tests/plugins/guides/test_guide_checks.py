"""What keeps a guide from becoming public."""

import json
from pathlib import Path

import pytest

import cms.demo
from cms.accounts.policy import MACHINE
from cms.content import services
from cms.content.models import Content
from cms.kernel.errors import NotAllowed
from cms.testing.factories import make_draft

WHOLE = {
    "conditions": "本县户籍",
    "materials": [{"name": "户口簿", "note": ""}],
    "steps": [{"name": "申请"}],
    "offices": [{"name": "窗口"}],
}


@pytest.fixture
def checks(app):
    from cms_plugins.guides import checks

    return checks


def test_a_whole_guide_passes(checks):
    assert checks.problems_of(WHOLE) == []


@pytest.mark.parametrize(
    ("name", "label"),
    [("conditions", "申请条件"), ("materials", "申报材料"), ("steps", "办理流程"), ("offices", "办理地点和时间")],
)
def test_each_key_element_is_needed(checks, name, label):
    assert checks.problems_of({**WHOLE, name: None}) == [f"办事指南缺少关键要素“{label}”。"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"name": "其他材料"}, "其他材料"),
        ({"name": "其它相关材料"}, "其它相关材料"),
        ({"name": "户口簿、身份证等材料"}, "等材料"),
        ({"name": "户口簿", "note": "以及其他所需的证明材料"}, "其他所需的证明材料"),
        ({"name": "收入证明等相关证明材料"}, "等相关证明材料"),
    ],
)
def test_open_ended_words_are_refused(checks, row, words):
    problem = f"申报材料第 2 行有兜底条款“{words}”，请逐项列明所需材料。"

    assert checks.problems_of({**WHOLE, "materials": [{"name": "身份证"}, row]}) == [problem]


@pytest.mark.parametrize("name", ["证明材料", "申请材料", "其他家庭成员的身份证", "材料清单"])
def test_ordinary_words_are_not(checks, name):
    assert checks.problems_of({**WHOLE, "materials": [{"name": name}]}) == []


@pytest.mark.parametrize(
    ("promised", "legal", "refused"),
    [
        ("20个工作日", "30个工作日", False),
        ("30个工作日", "30个工作日", False),
        ("31 工作日", "30个工作日", True),
        ("31天", "30日", True),
        ("31日内", "30日", True),
        ("31日", "30个工作日", False),
        ("即办", "30日", False),
        ("31日", "名单异议处理30日", False),
        ("", "30日", False),
    ],
)
def test_no_more_time_than_the_law_allows(checks, promised, legal, refused):
    problems = checks.problems_of({**WHOLE, "promised_limit": promised, "legal_limit": legal})

    assert problems == ([f"承诺办结时限（{promised}）长于法定办结时限（{legal}）。"] if refused else [])


@pytest.mark.parametrize("address", ["javascript:alert(1)", "www.example.gov.cn", "//example.gov.cn"])
def test_an_address_has_its_scheme(checks, address):
    assert checks.problems_of({**WHOLE, "online_url": address}) == ["“网上办理地址”应以 https:// 开头。"]


def test_the_check_stops_the_submission_and_tells_everything_at_once(cms):
    content_id = make_draft(cms, "guide", "空指南", body="")
    kind = cms.types.require("guide")

    with cms.unit_of_work() as uow, pytest.raises(NotAllowed) as refused:
        services.submit(uow, kind, uow.session.get_one(Content, content_id), actor=MACHINE)

    assert str(refused.value).count("缺少关键要素") == 4


def test_a_guide_without_a_text_body_can_be_submitted(cms):
    content_id = make_draft(cms, "guide", "低保申请", body="", meta={**WHOLE, "faq": []})

    with cms.unit_of_work() as uow:
        content = uow.session.get_one(Content, content_id)
        services.submit(uow, cms.types.require("guide"), content, actor=MACHINE)

        assert content.state == "review"


def test_a_news_item_without_text_still_cannot(cms):
    content_id = make_draft(cms, "news", "空新闻", body="")

    with cms.unit_of_work() as uow, pytest.raises(NotAllowed, match="正文是空的"):
        services.submit(uow, cms.types.require("news"), uow.session.get_one(Content, content_id), actor=MACHINE)


def test_the_guides_of_the_demo_site_pass(checks):
    lines = (Path(cms.demo.__path__[0]) / "data" / "items.jsonl").read_text("utf-8").splitlines()
    guides = [record for record in map(json.loads, lines) if record["type"] == "guide"]

    assert len(guides) == 14
    assert {guide["external_id"]: checks.problems_of(guide["fields"]) for guide in guides} == {
        guide["external_id"]: [] for guide in guides
    }
