"""Decisions of Table 2: tallied ones count, published ones stand in where nothing is tallied."""

from datetime import UTC, date, datetime

import pytest
from cms_plugins.disclosure_report.building import build
from cms_plugins.disclosure_report.format_file import formats

from cms.figures.figure import Period
from cms.testing.factories import make_published

ORGAN = "衡山县民政局"


@pytest.fixture
def publish(app, cms):
    def publish(title, node="20.06", issuer=ORGAN):
        with app.app_context():
            return make_published(
                cms,
                "notice",
                title,
                at=datetime(2024, 4, 5, tzinfo=UTC),
                issuer=issuer,
                catalogue={"catalog_node": node},
            )

    return publish


@pytest.fixture
def clock(clock):
    clock.at = datetime(2025, 1, 10, 2, 0, tzinfo=UTC)
    return clock


@pytest.fixture
def cells(cms):
    def cells():
        with cms.reading() as session:
            report = build(session, cms.contributions.figures, year=2024, form=formats().for_year(2024))
        table = report.tables["T2"].cells
        return {code: table[f"T2.{code}.decisions"] for code in ("LIC", "PUN", "COE")}

    return cells


def test_published_decisions_are_told_by_node_and_title(publish, cells):
    publish("某公司行政处罚决定书")
    publish("某公司行政强制执行决定书")
    publish("准予行政许可决定（某社团）", node="20.05")
    publish("行政处罚裁量基准")
    publish("行政许可事项办事指南", node="20.05")
    publish("行政处罚决定书（外单位）", issuer="县公安局")
    publish("行政处罚决定书（未归目录）", node="20.07")

    found = cells()
    assert {code: number.value for code, number in found.items()} == {"LIC": 1, "PUN": 1, "COE": 1}
    assert found["PUN"].lists == ("decisions.items.PUN.decisions",)


def test_tallied_decisions_take_precedence_row_by_row(publish, cells, tally):
    publish("某公司行政处罚决定书")
    publish("准予行政许可决定（某社团）", node="20.05")
    tally("decisions.licence", 30, on=date(2024, 1, 31))
    tally("decisions.licence", 12, on=date(2024, 2, 29))

    found = cells()
    assert {code: number.value for code, number in found.items()} == {"LIC": 42, "PUN": 1, "COE": None}
    assert found["COE"].problem == "尚未填报"
    assert found["LIC"].lists == ("decisions.register.LIC.decisions",)


def test_recorded_zero_is_known(publish, cells, tally):
    publish("某公司行政处罚决定书")
    tally("decisions.penalty", 0, on=date(2024, 12, 31))

    assert cells()["PUN"].value == 0


def test_lists_behind_them(cms, publish, tally):
    number = publish("某公司行政处罚决定书")
    tally("decisions.licence", 30, on=date(2024, 1, 31))

    figures = cms.contributions.figures
    with cms.reading() as session:
        rows = figures.require("decisions.items.PUN").rows(session, Period.year(2024))
        assert [row["content_id"] for row in rows] == [number]
        assert figures.require("decisions.register.LIC").value(session, Period.year(2024)) == 30
