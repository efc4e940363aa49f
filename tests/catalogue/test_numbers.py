"""Index numbers: given once, never moved, never given again, whatever happens to their items."""

import threading
from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from cms.accounts.policy import MACHINE, Role
from cms.catalogue import ledger
from cms.catalogue.ledger import Fate, IndexNumber
from cms.catalogue.models import CatalogueEntry
from cms.content import services
from cms.content.enums import Exclusion
from cms.content.models import Content, Publication
from cms.settings.services import SiteSettings, load, save
from cms.testing.factories import make_draft, make_published

TEMPLATES = ("{uscc}/{yyyy}-{seq:05d}", "{yyyy}-{seq:05d}", "{yyyymmdd}-{seq:03d}", "{region}{yyyy}{seq:04d}")


def index_no(cms, number):
    with cms.reading() as session:
        return session.scalar(select(CatalogueEntry.index_no).where(CatalogueEntry.content_id == number))


def fates(cms, *, only_void=False):
    with cms.reading() as session:
        return {one.entry.number: one.fate for one in ledger.lines(session, ledger.numbers(only_void=only_void))}


def use_template(cms, template):
    with cms.unit_of_work() as uow:
        save(uow, replace(load(uow.session, SiteSettings), index_template=template))


def withdraw(cms, number, exclusion=Exclusion.NONE):
    with cms.unit_of_work() as uow:
        content = uow.session.get_one(Content, number)
        services.withdraw(uow, content, actor=MACHINE, reason="日期写错", exclusion=exclusion)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(TEMPLATES), st.booleans(), st.dates(date(2015, 1, 1), date(2017, 1, 1)))))
def test_no_number_is_given_twice_under_any_change_of_the_template(cms, steps):
    content = make_draft(cms, "news")
    with cms.reading() as session:
        before = set(session.scalars(select(IndexNumber.number)))
    given_now = []
    for template, spoilt, day in steps:
        use_template(cms, template)
        with cms.unit_of_work() as uow:
            number = ledger.give(uow, uow.session.get_one(Content, content), day)
            given_now.append(number)
        if spoilt:
            # The next number by hand: somebody has written it on paper.
            with cms.unit_of_work() as uow:
                taken = f"{number}-x"
                if not ledger.is_known(uow.session, taken):
                    ledger.register_void(uow, taken, "手工登记", actor=MACHINE)

    assert len(set(given_now)) == len(given_now)
    assert not set(given_now) & before


def test_numbers_given_at_the_same_moment_differ(cms):
    content = make_draft(cms, "news")
    given_now, threads = [], 8

    def work():
        for _turn in range(5):
            with cms.unit_of_work() as uow:
                given_now.append(ledger.give(uow, uow.session.get_one(Content, content), date(2016, 6, 1)))

    workers = [threading.Thread(target=work) for _one in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(given_now) == [f"2016-{n:05d}" for n in range(1, 5 * threads + 1)]


def test_an_item_keeps_its_number_through_withdrawal_return_and_a_new_template(cms):
    number = make_published(cms, "news")
    own = index_no(cms, number)
    withdraw(cms, number, Exclusion.MISTAKE)
    assert fates(cms, only_void=True) == {own: Fate.MISTAKE}

    use_template(cms, "{yyyymmdd}-{seq:03d}")
    with cms.unit_of_work() as uow:
        content, kind = uow.session.get_one(Content, number), cms.types.require("news")
        from cms.content import publishing

        revision = publishing.get_revision(uow, content.latest_revision_id)
        publishing.apply_revision(
            uow, kind, content, revision, actor=MACHINE, is_own=True, effective_at=uow.clock.now()
        )
    assert index_no(cms, number) == own
    assert fates(cms) == {own: Fate.IN_USE}


def test_void_numbers_are_registered_with_their_reason_and_never_used_again(cms, sign_in):
    kept, mistaken, deleted, gone = (make_published(cms, "news", title) for title in ("留", "误", "删", "清"))
    own = {one: index_no(cms, one) for one in (kept, mistaken, deleted, gone)}
    withdraw(cms, mistaken, Exclusion.MISTAKE)
    withdraw(cms, deleted)
    with cms.unit_of_work() as uow:
        services.delete(uow, uow.session.get_one(Content, deleted), actor=MACHINE)
        uow.session.execute(delete(Publication).where(Publication.content_id == gone))
        uow.session.execute(delete(Content).where(Content.id == gone))
    assert fates(cms, only_void=True) == {
        own[mistaken]: Fate.MISTAKE, own[deleted]: Fate.DELETED, own[gone]: Fate.GONE
    }  # fmt: skip

    officer = sign_in(Role.OFFICER)
    page = officer.get("/desk/catalogue/numbers").text
    assert "日期写错" in page
    assert own[kept] not in page
    assert own[kept] in officer.get("/desk/catalogue/numbers?all=1").text

    def register(number, reason):
        return officer.post("/desk/catalogue/numbers", data={"number": number, "reason": reason})

    assert "正在使用" in register(own[kept], "误发").text
    assert "请写明作废的原因" in register(own[deleted], "").text
    assert register(own[deleted], "重复录入").status_code == 302
    assert "不能更改" in register(own[deleted], "另一个原因").text
    assert register("2016-00005", "原系统已用").status_code == 302
    assert index_no(cms, make_published(cms, "news")) == "2016-00006"
    assert fates(cms)["2016-00005"] is Fate.REGISTERED
