"""A list from another system becomes letters: all rows or none, every mistake by line and column."""

import csv
import io

import pytest
from sqlalchemy import select

from cms.accounts.policy import MACHINE, Role
from cms.figures.figure import Period
from cms.kernel.errors import Invalid, NotAllowed
from cms.sheets.files import read_list
from cms.sheets.batches import get_batch, undo_batch
from cms.sheets.taking import take_rows

HEAD = [
    "工单编号", "标题", "收到时间", "诉求类型", "依据", "内容", "来信人", "电话", "承办科室", "答复日期", "答复内容", "加急",
]  # fmt: skip
SOURCE = "12345平台导出"
ROWS = [
    ["G001", "路灯不亮", "2016-05-30 09:30", "投诉", SOURCE, "请修", "王五", "13700137000", "社会救助股", "", "", "是"],
    ["G002", "怎样办证", "2016/5/31", "咨询", SOURCE, "", "", "", "", "2016年6月1日", "已电话答复", ""],
]  # fmt: skip


def as_csv(rows, head=HEAD, encoding="utf-8-sig"):
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return text.getvalue().encode(encoding)


def as_xlsx(rows):
    from openpyxl import Workbook

    book = Workbook()
    for row in [HEAD, *rows]:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
def take(app, cms, offices):
    """Return a function that takes in a file; with problems nothing is kept."""

    def take(content, name="工单.csv", code="letters.hotline", actor=MACHINE, **more):
        with app.app_context(), cms.unit_of_work() as uow:
            return take_rows(uow, cms.contributions.sheets[code], read_list(content, name), actor=actor, **more)

    return take


@pytest.fixture
def letters(cms):
    def letters():
        from cms_plugins.letters.models import Letter

        with cms.reading() as session:
            return list(session.scalars(select(Letter).order_by(Letter.id)))

    return letters


FILES = {"utf-8": (as_csv(ROWS), "a.csv"), "gb18030": (as_csv(ROWS, encoding="gb18030"), "a.csv"),
         "xlsx": (as_xlsx(ROWS), "a.xlsx")}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_every_work_order_becomes_a_letter(take, letters, kind):
    result = take(*FILES[kind])

    assert (result.new, result.known, result.problems) == (2, 0, [])
    first, second = letters()
    assert (first.external_no, first.channel, first.category, first.state, first.is_urgent) == (
        "G001", "hotline_12345", "complaint", "assigned", True,
    )  # fmt: skip
    assert (first.source, f"{first.received_at:%H:%M}") == (SOURCE, "01:30")
    assert (second.state, str(second.answered_on), second.answer) == ("answered", "2016-06-01", "已电话答复")


def test_work_orders_that_are_registered_are_passed_over(take, letters):
    take(as_csv(ROWS))
    result = take(as_csv([*ROWS, ["G003", "新", "2016-06-01", "求助", SOURCE, *[""] * 7]]))

    assert (result.new, result.known) == (1, 2)
    assert len(letters()) == 3


def test_one_mistake_keeps_all_rows_out_and_is_named_by_line_and_column(take, letters):
    rows = [
        *ROWS, ["G4", "", "明天", "骂人", SOURCE, "", "", "", "不存在科", "", "", "也许"],
        ["G5", "来自未来", "2016-06-02", "咨询", SOURCE, *[""] * 7],
        ["G6", "时间不对", "2016-06-01 25:00", "咨询", SOURCE, *[""] * 7],
        ["G7", "先答后问", "2016-06-01", "咨询", SOURCE, "", "", "", "", "2016-05-01", "", ""],
    ]  # fmt: skip
    result = take(as_csv(rows))

    assert letters() == []
    assert {(one.line, one.heading) for one in result.problems} == {
        (4, "标题"), (4, "诉求类型"), (4, "承办科室"), (4, "加急"), (5, "收到时间"), (6, "收到时间"), (7, "答复日期"),
    }  # fmt: skip


def test_letters_of_all_channels_have_a_list_of_their_own(take, letters):
    head = ["渠道", "诉求类型", "标题", "收到时间", "依据", "已计数"]
    take(
        as_csv([["书记县长信箱", "建议", "增设窗口", "2015-03-09", "交办单第2号", "是"],
                ["post", "投诉", "来信", "2015.3.10", "来信登记簿第1页", ""]], head),
        code="letters",
    )  # fmt: skip

    first, second = letters()
    assert (first.channel, first.is_tallied, first.number) == ("mailbox_leader", True, "XJ2015-00001")
    assert (second.channel, str(second.occurred_on)) == ("post", "2015-03-10")


@pytest.mark.parametrize(
    ("head", "sentence"),
    [(["标题", "颜色"], "不认识的列：颜色"), (["内容"], "缺少列：工单编号、标题、收到时间、诉求类型、依据")],
)
def test_wrong_headings_are_named(take, letters, head, sentence):
    with pytest.raises(Invalid, match=sentence):
        take(as_csv([["一"] * len(head)], head))
    assert letters() == []


def test_a_list_needs_the_right_to_register(take, service_user):
    with pytest.raises(NotAllowed):
        take(as_csv(ROWS), actor=service_user("wairen", Role.CONTRIBUTOR))


def test_the_command_takes_a_list_in(runner, tmp_path, offices, letters):
    from cms.cli.sheets import sheets

    file = tmp_path / "工单.csv"
    file.write_bytes(as_csv(ROWS))
    runner(sheets, "import", "letters.hotline", str(file), "--dry-run")
    assert letters() == []
    runner(sheets, "import", "letters.hotline", str(file))
    assert len(letters()) == 2


def test_a_batch_of_letters_is_undone_as_registered_by_mistake(take, letters, app, cms):
    result = take(as_csv(ROWS))
    with app.app_context(), cms.unit_of_work() as uow:
        sheet, batch = cms.contributions.sheets["letters.hotline"], get_batch(uow.session, result.batch)
        undone = undo_batch(uow, sheet, batch, actor=MACHINE, reason="导错了月份")

    assert (undone.undone, undone.refusals) == (2, ())
    assert [(one.state, one.verdict, one.answered_on) for one in letters()] == [("closed", "mistake", None)] * 2
    with cms.reading() as session:
        figure = cms.contributions.figures.require("letters.hotline_12345")
        assert figure.value(session, Period.year(2016)) == 0
    # The right list may bring the same numbers.
    assert take(as_csv(ROWS)).new == 2


def test_a_batch_with_a_public_letter_stays_as_a_whole(take, letters, app, cms):
    from cms_plugins.letters.models import Letter

    result = take(as_csv(ROWS))
    with app.app_context(), cms.unit_of_work() as uow:
        one = uow.session.scalars(select(Letter).order_by(Letter.id.desc())).first()
        one.published_at = uow.clock.now()
        sheet, batch = cms.contributions.sheets["letters.hotline"], get_batch(uow.session, result.batch)
        undone = undo_batch(uow, sheet, batch, actor=MACHINE, reason="导错了月份")

    assert [(one.line, "已经公开" in one.text) for one in undone.refusals] == [(3, True)]
    assert {one.verdict for one in letters()} == {None, "valid"}
