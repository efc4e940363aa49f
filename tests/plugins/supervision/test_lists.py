"""Lists of past years and exports become lines: once, all or none, and back to the same figures."""

import json

import pytest

from cms.accounts.policy import MACHINE
from cms.exchange.importing import ImportOptions, ImportReport, RecordReader, import_lines
from cms.sheets.files import read_list
from cms.sheets.taking import take_rows

#: Headings and two good rows of every register.
LISTS = {
    "training": "开始日期,培训内容,班次,接受培训人次,依据,编号\n2016-03-08,学习条例,,30,签到册第1页,1\n"
    "2016年9月1日,写作培训,2,6,签到册第2页,2\n",
    "meeting": "召开日期,会议名称或议题,类别,依据,编号\n2016-03-08,部署会,工作会议,登记簿,1\n2016-03-09,网站,专题会议,登记簿,2\n",
    "staff": "到岗日期,姓名或岗位,专兼职,在岗至,依据,编号\n2015-03-08,干事,兼职,,名册,1\n2014-03-08,科员,专职,2016-02-01,名册,2\n",
    "funds": "支出日期,用途,金额（万元）,依据,编号\n2016-03-08,印刷,1.5,决算,1\n2016-05-08,查阅点,0.25,决算,2\n",
    "office": "设立日期,机构名称,依据,编号\n2008-03-08,信息公开办,编制文件,1\n2009-03-08,信息中心,编制文件,2\n",
    "point": "设置日期,名称和地点,依据,编号\n2012-03-08,档案室,登记表,1\n2016-12-31,图书馆,登记表,2\n",
    "appraisal": "考核日期,考核内容,考核结果,依据,编号\n2016-03-08,县政府考核,良好,通报,1\n2016-12-08,考核股室,合格,通报,2\n",
    "review": "评议日期,评议方式和对象,参评人数,评议结果,依据,编号\n2016-03-08,问卷,50,满意,报告,1\n2016-12-08,座谈,9,满意,报告,2\n",
    "accountability": "处理日期,事由,人次,处理方式,依据,编号\n2016-03-08,本年没有,0,,登记簿,1\n2016-03-09,逾期,1,约谈,登记簿,2\n",
}  # fmt: skip
EXPECTED = {
    "trainings.sessions": 3, "trainings.people": 36, "meetings.held": 2, "staff.part_time": 1, "staff.full_time": 0,
    "funds.special": 1_750_000, "points.reading": 2, "offices.special": 2, "supervision.appraisals": 2, "supervision.reviews": 2,
    "supervision.accountability": 1,
}  # fmt: skip


@pytest.fixture
def take(app, cms):
    def take(kind, text, **more):
        with app.app_context(), cms.unit_of_work() as uow:
            spec = cms.contributions.sheets[f"supervision.{kind}"]
            return take_rows(uow, spec, read_list(text.encode(), "表.csv"), actor=MACHINE, **more)

    return take


@pytest.fixture
def import_all(cms, tmp_path):
    def import_all(records):
        options = ImportOptions(folder=tmp_path, filename="export.jsonl")
        reader = RecordReader(cms.types, cms.store, options, cms.contributions.importers)
        report = ImportReport()
        for report in import_lines(map(json.dumps, records), cms.unit_of_work, reader):  # noqa: B007 — the last one is used
            pass
        return report

    return import_all


def test_every_register_takes_a_list_once(take, figure):
    for kind, text in LISTS.items():
        assert (take(kind, text).new, take(kind, text, again=True).known) == (2, 2)

    assert {code: figure(code)[0] for code in EXPECTED} == EXPECTED


def test_the_mistakes_of_a_list_are_named_by_line_and_column(take, figure):
    rows = "开始日期,培训内容,接受培训人次,依据\n2016-03-08,一,3,册\n三月,二,3,册\n2016-03-08,三,3,\n2016-03-08,四,很多,册\n"

    found = take("training", rows).problems

    assert [(one.line, one.heading) for one in found] == [(3, "开始日期"), (4, "依据"), (5, "接受培训人次")]
    assert figure("trainings.sessions") == (0, 0)


def test_an_export_comes_back_with_endings_and_counter_entries(app, cms, add, change, take, figure, import_all):
    from cms_plugins.supervision.entries import counter_entry
    from cms_plugins.supervision.exchange import export_entries
    from cms_plugins.supervision.models import Entry

    for kind, text in LISTS.items():
        take(kind, text)
    change(counter_entry, add("training", people=99), reason="重复")
    with cms.reading() as session:
        records = list(export_entries(session))
    assert (import_all(records).created, figure("trainings.people")) == (0, (36, 2))

    with cms.unit_of_work() as uow:
        for entry in uow.session.query(Entry).order_by(Entry.id.desc()):
            uow.session.delete(entry)
            uow.session.flush()
    report = import_all(records)

    assert report.errors == []
    assert {code: figure(code)[0] for code in EXPECTED} == EXPECTED
    with cms.reading() as session:
        assert list(export_entries(session)) == records


def test_a_record_that_will_not_do_says_which_key(import_all):
    bad = [
        {"record": "supervision_entry", "kind": "party"},
        {"record": "supervision_entry", "kind": "training", "occurred_on": "soon"},
        {"record": "supervision_entry", "kind": "training", "occurred_on": "2016-03-08", "people": "x"},
        {"record": "supervision_entry", "corrects": "nothing", "note": "x"},
        {"record": "supervision_entry", "kind": "funds", "occurred_on": "2016-03-08", "amount": "NaN"},
    ]

    report = import_all(bad)

    assert [number for number, _problem in report.errors] == [1, 2, 3, 4, 5]
    for name, (_number, problem) in zip(
        ("kind", "occurred_on", "people", "corrects", "amount"), report.errors, strict=True
    ):
        assert name in problem
