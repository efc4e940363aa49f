"""An import that is repeated: what people did since stays, what is counted stays, one bad line harms no other."""

import json

import pytest
from sqlalchemy import select

from cms.accounts.policy import MACHINE
from cms.cli import cli
from cms.content import queries, services
from cms.content.enums import Exclusion, State
from cms.content.models import Content
from cms.content.snapshot import Snapshot
from cms.figures.figure import Period

IN_HAND = "在工作台中已有改动/已撤回，未覆盖"


def record(number=1, **more):
    base = {
        "type": "news", "title": f"第{number}条消息", "body": "正文。", "external_id": f"x-{number}",
        "published_on": "2016-03-08T09:30:00", "issuer": "衡山县民政局",
    }  # fmt: skip
    return {**base, **more}


def item(cms, key="x-1"):
    with cms.reading() as session:
        return session.scalars(select(Content).where(Content.external_id == key)).one()


def counts(report):
    return report.created, report.updated, report.unchanged, len(report.errors)


def notes(report):
    return [note for _line, note in report.attention]


@pytest.fixture
def in_desk(cms):
    """Return a function that does something to the imported item as people do."""

    def do(work):
        with cms.unit_of_work() as uow:
            work(uow, uow.session.scalars(select(Content).where(Content.external_id == "x-1")).one())

    return do


def withdraw(uow, content):
    services.withdraw(uow, content, actor=MACHINE, reason="含个人隐私")


def test_what_was_withdrawn_in_the_desk_stays_withdrawn(app, cms, take, in_desk):
    take(cms, record())
    in_desk(withdraw)

    for again in (record(), record(title="改过的标题")):
        report = take(cms, again)
        assert (counts(report), notes(report)) == ((0, 0, 1, 0), [IN_HAND])
        assert (item(cms).state, item(cms).live_revision_id) == (State.WITHDRAWN, None)


def test_force_overwrites_what_was_withdrawn(app, cms, take, in_desk):
    take(cms, record())
    in_desk(withdraw)

    assert counts(take(cms, record(), force=True)) == (0, 1, 0, 0)
    assert item(cms).state is State.PUBLISHED


def test_command_has_the_same_option(app, cms, runner, take, in_desk, tmp_path):
    take(cms, record())
    in_desk(withdraw)
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps(record()), "utf-8")

    assert "0 updated, 1 unchanged" in runner(cli, "import", str(path))
    assert "1 updated, 0 unchanged" in runner(cli, "import", str(path), "--force")


def test_draft_of_the_desk_is_not_overwritten(app, cms, take, in_desk):
    take(cms, record())

    def redraft(uow, content):
        latest = queries.latest_revision(uow.session, content)
        changed = Snapshot.from_json({**latest.snapshot, "title": "科室改的"})
        services.save_draft(uow, cms.types.require("news"), content, changed, actor=MACHINE)

    in_desk(redraft)
    before = item(cms).latest_revision_id

    report = take(cms, record(title="档案改的"))

    assert (counts(report), notes(report)) == ((0, 0, 1, 0), [IN_HAND])
    assert item(cms).latest_revision_id == before


def test_imported_draft_in_review_is_left_there(app, cms, take, in_desk):
    take(cms, record(), state="draft")
    in_desk(lambda uow, content: services.submit(uow, cms.types.require("news"), content, actor=MACHINE))
    before = item(cms).state

    assert notes(take(cms, record())) == [IN_HAND]
    assert (item(cms).state, item(cms).live_revision_id) == (before, None)


def test_item_that_expired_by_itself_is_unchanged_and_may_be_prolonged(app, cms, take, drain, clock):
    short = record(expires_on="2016-06-02")
    take(cms, short)
    clock.advance(days=3)
    drain()
    assert item(cms).state is State.EXPIRED

    report = take(cms, short)
    assert (counts(report), notes(report), item(cms).state) == ((0, 0, 1, 0), [], State.EXPIRED)

    assert counts(take(cms, record(expires_on="2017-06-02"))) == (0, 1, 0, 0)
    assert item(cms).state is State.PUBLISHED


def test_item_in_the_recycle_bin_is_an_error(app, cms, take, in_desk):
    take(cms, record(), state="draft")
    in_desk(lambda uow, content: services.delete(uow, content, actor=MACHINE))

    report = take(cms, record(), record(2), force=True)

    assert report.errors == [(1, "在回收站中，请先恢复")]
    assert item(cms).live_revision_id is None
    assert item(cms, "x-2").live_revision_id is not None


def test_key_of_an_item_of_another_type_is_an_error_that_names_both(app, cms, take):
    take(cms, record())

    report = take(cms, record(type="notice"))

    assert report.errors == [(1, "external_id“x-1”已属于类型“news”的内容，不能改为“notice”")]
    assert item(cms).type == "news"


def test_other_date_changes_neither_page_nor_figure(app, cms, take):
    figure = cms.contributions.figures.require("site.items")
    take(cms, record())
    first = item(cms).published_at
    said = ["发布日期与首次导入不同，页面和统计仍按首次导入的日期"]

    same = take(cms, record(published_on="2014-03-01"))
    changed = take(cms, record(published_on="2014-03-01", title="改过的标题"))

    assert (counts(same), notes(same)) == ((0, 0, 1, 0), said)
    assert (counts(changed), notes(changed)) == ((0, 1, 0, 0), said)
    assert (item(cms).published_at, item(cms).first_published_at) == (first, first)
    assert (item(cms).title, item(cms).attention) == ("改过的标题", said)
    with cms.reading() as session:
        assert [figure.value(session, Period.year(year)) for year in (2014, 2016)] == [0, 1]


def test_exclusion_that_came_later_takes_the_item_out_of_the_figures(app, cms, take):
    figure = cms.contributions.figures.require("site.items")
    take(cms, record())

    gone = record(state="withdrawn", exclusion="误发", reason="发错栏目")
    assert counts(take(cms, gone)) == (0, 1, 0, 0)
    assert counts(take(cms, gone)) == (0, 0, 1, 0)

    with cms.reading() as session:
        line = queries.publications(session, item(cms).id)[0]
        assert (line.exclusion, line.reason) == (Exclusion.MISTAKE, "发错栏目")
        assert figure.value(session, Period.year(2016)) == 0


HALF = "\ud800"
BAD = [
    '{"type": "news", "title": "长", "body": "x", "fields": {"n": ' + "9" * 5000 + "}}",
    record(9, assets=["a\0b"]),
    record(9, assets=[f"{HALF}.jpg"]),
    record(9, assets=["a" * 5000]),
    record(9, assets=[7]),
    record(9, assets=[{"role": "image"}]),
    record(9, assets=[{"path": "a.jpg", "role": "hero"}]),
    record(9, published_on="9999-12-31T20:00:00+00:00"),
    record(9, expires_on="0001-01-01T00:00:00"),
    record(9, type=HALF),
    record(9, **{HALF: "unknown key"}),
    record(9, fields={HALF: 1}),
    record(9, catalogue={"index_no": "1"}),
    record(9, catalogue={"doc_kind": "诗"}),
    record(9, exclusion="算了"),
    record(9, index_no="x" * 81),
    {"record": "department", "name": HALF},
    {"record": "tally", "metric": HALF, "external_id": HALF},
]


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_line_that_cannot_be_kept_is_reported_and_the_rest_goes_in(app, cms, take, bad):
    report = take(cms, record(1), bad, record(2))

    assert [line for line, _problem in report.errors] == [2]
    assert report.errors[0][1].encode()
    with cms.reading() as session:
        assert list(session.scalars(select(Content.external_id).order_by(Content.id))) == ["x-1", "x-2"]


def test_half_characters_are_dropped_from_texts(app, cms, take):
    keys = ("title", "body", "summary", "source", "issuer", "reason", "source_path")
    line = json.dumps(record(3, keywords=[f"词{HALF}"], old_urls=[f"/a{HALF}"]) | dict.fromkeys(keys, f"甲{HALF}"))

    assert counts(take(cms, line)) == (1, 0, 0, 0)
    assert (item(cms, "x-3").title, item(cms, "x-3").keywords) == ("甲", ["词"])
