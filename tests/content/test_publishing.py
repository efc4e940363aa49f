"""What becomes public, when it ends, and what is counted."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from cms.accounts.policy import MACHINE, Role
from cms.catalogue.models import CatalogueEntry
from cms.content.enums import AssetRole, Exclusion, State
from cms.content.snapshot import AssetUse
from cms.figures.core import core_figures
from cms.figures.figure import Period
from cms.kernel.errors import NotAllowed
from cms.media.models import Asset
from cms.media.services import add_asset
from cms.sections.queries import tree
from cms.sections.services import SectionInput, save_section
from cms.testing.factories import make_draft, make_published, make_section

ORGAN = "衡山县民政局"


@pytest.fixture
def picture(app, cms):
    """A picture that somebody else uploaded and described."""
    buffer = BytesIO()
    Image.new("RGB", (4, 4), "navy").save(buffer, "PNG")
    with cms.unit_of_work() as uow:
        return add_asset(
            uow, cms.store, actor=MACHINE, filename="会场.png", content=buffer.getvalue(), alt="会议现场"
        ).id


def count(cms):
    with cms.reading() as session:
        return core_figures()[0].value(session, Period.year(2016))


def index_no(cms, number):
    with cms.reading() as session:
        return session.scalar(select(CatalogueEntry.index_no).where(CatalogueEntry.content_id == number))


def test_numbers_that_an_import_brought_are_passed_over(cms, desk):
    first, imported, later, next_one = (make_published(cms, "news") for _one in range(4))
    stem = index_no(cms, first)[:-5]
    with cms.unit_of_work() as uow:
        for number, serial in ((imported, "00005"), (later, "00006")):
            uow.session.get_one(CatalogueEntry, number).index_no = stem + serial

    assert index_no(cms, next_one) == f"{stem}00004"
    assert index_no(cms, make_published(cms, "news")) == f"{stem}00007"


@pytest.mark.parametrize(("hours", "way"), [(0, "publish"), (-1, "publish"), (2, "schedule"), (3, "schedule")])
def test_nothing_is_published_after_its_end(cms, desk, clock, hours, way):
    now = clock.now()
    number = make_draft(cms, "news", expires_at=now + timedelta(hours=hours))
    desk.sign(number)

    with pytest.raises(NotAllowed, match="下线时间不晚于发布时间"):
        desk.publish(number) if way == "publish" else desk.schedule(number, now + timedelta(hours=3))

    assert desk.item(number).state is State.APPROVED


def test_a_version_in_work_outlives_the_expiry_of_the_old_one(cms, desk, drain, client, clock):
    now = clock.now()
    number = make_published(cms, "news", "会过期", expires_at=now + timedelta(hours=1))
    desk.edit(number, title="延期版", expires_at=None)
    desk.sign(number)
    desk.schedule(number, now + timedelta(hours=2))

    clock.advance(hours=1, minutes=5)
    drain()
    item = desk.item(number)
    assert (item.state, item.scheduled_at, item.live_revision_id) == (State.SCHEDULED, now + timedelta(hours=2), None)
    assert client.get(f"/news/{number}.html", follow_redirects=True).status_code == 410

    clock.advance(hours=1)
    drain()
    assert desk.item(number).state is State.PUBLISHED
    assert "延期版" in client.get(f"/news/{number}.html", follow_redirects=True).text


def test_withdrawal_keeps_a_signature_that_was_given(cms, desk, client):
    number = make_published(cms, "news", section_id=make_section(cms, "two", default_type="news", review_steps=2))
    desk.edit(number, title="更正")
    desk.sign(number)
    desk.withdraw(number)

    item = desk.item(number)
    assert (item.state, item.review_step, item.live_revision_id) == (State.REVIEW, 1, None)
    assert client.get(f"/two/{number}.html").status_code == 410


def test_withdrawal_without_newer_work_ends_in_withdrawn(cms, desk):
    number = make_published(cms, "news")
    desk.withdraw(number)

    assert desk.item(number).state is State.WITHDRAWN


def test_an_item_of_the_future_is_not_gone_but_not_there_yet(cms, desk, client, clock):
    section = make_section(cms, "later", default_type="news")
    number = make_published(cms, "news", at=datetime(2016, 12, 1, tzinfo=UTC), section_id=section)

    assert client.get(f"/later/{number}.html").status_code == 404
    clock.advance(days=200)
    assert client.get(f"/later/{number}.html").status_code == 200
    desk.withdraw(number)
    assert client.get(f"/later/{number}.html").status_code == 410


def test_expiry_is_gone_before_anybody_has_taken_it_off(cms, desk, client, clock):
    section = make_section(cms, "brief", default_type="news")
    number = make_published(cms, "news", expires_at=clock.now() + timedelta(hours=1), section_id=section)
    clock.advance(hours=2)

    assert client.get(f"/brief/{number}.html").status_code == 410


def test_a_mistake_that_was_published_again_counts_again(cms, desk):
    number = make_published(cms, "news", issuer=ORGAN)
    desk.withdraw(number, exclusion=Exclusion.MISTAKE)
    assert count(cms) == 0

    desk.edit(number)
    desk.sign(number)
    desk.publish(number)
    assert count(cms) == 1

    desk.withdraw(number, exclusion=Exclusion.DUPLICATE)
    assert count(cms) == 0


def test_a_contributor_cannot_change_what_a_public_page_says_of_a_picture(cms, desk, client, sign_in, picture):
    section = make_section(cms, "photos", default_type="news")
    use = AssetUse(asset_id=picture, role=AssetRole.IMAGE)
    number = make_published(cms, "news", section_id=section, assets=(use,))
    contributor = sign_in(Role.CONTRIBUTOR)
    typed = {"title": "草稿", "section_id": str(section), "body": "<p>文</p>", "openness": "public"}
    typed |= {"assets": str(picture), f"assets-{picture}-alt": "未经审核", f"assets-{picture}-role": "image"}

    answer = contributor.post("/desk/content/new/news", data=typed)

    assert answer.status_code == 302
    assert 'alt="会议现场"' in client.get(f"/photos/{number}.html").text
    with cms.reading() as session:
        assert session.get(Asset, picture).alt == "会议现场"
    draft = int(re.search(r"/content/(\d+)", answer.location)[1])
    assert "未经审核" in contributor.get(f"/desk/content/{draft}/edit").text
    desk.sign(draft)
    desk.publish(draft)
    assert 'alt="未经审核"' in client.get(f"/photos/{draft}.html").text
    assert 'alt="会议现场"' in client.get(f"/photos/{number}.html").text


def move(cms, number, segment):
    with cms.unit_of_work() as uow:
        section = tree(uow.session).by_id[number]
        given = SectionInput(segment=segment, title=section.title, default_type=section.default_type)
        save_section(uow, section, given, actor=MACHINE)


def test_a_moved_section_leaves_its_old_addresses_behind(cms, app, client):
    top = make_section(cms, "old", "栏目")
    make_section(cms, "old/below", "下级", default_type="news")
    move(cms, top, "new")

    for old, new in (("/old/", "/new/"), ("/old", "/new/"), ("/old/below/", "/new/below/")):
        answer = client.get(old)
        assert (answer.status_code, answer.location) == (301, new)
    move(cms, top, "old")
    assert client.get("/old/").status_code == 200
    assert client.get("/new/below/").location == "/old/below/"
    make_section(cms, "new", "另一个栏目")
    assert client.get("/new/").status_code == 200
    assert client.get("/never/").status_code == 404
