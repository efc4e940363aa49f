"""Export and import into another site: the same figures, catalogue and files."""

import json
from datetime import UTC, datetime

import pytest
from PIL import Image
from sqlalchemy import select

from cms.accounts.policy import MACHINE
from cms.catalogue.models import CatalogueEntry
from cms.content import queries, services
from cms.content.enums import AssetRole, Exclusion, State
from cms.content.models import Content
from cms.content.snapshot import AssetUse, Snapshot
from cms.exchange.exporting import CONTENT, export_file
from cms.figures.figure import Period
from cms.media.models import Asset
from cms.media.services import add_asset
from cms.testing.factories import make_draft, make_published

ORGAN = "衡山县民政局"


@pytest.fixture
def carry(cms, other, take, tmp_path):
    """Export the site and import it into the other one; return the exported records of content."""

    def carry():
        path = tmp_path / "out.jsonl"
        with cms.reading() as session:
            export_file(session, cms.store, path, frozenset({CONTENT}))
        lines = path.read_text("utf-8").splitlines()
        report = take(other, *lines)
        assert report.errors == []
        assert take(other, *lines).updated == 0
        return [one for one in map(json.loads, lines) if "record" not in one]

    return carry


def states(cms):
    with cms.reading() as session:
        return {row.title: (row.state, row.first_published_at) for row in session.scalars(select(Content))}


def test_figures_of_past_years_stay(app, cms, other, carry, clock, drain):
    def published(title, year=2016, **more):
        return make_published(cms, "news", title, issuer=ORGAN, at=datetime(year, 5, 4, tzinfo=UTC), **more)

    clock.at = datetime(2017, 6, 1, tzinfo=UTC)
    published("公开")
    published("公开17", 2017)
    make_published(cms, "news", "外单位", issuer="省民政厅", at=datetime(2016, 5, 4, tzinfo=UTC))
    published("到期", expires_at=datetime(2017, 6, 1, 1, tzinfo=UTC))
    gone, wrong, double, back, redrafted = (published(one) for one in ("撤回", "误发", "重复", "误发又回", "撤回又改"))
    edited = published("公开又改", 2017)
    make_draft(cms, "news", "草稿", issuer=ORGAN)
    kind = cms.types.require("news")
    reasons = {gone: Exclusion.NONE, wrong: Exclusion.MISTAKE, double: Exclusion.DUPLICATE, back: Exclusion.MISTAKE}
    with cms.unit_of_work() as uow:
        for one, exclusion in {**reasons, redrafted: Exclusion.NONE}.items():
            content = queries.get(uow.session, one)
            services.withdraw(uow, content, actor=MACHINE, reason="理由", exclusion=exclusion)
    with cms.unit_of_work() as uow:
        for one in (redrafted, edited, back):
            content = queries.get(uow.session, one)
            latest = queries.latest_revision(uow.session, content)
            draft = Snapshot.from_json({**latest.snapshot, "summary": "改过"})
            services.save_draft(uow, kind, content, draft, actor=MACHINE)
        content.state = State.APPROVED
        services.publish(uow, kind, content, actor=MACHINE)
    clock.advance(hours=2)
    drain()

    records = carry()

    def figures(state):
        figure = state.contributions.figures.require("site.items")
        with state.reading() as session:
            return [figure.value(session, Period.year(year)) for year in (2016, 2017)]

    assert figures(cms) == [5, 2]
    assert figures(other) == [5, 2]
    kept = states(cms)
    kept["撤回又改"] = (State.WITHDRAWN, kept["撤回又改"][1])
    kept["公开又改"] = (State.PUBLISHED, kept["公开又改"][1])
    assert states(other) == kept
    shown = {one["title"]: (one["state"], one.get("exclusion", ""), one.get("reason", "")) for one in records}
    assert shown == {
        "公开": ("published", "", ""), "公开17": ("published", "", ""), "外单位": ("published", "", ""),
        "到期": ("expired", "", ""), "撤回": ("withdrawn", "", "理由"), "误发": ("withdrawn", "误发", "理由"),
        "重复": ("withdrawn", "重复", "理由"), "误发又回": ("published", "", "理由"),
        "撤回又改": ("withdrawn", "", "理由"), "公开又改": ("published", "", ""), "草稿": ("draft", "", ""),
    }  # fmt: skip


def test_whole_catalogue_entry_survives(app, cms, other, carry):
    given = {
        "doc_no": "衡民发〔2016〕12号", "doc_kind": "通知", "subject": "民政、救灾", "catalog_node": "20.11",
        "formed_on": "2016-03-01", "openness": "withheld", "denial_ground": "15", "channels": ["公报", "公示栏"],
    }  # fmt: skip
    make_published(cms, "notice", "目录", issuer=ORGAN, catalogue=given)

    carry()

    with cms.reading() as here, other.reading() as there:
        before, after = (session.scalars(select(CatalogueEntry)).one() for session in (here, there))
        for name in (*given, "index_no"):
            assert getattr(after, name) == getattr(before, name) != "", name


def test_files_keep_role_caption_description_and_cover(app, cms, other, carry, tmp_path):
    def add(uow, name, colour):
        Image.new("RGB", (8, 8), colour).save(tmp_path / name)
        content = (tmp_path / name).read_bytes()
        return add_asset(uow, cms.store, actor=MACHINE, filename=name, content=content, alt=f"{name} 说明").id

    with cms.unit_of_work() as uow:
        one, two, three = (add(uow, f"{colour}.png", colour) for colour in ("red", "blue", "green"))
    uses = (
        AssetUse(asset_id=one, role=AssetRole.IMAGE, caption="第一张"),
        AssetUse(asset_id=two, role=AssetRole.IMAGE, caption="第二张"),
        AssetUse(asset_id=three, role=AssetRole.ATTACHMENT, caption="原图"),
    )
    make_published(cms, "news", "有图", assets=uses, cover_id=two)
    make_published(cms, "news", "无封面", assets=uses[:1])
    make_published(cms, "news", "只作封面", cover_id=three)

    carry()

    def files(state):
        with state.reading() as session:
            names = {asset.id: (asset.filename, asset.alt) for asset in session.scalars(select(Asset))}
            found = {}
            for content in session.scalars(select(Content)):
                snapshot = Snapshot.from_json(queries.latest_revision(session, content).snapshot)
                uses = [(names[use.asset_id], use.role, use.caption) for use in snapshot.assets]
                found[content.title] = (uses, names.get(content.cover_id))
        return found

    before, after = files(cms), files(other)
    # The cover that nothing else uses is named among the files.
    before["只作封面"] = ([(("green.png", "green.png 说明"), AssetRole.COVER, "")], ("green.png", "green.png 说明"))
    assert after == before


def test_files_may_be_paths_or_objects(app, cms, take, tmp_path):
    for name in ("a.png", "b.png"):
        Image.new("RGB", (8, 8), "red" if name == "a.png" else "blue").save(tmp_path / name)
    base = {"type": "news", "title": "图", "body": "正文"}
    marked = {"path": "b.png", "role": "cover", "alt": "蓝色"}

    report = take(
        cms,
        {**base, "external_id": "1", "assets": ["a.png", "b.png"]},
        {**base, "external_id": "2", "assets": ["a.png", marked]},
        {**base, "external_id": "3", "assets": [{"path": "a.png", "caption": "红色"}]},
    )

    assert report.errors == []
    with cms.reading() as session:
        names = {asset.id: asset.filename for asset in session.scalars(select(Asset))}
        covers = session.scalars(select(Content.cover_id).order_by(Content.external_id))
        assert [names.get(cover) for cover in covers] == ["a.png", "b.png", None]
