"""What all five bundled content types promise alike."""

from datetime import date

import pytest

from cms.content.models import Content
from cms.content.types import META
from cms.figures.figure import Period
from cms.kernel.clock import local_instant
from cms.sections.queries import tree
from cms.testing.factories import make_published

#: plugin, type, section path, section title, longest age, figure, its label
TYPES = [
    ("news", "news", "news", "工作动态", 14, "news.items", "工作动态类信息"),
    ("notices", "notice", "notices", "通知公告", 180, "notice.items", "通知公告类信息"),
    ("regulations", "regulation", "regulations", "政策法规", 180, "regulation.items", "政策法规类信息"),
    ("guides", "guide", "guides", "办事指南", None, "guide.items", "办事指南类信息"),
    ("pages", "page", "about", "机构概况", None, "page.items", "概况类信息"),
]
Y2016 = Period.year(2016)

every = pytest.mark.parametrize("plugin", [one[0] for one in TYPES])
each = pytest.mark.parametrize(("plugin", "kind"), [one[:2] for one in TYPES])


@every
def test_migrations_match_the_models(differences, plugin):
    assert differences(plugin) == []


@pytest.mark.parametrize(("kind", "path", "title", "days"), [one[1:5] for one in TYPES])
def test_enabling_makes_the_section(cms, kind, path, title, days):
    with cms.reading() as session:
        section = tree(session).by_path[path]

    assert (section.default_type, section.title, section.update_days) == (kind, title, days)


@each
def test_the_short_form_names_at_most_six_fields_that_exist(cms, plugin, kind):
    registered = cms.types.require(kind)
    core = {"title", "section_id", "body", "summary", "assets", "source"}
    own = {spec.name for _part, spec in registered.fields()}

    assert registered.owner == plugin
    assert len(registered.declared.form) <= 6
    assert set(registered.declared.form) <= core | own


@pytest.mark.parametrize(("kind", "code", "label"), [(one[1], *one[5:]) for one in TYPES])
def test_the_figure_is_the_list_behind_it(cms, kind, code, label):
    make_published(cms, kind, "年内一", at=local_instant(date(2016, 1, 1)))
    make_published(cms, kind, "年内二")
    make_published(cms, kind, "上一年", at=local_instant(date(2015, 12, 31), 23, 59))
    make_published(cms, kind, "转载", issuer="国务院")
    make_published(cms, "page" if kind != "page" else "news", "别的类型")
    figure = cms.contributions.figures.require(code)

    with cms.reading() as session:
        rows = figure.rows(session, Y2016)

        assert figure.label == label
        assert [row["title"] for row in rows] == ["年内一", "年内二"]
        assert figure.value(session, Y2016) == len(rows) == 2


@each
def test_a_disabled_plugin_hides_its_items_and_keeps_them(cms, client, path, without, plugin, kind):
    content_id = make_published(cms, kind, "看得见的条目")
    address = path(content_id)
    section = address.rsplit("/", 1)[0] + "/"
    assert client.get(address).status_code == client.get(section).status_code == 200

    later = without(plugin)

    assert later.get(address).status_code == 404
    assert later.get(section).status_code == 404
    assert "看得见的条目" not in later.get("/").text
    with cms.reading() as session:
        assert session.get_one(Content, content_id).live_revision_id is not None
        assert session.get(cms.types.require(kind).parts[META], content_id) is not None


@each
def test_a_page_needs_at_most_eight_queries(cms, client, path, queries, plugin, kind):
    for number in range(4):
        make_published(cms, kind, f"第{number}条", keywords=("低保",))
    address = path(make_published(cms, kind, "低保", keywords=("低保",)))
    queries.clear()

    assert client.get(address).status_code == 200
    assert len(queries) <= 8, queries


@each
def test_a_section_page_needs_no_more_queries_with_more_items(cms, client, path, queries, plugin, kind):
    section = path(make_published(cms, kind, "第一条")).rsplit("/", 1)[0] + "/"
    queries.clear()
    client.get(section)
    few = len(queries)
    for number in range(5):
        make_published(cms, kind, f"又一条{number}")
    queries.clear()

    assert client.get(section).status_code == 200
    assert len(queries) == few <= 8
