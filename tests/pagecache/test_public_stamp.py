"""Which writes move the stamp of the public pages: all that citizens could notice, and not those of everyday desk work."""

import pytest
from sqlalchemy import delete, func, insert, literal, select, text, update
from sqlalchemy.orm import undefer

from cms.accounts.models import Department, User
from cms.accounts.policy import MACHINE, Role
from cms.audit.services import record
from cms.content.models import Content, Revision
from cms.content.services import save_draft, withdraw
from cms.content.snapshot import Snapshot
from cms.db.engine import make_engine
from cms.db.stamps import PUBLIC
from cms.db.uow import unit_of_work
from cms.jobs.services import enqueue
from cms.media.services import add_asset
from cms.settings.services import SiteSettings, save, stamp, touch
from cms.testing.factories import make_draft, make_published, make_section, make_user


@pytest.fixture
def moves(cms):
    """Return a function that tells whether a unit of work moves the stamp."""

    def measure(work):
        with cms.reading() as session:
            before = stamp(session, PUBLIC)
        with cms.unit_of_work() as uow:
            work(uow)
        with cms.reading() as session:
            return stamp(session, PUBLIC) != before

    return measure


@pytest.fixture
def item(cms):
    return make_published(cms, "news", "一条新闻")


def test_publishing_and_withdrawing_move_it(cms, item, moves):
    assert moves(lambda uow: withdraw(uow, uow.session.get_one(Content, item), actor=MACHINE, reason="有误"))


def test_work_on_a_draft_does_not_move_it(cms, item, moves):
    def save_again(uow):
        content = uow.session.get_one(Content, item)
        snapshot = Snapshot.from_json(uow.session.get_one(Revision, content.latest_revision_id).snapshot)
        save_draft(uow, cms.types.require("news"), content, snapshot, actor=MACHINE)

    assert not moves(save_again)
    with cms.reading() as session:
        before = stamp(session, PUBLIC)
    make_draft(cms, "news", "草稿")
    with cms.reading() as session:
        assert stamp(session, PUBLIC) == before


def test_accounts_jobs_and_the_audit_log_do_not_move_it(cms, moves):
    make_user(cms, "someone", Role.EDITOR)

    def sign_in_failed(uow):
        uow.session.scalars(select(User).where(User.username == "someone")).one().failed_logins += 1

    assert not moves(sign_in_failed)
    assert not moves(lambda uow: enqueue(uow, "search.rebuild", {}))
    assert not moves(lambda uow: record(uow, "x", actor_id=None, subject_type="x", subject_id=1))
    assert not moves(lambda uow: uow.session.scalar(select(func.count()).select_from(Content)))


def test_uploading_a_file_does_not_move_it_but_its_text_does(cms, moves):
    def upload(uow):
        add_asset(uow, cms.store, actor=MACHINE, filename="a.txt", content=b"a")

    assert not moves(upload)
    assert moves(lambda uow: uow.session.execute(text("UPDATE asset SET alt = 'a'")))


def test_settings_sections_and_departments_move_it(cms, moves):
    assert moves(lambda uow: save(uow, SiteSettings(site_name="另一个名称")))
    assert moves(lambda uow: uow.session.add(Department(name="救助股")))
    with cms.reading() as session:
        before = stamp(session, PUBLIC)
    make_section(cms, "other", "另一个")
    with cms.reading() as session:
        assert stamp(session, PUBLIC) != before


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (update(Content).values(title="新"), True),
        (update(Content).values(state="draft"), False),
        (update(Content).values(state="draft", title="新"), True),
        (update(Content).values(review_step=Content.review_step + 1), False),
        (update(Content).values(review_step=1, title=func.upper(Content.title)), True),
        (
            update(Content).values({Content.state: "draft", Content.title: select(literal("新")).scalar_subquery()}),
            True,
        ),
        (delete(Content).where(Content.id == 0), True),
        (update(User).values(full_name="改名"), True),
        (update(User).values(failed_logins=0).where(User.full_name == "x"), False),
        (insert(Department).values(name="新的"), True),
        (text("UPDATE content SET state = 'draft'"), True),
        (text("SELECT 1"), False),
    ],
)
def test_statements_below_the_services(item, moves, statement, expected):
    assert moves(lambda uow: uow.session.execute(statement)) is expected


def test_plugin_tables_move_it_unless_they_say_that_no_page_shows_them(cms, moves):
    assert moves(lambda uow: uow.session.execute(text("INSERT INTO kept__word (text) VALUES ('a')")))
    from cms_plugins.kept import Visit, Word

    assert moves(lambda uow: uow.session.add(Word(text="b")))
    assert not moves(lambda uow: uow.session.add(Visit()))


def test_unit_that_is_rolled_back_moves_nothing_and_leaves_no_trace(cms, item, moves):
    with cms.reading() as session:
        before = stamp(session, PUBLIC)
    for _time in range(8):  # through every connection of the pool
        with pytest.raises(RuntimeError), cms.unit_of_work() as uow:
            uow.session.get_one(Content, item, options=[undefer(Content.body)]).title = "nie"
            uow.session.flush()
            raise RuntimeError

    with cms.reading() as session:
        assert stamp(session, PUBLIC) == before
    assert not moves(lambda uow: record(uow, "x", actor_id=None, subject_type="x", subject_id=1))


def test_other_processes_and_engines_move_it_as_well(settings, cms):
    with cms.reading() as session:
        before = stamp(session, PUBLIC)
    engine = make_engine(settings.database)
    with unit_of_work(engine) as uow:
        touch(uow, "plugins")
        uow.session.add(Department(name="外面的"))
    engine.dispose()

    with cms.reading() as session:
        assert stamp(session, PUBLIC) != before


def test_stamp_never_has_the_value_that_it_had(cms):
    seen = set()
    for number in range(50):
        with cms.unit_of_work() as uow:
            uow.session.add(Department(name=f"科室{number}"))
        with cms.reading() as session:
            seen.add(stamp(session, PUBLIC))

    assert len(seen) == 50
