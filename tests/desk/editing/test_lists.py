"""Dashboard, content list, registers, figures."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from pages import fields, text

from cms.accounts.policy import MACHINE, Role
from cms.content import services
from cms.content.models import Content
from cms.registers.services import TallyInput, add_tally
from cms.testing.factories import make_draft, make_published, make_user


def record(cms, quantity, day=date(2016, 3, 8), **more):
    given = {"metric": "calls", "channel": "phone", "source": "电话登记簿第1页", **more}
    with cms.unit_of_work() as uow:
        return add_tally(
            uow, cms.contributions.metrics, TallyInput(occurred_on=day, quantity=quantity, **given), actor=MACHINE
        ).id


def line(**more):
    return {
        "metric": "calls", "occurred_on": "2016-03-08", "channel": "phone", "topic": "城乡低保", "quantity": "3",
        "source": "电话登记簿第2页", "department_id": "", **more,
    }  # fmt: skip


def test_list_is_narrowed_by_every_filter(publisher, cms, section):
    make_draft(cms, "post", "春节走访")
    make_draft(cms, "permit", "低保办理", meta={"code": "1"})
    make_published(cms, "post", "清明祭扫")
    with cms.unit_of_work() as uow:
        uow.session.query(Content).filter_by(title="清明祭扫").one().attention = ["缺成文日期"]

    def titles(query):
        page = text(publisher.get(f"/desk/content?{query}"))
        return {title for title in ("春节走访", "低保办理", "清明祭扫") if title in page}

    assert titles("") == {"春节走访", "低保办理", "清明祭扫"}
    assert titles("q=走访") == {"春节走访"}
    assert titles("type=permit") == {"低保办理"}
    assert titles(f"section={section('permits')}") == {"低保办理"}
    assert titles("state=published") == {"清明祭扫"}
    assert titles("attention=1") == {"清明祭扫"}
    assert titles("mine=1") == set()
    assert "没有符合条件的内容" in text(publisher.get("/desk/content?q=没有的"))


def test_pages_keep_the_filters(publisher, cms):
    for number in range(21):
        make_draft(cms, "post", f"第{number}条")

    first = publisher.get("/desk/content?type=post")
    second = publisher.get("/desk/content?type=post&page=2")

    assert "/desk/content?type=post&amp;page=2" in first.text
    assert "共 21 条" in text(first)
    assert "第0条" in text(second)
    assert "第20条" not in text(second)


def test_attention_goes_when_the_item_is_published_again(publisher, cms):
    number = make_published(cms, "post", "旧闻")
    with cms.unit_of_work() as uow:
        uow.session.get_one(Content, number).attention = ["缺成文日期"]
    assert "1 条导入的内容需要补全" in text(publisher.get("/desk/"))
    assert "缺成文日期" in text(publisher.get(f"/desk/content/{number}/edit"))


def test_late_sections_say_by_how_much(publisher, cms):
    assert "办事 从未更新（要求 30 天内）" in text(publisher.get("/desk/"))

    make_published(cms, "permit", "旧的", meta={"code": "1"}, at=datetime(2016, 4, 1, 2, tzinfo=UTC))
    assert "办事 已 61 天未更新，超期 31 天" in text(publisher.get("/desk/"))

    make_published(cms, "permit", "新的", meta={"code": "2"})
    page = text(publisher.get("/desk/"))
    assert "办事 已" not in page
    assert "办事 从未" not in page


def test_tiles_lead_to_the_records_behind_them(publisher, cms):
    make_published(cms, "post", "一条动态")

    page = publisher.get("/desk/").text

    assert 'href="/desk/figures/site.items?year=2016"' in page


@pytest.mark.parametrize("path", ["/desk/", "/desk/content", "/desk/review"])
def test_number_of_queries_does_not_grow_with_the_content(publisher, cms, count_queries, path):
    def fill(count):
        for number in range(count):
            author = people[number % 2]
            make_draft(cms, "post", f"草稿{number}", actor=author)
            waiting = make_draft(cms, "post", f"待审{number}", actor=author)
            with cms.unit_of_work() as uow:
                content = uow.session.get_one(Content, waiting)
                content.attention = ["缺成文日期"]
                services.submit(uow, cms.types.require("post"), content, actor=MACHINE)

    people = [make_user(cms, name, Role.EDITOR) for name in ("zhou", "wu")]
    fill(1)
    publisher.get(path)
    few = count_queries(lambda: publisher.get(path))
    fill(29)
    many = count_queries(lambda: publisher.get(path))

    assert len(many) == len(few), "\n".join(many)


def test_tally_keeps_what_the_next_line_needs(publisher, cms):
    answer = publisher.post("/desk/tallies", data=line())
    assert answer.status_code == 302

    following = fields(publisher.get(answer.location))

    assert (following["occurred_on"], following["source"]) == ("2016-03-08", "电话登记簿第2页")
    assert (following["metric"], following["channel"]) == ("calls", "phone")
    assert (following["quantity"], following["topic"]) == ("", "")


def test_invalid_tally_keeps_what_was_typed(publisher):
    page = publisher.post("/desk/tallies", data=line(quantity="三", occurred_on="2017-01-01", source="", channel=""))

    assert page.status_code == 422
    kept = fields(page)
    assert (kept["quantity"], kept["topic"], kept["occurred_on"]) == ("三", "城乡低保", "2017-01-01")
    for problem in ("请填写数量", "日期不能晚于今天。", "请写明依据", "请选择渠道。"):
        assert problem in text(page)


def test_forged_department_and_metric_are_refused(publisher):
    page = publisher.post("/desk/tallies", data=line(department_id="999", metric="nothing"))

    assert page.status_code == 422
    assert "所选的科室已不存在" in text(page)
    assert "请选择统计事项。" in text(page)


def test_counter_entry_takes_a_line_back_once_and_with_a_reason(publisher, cms):
    number = record(cms, 5)
    record(cms, 2)

    silent = publisher.post(f"/desk/tallies/{number}/counter", data={"reason": ""})
    assert "请写明冲销的原因。" in text(silent)
    publisher.post(f"/desk/tallies/{number}/counter", data={"reason": "重复登记"})

    page = text(publisher.get("/desk/tallies?year=2016"))
    assert "电话咨询 2 次" in page
    assert "重复登记" in page
    assert "已冲销" in page
    again = publisher.post(f"/desk/tallies/{number}/counter", data={"reason": "再来"})
    assert again.status_code == 422
    assert "这一行已被冲销" in text(again)
    assert publisher.get("/desk/tallies/999/counter").status_code == 404


def test_tallies_are_filtered(publisher, cms):
    record(cms, 5, source="甲簿")
    record(cms, 6, day=date(2015, 5, 5), source="乙簿")
    record(cms, 7, channel="web", source="丙簿")

    assert "乙簿" in text(publisher.get("/desk/tallies?year=2015"))
    assert "甲簿" not in text(publisher.get("/desk/tallies?year=2015"))
    assert "甲簿" not in text(publisher.get("/desk/tallies?year=2016&only=web"))


def test_figures_show_value_and_the_records_behind(publisher, cms):
    number = make_published(cms, "post", "一条动态")
    make_published(cms, "post", "去年的", at=datetime(2015, 4, 1, tzinfo=UTC))

    listed = publisher.get("/desk/figures?year=2016").text
    page = publisher.get("/desk/figures/sample.posts?year=2016").text

    assert 'href="/desk/figures/sample.posts?year=2016"' in listed
    assert f'href="/desk/content/{number}"' in page
    assert "去年的" not in page
    assert "去年的" in publisher.get("/desk/figures/sample.posts?year=2015").text
    assert publisher.get("/desk/figures/nothing").status_code == 404


def test_sum_figure_adds_up(publisher, cms):
    record(cms, 5)
    record(cms, 7, channel="web")

    page = publisher.get("/desk/figures/sample.calls?year=2016").text

    assert "<tfoot>" in page
    assert "<strong>12</strong>" in page
    assert "网上" in page


def test_records_are_downloaded_as_a_table_without_formulas(publisher, cms):
    record(cms, 5, topic="=HYPERLINK(1)")

    answer = publisher.get("/desk/figures/sample.calls/rows.csv?year=2016")

    assert answer.mimetype == "text/csv"
    assert "filename*=UTF-8''%E7%94%B5" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == ["编号", "日期", "渠道", "主题", "数量", "依据"]
    assert rows[1][1:] == ["2016-03-08", "电话", "'=HYPERLINK(1)", "5", "电话登记簿第1页"]


def test_dashboard_of_administrators_has_no_content_lists(sign_in):
    page = sign_in(Role.AUDIT_ADMIN).get("/desk/")

    assert page.status_code == 200
    assert "更新超期" not in text(page)
    assert "新建内容" not in text(page)


def test_icons_of_all_types_exist(cms):
    from cms.web.assets import CORE

    sprite = (CORE / "desk" / "icons.svg").read_text("utf-8")

    assert [kind.declared.icon for kind in cms.types if f'id="{kind.declared.icon}"' not in sprite] == []
