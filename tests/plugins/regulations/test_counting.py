"""Table 2 of the annual report: own texts made, disclosed, repealed and in force, by the rules of their pages."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cms.accounts.policy import MACHINE
from cms.api import CatalogueEntry
from cms.content import services
from cms.content.models import Content
from cms.figures.figure import Period
from cms.testing.factories import make_published

ORGAN = "衡山县民政局"


@pytest.fixture
def make(app, cms):
    """Return a function that publishes a text of the organ, in March 2016 unless another day is given."""

    def make(
        title, formed_on="2016-03-01", *, issuer=ORGAN, at=datetime(2016, 3, 2, tzinfo=UTC), level="规范性文件", **meta
    ):
        with app.app_context():
            return make_published(
                cms, "regulation", title, at=at, issuer=issuer, meta={"level": level, **meta},
                catalogue={"formed_on": formed_on},
            )  # fmt: skip

    return make


@pytest.fixture
def counted(cms):
    """Return a function that gives the titles behind each cell of a row, by column, and checks the numbers by them."""

    def counted(year=2016, row="NORM"):
        figures = cms.contributions.figures
        found = {}
        with cms.reading() as session:
            table, _address = figures.cell("regulations.norm")
            values = table.values(session, Period.year(year))
            for column, _label in table.columns:
                rows = figures.require(f"regulations.norm.{row}.{column}").rows(session, Period.year(year))
                assert len(rows) == values[row, column]
                found[column] = [one["title"] for one in rows]
        return found

    return counted


def test_text_counts_where_its_dates_put_it(make, counted):
    make("新文件")
    make("旧文件", "2012-05-01", valid_until="2020-12-31")
    make("年底到期", "2011-01-01", valid_until="2016-12-31")
    make("年中到期", "2011-06-01", valid_until="2016-06-30")
    make("去年底到期", "2011-01-01", valid_until="2015-12-31")
    make("早已废止", "2005-01-01", repealed_on="2010-01-01", validity_basis="决定")
    make("本年废止", "2005-01-01", repealed_on="2016-12-31", validity_basis="决定")
    make("明年施行", "2016-12-20", effective_on="2017-01-01")

    assert counted() == {
        "made": ["新文件", "明年施行"],
        "disclosed": ["早已废止", "本年废止", "年底到期", "去年底到期", "年中到期", "旧文件", "新文件", "明年施行"],
        "repealed": ["本年废止", "去年底到期", "年中到期"],
        "valid": ["年底到期", "旧文件", "新文件"],
    }
    assert counted(2017)["repealed"] == ["年底到期"]
    assert counted(2017)["valid"] == ["旧文件", "新文件", "明年施行"]


def test_repeal_by_another_text_counts_on_its_day(make, counted):
    old = make("旧办法", "2010-01-01")
    make("新办法", effective_on="2016-07-01", relations=[{"kind": "废止", "target": f"#{old}", "title": "旧办法"}])
    other = make("另一旧办法", "2010-01-01")
    make("修改决定", relations=[{"kind": "修改", "target": f"#{other}", "title": "另一旧办法"}])

    assert counted()["repealed"] == ["旧办法"]
    assert counted()["valid"] == ["另一旧办法", "新办法", "修改决定"]
    assert counted(2015)["repealed"] == []


def test_texts_of_other_organs_and_other_levels_do_not_count(make, counted):
    make("省里的办法", issuer="湖南省民政厅")
    make("条例", level="行政法规")
    make("部门规章", level="部门规章")

    assert counted() == {"made": [], "disclosed": [], "repealed": [], "valid": []}
    assert counted(row="REG")["made"] == ["部门规章"]


def test_late_publication_counts_as_made_in_the_year_of_its_date(make, counted):
    make("去年的文件", "2015-12-30")

    assert counted(2015)["made"] == ["去年的文件"]
    assert counted(2015)["disclosed"] == []
    assert counted()["disclosed"] == ["去年的文件"]


def test_withdrawal_does_not_change_the_year(app, cms, make, counted):
    number = make("新文件")
    with app.app_context(), cms.unit_of_work() as uow:
        services.withdraw(uow, uow.session.get_one(Content, number), actor=MACHINE, reason="内容更新")

    assert counted()["made"] == ["新文件"]


def test_citizens_may_open_the_lists(cms):
    assert cms.contributions.figures.require("regulations.norm.NORM.valid").public


class _Undo(Exception):  # noqa: N818 — no error: it takes an example back
    pass


DAYS = st.none() | st.dates(date(2015, 12, 29), date(2017, 1, 3))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(effective=DAYS, repealed=DAYS, until=DAYS, effect=DAYS, kind=st.sampled_from(["废止", "修改", "依据"]))
def test_table_and_page_agree_on_validity(app, cms, pair, effective, repealed, until, effect, kind):
    """The condition in SQL is the rule that pages follow, on the last day of every year."""
    from cms_plugins.regulations.models import Regulation, effects_on
    from cms_plugins.regulations.validity import Validity, validity_on

    old, new = pair
    table, _address = cms.contributions.figures.cell("regulations.norm")
    with suppress(_Undo), cms.unit_of_work() as uow:
        text, other = uow.session.get_one(Regulation, old), uow.session.get_one(Regulation, new)
        text.effective_on, text.repealed_on, text.valid_until = effective, repealed, until
        other.effective_on = effect
        other.relations = [{"kind": kind, "target": f"#{old}", "title": ""}]
        other.applied(uow, uow.session.get_one(Content, new))
        uow.session.flush()
        effects = effects_on(uow.session, [old], Content.live_revision_id.is_not(None)).get(old, [])
        for year in (2015, 2016, 2017):
            period = Period.year(year)
            before, after = (validity_on(text, day, effects) for day in (period.first - timedelta(days=1), period.last))
            ended = {Validity.REPEALED, Validity.EXPIRED}
            counts = {column for (_row, column), found in table.entries(uow.session, period).items()
                      if old in [entry.record_id for entry in found]}  # fmt: skip
            assert ("valid" in counts) == (after in {Validity.VALID, Validity.AMENDED})
            assert ("repealed" in counts) == (after in ended and before not in ended)
        raise _Undo


@pytest.fixture
def pair(make):
    return make("旧办法", "2010-01-01"), make("新办法", "2010-02-01")


def test_every_own_text_has_a_catalogue_entry_with_a_date(cms, make):
    number = make("没有日期", None)

    with cms.reading() as session:
        assert session.scalar(select(CatalogueEntry.formed_on).where(CatalogueEntry.content_id == number))
