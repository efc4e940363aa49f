"""Public pages cost at most eight queries, however much content there is."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, insert, select

from cms.content.enums import Origin, PublicationAction, State
from cms.content.models import Content, Publication, Revision
from cms.content.snapshot import Snapshot
from cms.search.projection import all_documents
from cms.testing.factories import make_published, section_of

LIMIT = 8


@contextmanager
def counted(cms):
    """Collect the statements of the block."""
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("PRAGMA", "BEGIN")):
            statements.append(statement)

    event.listen(cms.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(cms.engine, "before_cursor_execute", note)


def fill(cms, number):
    """Publish ``number`` news items at once, below the services, because 10,000 through them take minutes."""
    section_id = section_of(cms, "news")
    begin = datetime(2010, 1, 1, tzinfo=UTC)
    with cms.unit_of_work() as uow:
        first = (uow.session.scalar(select(Content.id).order_by(Content.id.desc()).limit(1)) or 0) + 1
        ids = range(first, first + number)
        snapshot = Snapshot(title="批量", section_id=section_id, body="<p>正文</p>").to_json()
        uow.session.execute(insert(Content), [
            {
                "id": n, "type": "news", "section_id": section_id, "title": f"消息 {n}", "summary": "摘要", "body": "<p>正文</p>",
                "keywords": ["救助"], "source": "", "issuer": "", "state": State.PUBLISHED, "origin": Origin.IMPORT,
                "review_step": 0, "live_revision_id": n, "latest_revision_id": n, "attention": [], "lock_version": 1,
                "created_at": begin, "updated_at": begin, "first_published_at": begin,
                "published_at": begin + timedelta(hours=n % 50_000),
            }
            for n in ids
        ])  # fmt: skip
        uow.session.execute(insert(Revision), [
            {"id": n, "content_id": n, "number": 1, "created_at": begin, "note": "", "snapshot": snapshot} for n in ids
        ])  # fmt: skip
        uow.session.execute(insert(Publication), [
            {
                "content_id": n, "revision_id": n, "action": PublicationAction.PUBLISHED, "is_first": True, "is_own": True,
                "origin": Origin.IMPORT, "type": "news", "section_id": section_id, "title": f"消息 {n}",
                "effective_at": begin, "recorded_at": begin, "reason": "", "exclusion": "",
            }
            for n in ids
        ])  # fmt: skip


@pytest.mark.parametrize("number", [100, 10_000])
def test_public_pages_cost_a_bounded_number_of_queries(cms, client, number):
    regulation = make_published(cms, "regulation", "一部条例", catalogue={"doc_no": "衡民发〔2016〕1号"})
    guide = make_published(cms, "guide", "办事指南一则")
    fill(cms, number)
    news = make_published(cms, "news", "最后一条", keywords=("救助", "低保"))
    with cms.reading() as session:
        cms.index.apply(all_documents(session, cms.types, cms.clock.now()), ())
    paths = [
        "/", "/news/", "/news/?page=3", f"/news/{news}.html", f"/regulations/{regulation}.html", f"/guides/{guide}.html",
        "/search?q=消息", "/feed.xml", "/api/v1/search?q=消息",
    ]  # fmt: skip
    for path in paths:
        client.get(path)  # what is computed once for each app is not counted

    costs = {}
    for path in paths:
        with counted(cms) as statements:
            assert client.get(path).status_code == 200, path
        costs[path] = len(statements)

    assert {path: cost for path, cost in costs.items() if cost > LIMIT} == {}
