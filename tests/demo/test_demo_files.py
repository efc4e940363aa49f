"""The demo data keeps the promises the demo site and the 2016 report build on."""

import json
import re
from collections import Counter
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

FOLDER = Path(__file__).parents[2] / "cms" / "demo" / "data"

RECORD_KEYS = {
    "type", "title", "body", "summary", "section", "published_on", "issuer", "doc_no", "formed_on", "source",
    "keywords", "index_no", "department", "openness", "catalog_node", "old_urls", "external_id", "fields", "assets",
    "catalogue",
}  # fmt: skip
FIELD_KEYS = {
    "news": {"author", "event_on"},
    "notice": {"kind", "closes_on", "contact", "phone"},
    "regulation": {"level", "effective_on", "repealed_on", "valid_until", "validity_basis", "relations"},
    "guide": {
        "item_code", "kind", "agency", "level", "audience", "case_type", "matter", "legal_basis", "conditions",
        "materials", "steps", "legal_limit", "promised_limit", "fee", "offices", "online_url", "visits", "result",
        "delivery", "complaint_phone", "remedy", "faq",
    },
    "page": {"confirmed_on"},
}  # fmt: skip
ROW_KEYS = {
    "legal_basis": {"document", "article", "text"},
    "materials": {"name", "kind", "copies", "source", "required", "note"},
    "steps": {"name", "content", "days"},
    "offices": {"name", "address", "hours", "phone"},
    "faq": {"question", "answer"},
}
TALLY_KEYS = {"metric", "occurred_on", "quantity", "channel", "topic", "department", "source"}
TOPICS = {"城乡低保", "优抚安置", "殡葬改革", "村（居）委会选举", "婚姻登记", "其他", ""}
FIGURES = {
    "site.items", "news.items", "notice.items", "letters.leader_mailbox", "letters.hotline_12345",
    "letters.web_replies", "consultations.total", "consultations.onsite", "consultations.phone",
    "consultations.web", "portal.items", "push.portal", "push.upper", "applications.received",
    "reviews.received", "litigations.received", "fees.collected",
}  # fmt: skip


def lines(name):
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def document(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


ITEMS = lines("items.jsonl")
TALLIES = lines("tallies.jsonl")
LETTERS = lines("letters.jsonl")
DEPARTMENTS = {row["name"] for row in document("departments.json")}
SECTIONS = [row["path"] for row in document("sections.json")]


def of(kind):
    return [item for item in ITEMS if item["type"] == kind]


def visible(markup):
    return re.sub(r"<[^>]+>", "", markup)


def total(metric, channel=None):
    return sum(row["quantity"] for row in TALLIES if row["metric"] == metric and channel in (None, row["channel"]))


def test_counts_of_types():
    counts = Counter(item["type"] for item in ITEMS)
    assert counts == {"news": 68, "notice": 3, "regulation": 19, "guide": 14, "page": 15}


def test_only_news_and_notices_are_published_in_2016():
    in_2016 = [item["type"] for item in ITEMS if item["published_on"].startswith("2016-")]
    assert Counter(in_2016) == {"news": 68, "notice": 3}
    for kind, first, last in (("regulation", 2008, 2015), ("guide", 2013, 2015)):
        years = {int(item["published_on"][:4]) for item in of(kind)}
        assert min(years) >= first
        assert max(years) <= last
    later = [item["external_id"] for item in of("page") if item["published_on"] > "2016"]
    assert later == ["demo-report-2016"]


def test_external_ids_and_titles_are_unique():
    for key in ("external_id", "title"):
        values = [item[key] for item in ITEMS]
        assert len(values) == len(set(values))
    assert [item["external_id"] for item in of("news")] == [f"demo-news-{n:03d}" for n in range(1, 69)]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item["external_id"])
def test_record_has_the_agreed_shape(item):
    assert set(item) <= RECORD_KEYS
    assert set(item["fields"]) == FIELD_KEYS[item["type"]]
    assert item["section"] in SECTIONS
    assert item["department"] in DEPARTMENTS
    assert item["openness"] == "public"
    assert re.fullmatch(r"20\.\d\d|21", item["catalog_node"])
    assert 10 <= len(item["summary"]) <= 80
    assert 1 <= len(item["keywords"]) <= 5
    assert date.fromisoformat(item["formed_on"]) <= datetime.fromisoformat(item["published_on"]).date()
    allowed = "p|h2|h3|ul|ol|li|table|thead|tbody|tr|th|td|strong|em|a|img|figure|figcaption|blockquote|br"
    assert not re.sub(rf"</?({allowed})( (src|href|alt|scope)=\"[^\"]*\")*>", "", item["body"]).count("<")
    if "doc_no" in item:
        assert re.fullmatch(r"[\u4e00-\u9fff、]+(〔\d{4}〕|令第)[1-9]\d*号", item["doc_no"])


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item["external_id"])
def test_assets_exist_and_are_all_listed(item):
    used = {path for path in re.findall(r'(?:src|href)="([^"]+)"', item["body"]) if "://" not in path}
    assert used == set(item.get("assets", []))
    for path in used:
        assert (FOLDER / path).is_file()
    assert item["body"].count("<img ") == item["body"].count('alt="')


def test_every_shipped_asset_is_used():
    shipped = {str(p.relative_to(FOLDER)) for sub in ("images", "files") for p in (FOLDER / sub).iterdir()}
    assert shipped == {path for item in ITEMS for path in item.get("assets", [])}


def test_images_are_small_and_of_one_size():
    images = sorted((FOLDER / "images").iterdir())
    assert len(images) == 12
    for path in images:
        assert path.stat().st_size <= 60 * 1024, path.name
        with Image.open(path) as image:
            assert image.size == (1200, 750)


def test_no_personal_numbers_anywhere():
    for path in (*FOLDER.glob("*.json"), *FOLDER.glob("*.jsonl")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<!\d)\d{17}[\dXx](?!\d)", text), path.name
        assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", text), path.name
        assert set(re.findall(r"0734-?\d+", text)) <= {f"0734-58001{n}0" for n in range(1, 10)} | {
            "0734-5800200",
            "0734-5800210",
        }


def test_news_are_of_readable_length_and_all_different():
    for item in of("news"):
        assert 250 <= len(visible(item["body"])) <= 600, item["external_id"]
        assert 3 <= item["body"].count("<p>") <= 6, item["external_id"]
    openings = [visible(item["body"])[:8] for item in of("news")]
    assert len(set(openings)) == len(openings)
    assert sum("<img " in item["body"] for item in of("news")) == 22


def test_news_keep_the_two_week_rhythm():
    days = [date(2016, 1, 1), *(date.fromisoformat(i["published_on"][:10]) for i in of("news")), date(2016, 12, 31)]
    assert max((b - a).days for a, b in pairwise(days)) <= 14


def test_notices_are_named_by_their_kind():
    for item in of("notice"):
        assert item["fields"]["kind"] in ("通知", "公告", "公示", "通告")
        assert item["title"].endswith(item["fields"]["kind"])


def test_regulations_are_versions_in_force_in_2015():
    for item in of("regulation"):
        assert item["fields"]["level"] in ("法律", "行政法规", "部门规章", "地方性法规", "规范性文件")
        assert item["formed_on"] < "2016"
        assert item["issuer"] != "衡山县民政局"
        assert len(item["body"].encode()) <= 60 * 1024
        if item["fields"]["effective_on"]:
            assert item["fields"]["effective_on"] >= item["formed_on"]


@pytest.mark.parametrize("item", of("guide"), ids=lambda item: item["external_id"])
def test_guides_are_complete(item):
    fields = item["fields"]
    for key in FIELD_KEYS["guide"] - {"online_url", "visits"}:
        assert fields[key], key
    for key, wanted in ROW_KEYS.items():
        assert all(set(row) == wanted for row in fields[key]), key
    assert all(row["kind"] in ("原件", "复印件", "原件和复印件", "电子件") for row in fields["materials"])
    assert all(isinstance(row["copies"], int) and row["copies"] >= 1 for row in fields["materials"])
    assert not any("其他" in row["name"] for row in fields["materials"])
    assert len(fields["faq"]) >= 4


def test_the_low_income_guide_answers_the_plain_questions():
    guide = next(item for item in of("guide") if item["title"] == "城乡居民最低生活保障（低保）申请办理指南")
    questions = "".join(row["question"] for row in guide["fields"]["faq"])
    assert "低保怎么申请" in questions
    assert "办低保要什么材料" in questions


def test_the_founding_report_is_the_only_report():
    report = next(item for item in ITEMS if item["external_id"] == "demo-report-2016")
    assert report["title"] == "衡山县民政局2016年信息公开年度报告"
    assert report["published_on"] == "2017-01-20T10:00:00"
    assert report["section"] == "xxgk/nb"
    assert report["body"].count("<h2>") == 7
    assert "全年县民政网站共发布各类信息71条" in report["body"]
    assert "2014年度" in report["body"]  # a slip of the original, kept


def test_sections_come_parents_first_and_none_is_empty():
    rows = document("sections.json")
    keys = {"path", "title", "description", "keywords", "column_type", "default_type", "update_days", "department"}
    for index, row in enumerate(rows):
        assert set(row) == keys
        assert row["department"] in DEPARTMENTS
        assert row["default_type"] in FIELD_KEYS
        if "/" in row["path"]:
            assert row["path"].rsplit("/", 1)[0] in SECTIONS[:index]
    filled = {item["section"] for item in ITEMS}
    for path in SECTIONS:
        assert any(used == path or used.startswith(path + "/") for used in filled), path


def test_tally_lines_have_the_agreed_shape():
    for row in TALLIES:
        assert set(row) == TALLY_KEYS
        assert row["occurred_on"].startswith("2016-")
        assert row["source"]
        assert row["topic"] in TOPICS
        assert row["department"] in DEPARTMENTS
        assert isinstance(row["quantity"], int)
        assert row["quantity"] >= (0 if row["metric"] == "applications" else 1)
        assert row["channel"] in (("onsite", "phone", "web") if row["metric"] == "consultations" else ("",))


def test_tallies_add_up_inside_what_the_report_says():
    assert total("letters.leader_mailbox") == 8
    assert total("letters.hotline_12345") == 14
    assert total("letters.web_replies") == 16
    assert total("consultations", "onsite") == 1246
    assert total("consultations", "phone") == 853
    assert total("consultations", "web") == 14
    assert total("consultations") == 2113
    assert total("portal.items") == 74
    assert total("push.portal") == 46
    assert total("push.upper") == 54
    assert [row["quantity"] for row in TALLIES if row["metric"] == "applications"] == [0]


def test_report_prose_uses_every_figure_and_repeats_no_slip():
    report = document("report_2016.json")
    assert (report["year"], report["format"]) == (2016, "legacy2008")
    assert list(report["chapters"]) == ["L1", "L2", "L3", "LOPT", "L5", "L4", "L6", "L7"]
    prose = "\n".join(report["chapters"].values())
    assert set(re.findall(r"\{figure:([^}]+)\}", prose)) == FIGURES
    assert not re.search(r"\d+[余多]|100%|2014|我办|本局|全局|党政门户", prose)


def test_manual_figures_name_their_source():
    manual = document("report_2016.json")["manual"]
    codes = [row["figure"] for row in manual]
    assert len(codes) == len(set(codes))
    assert {"reviews.received", "litigations.received", "fees.collected", "S1.1.1", "S6", "S9.3"} <= set(codes)
    for row in manual:
        assert set(row) == {"figure", "value", "source"}
        assert row["source"]


def test_letters_are_those_that_the_tallies_count():
    received = {(row["occurred_on"], row["source"]) for row in TALLIES}
    replied = Counter(row["occurred_on"] for row in TALLIES if row["metric"] == "letters.web_replies")

    assert all(row["is_tallied"] and row["department"] in DEPARTMENTS and row["topic"] in TOPICS for row in LETTERS)
    assert [row for row in LETTERS if (row["received_on"], row["source"]) not in received] == []
    assert Counter(row["answered_on"] for row in LETTERS) == replied
    assert [row for row in LETTERS if set(row) & {"name", "phone", "email", "address"}] == []
