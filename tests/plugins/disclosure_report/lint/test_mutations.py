"""A correct report, and what happens when one figure of it is changed: a rule fires, or the manual says why none can."""

import re
from copy import deepcopy
from pathlib import Path

import pytest
from cms_plugins.disclosure_report.format_file import formats
from cms_plugins.disclosure_report.lint.organs import Level
from cms_plugins.disclosure_report.linting import Wanted, check, source_of_text

MANUAL = Path(__file__).parents[4] / "docs" / "reference" / "linter.md"


def last_year(given):
    """Return a report of the year before, from which the golden one follows."""
    tables = given.golden()
    before = deepcopy(tables)
    before["T3"]["A4"] = dict(tables["T3"]["A2"])
    for column in before["T3"]["A1"]:
        done = before["T3"]["A3.7"][column] + before["T3"]["A4"][column]
        before["T3"]["A1"][column] = done - before["T3"]["A2"][column]
    for code in ("REG", "NORM"):
        cells = tables["T2"][code]
        before["T2"][code]["valid"] = cells["valid"] - cells["made"] + cells["repealed"]
    return given.report(
        before, year=2024, prose="2024年，另有安排。", problems="一是渠道单一，已由办公室在2024年底前整改。"
    )


@pytest.fixture(scope="module")
def previous(given):
    return source_of_text(last_year(given))


def found(text, previous, level=Level.PREFECTURE, year=2025):
    wanted = Wanted(year=year, level=level, previous=previous)
    return check(source_of_text(text), formats(), wanted)


def errors(given, tables, previous, level=Level.PREFECTURE):
    """Return the rules whose grade is E, on the golden report with other tables and no numbers in its prose."""
    text = given.report(tables, prose="2025年，我市推进政府信息公开工作。")
    return given.rules(found(text, previous, level), "E")


def test_golden_report_is_sound(given, previous):
    outcome = found(given.report(), previous)

    assert [(one.rule, one.severity.value) for one in outcome.findings if one.rule not in ("L17", "X11")] == []
    assert given.tables_json(outcome) == given.golden()


def swap(one, other):
    def change(tables):
        (a, x), (b, y) = one, other
        rows = tables["T3"]
        rows[a][x], rows[b][y] = rows[b][y], rows[a][x]

    return change


def add(table, row, column, amount=1):
    def change(tables):
        tables[table][row][column] += amount

    return change


def put(table, row, column, value):
    def change(tables):
        tables[table][row][column] = value

    return change


def together(*changes):
    def change(tables):
        for one in changes:
            one(tables)

    return change


#: Name → change, and exactly the rules that must fire.
MUTATIONS = {
    "two leaves of one row swapped between columns": (swap(("A3.1", "NP"), ("A3.1", "CE")), ["X02"]),
    "two leaves of two rows swapped between columns": (swap(("A3.1", "NP"), ("A3.2", "CE")), ["X02", "X03"]),
    "two rows of one column swapped": (swap(("A3.3.1", "NP"), ("A3.3.2", "NP")), ["X03"]),
    "total of A4 by one": (add("T3", "A4", "T"), ["X01", "X03"]),
    "A4 by one in a class and in the total": (together(add("T3", "A4", "NP"), add("T3", "A4", "T")), ["X01"]),
    "total of the results by one": (add("T3", "A3.7", "T"), ["X01", "X02", "X03"]),
    "a leaf and its row's total": (together(add("T3", "A3.5.2", "NP"), add("T3", "A3.5.2", "T")), ["X02"]),
    "zero cell left blank": (put("T3", "A3.5.3", "NP", ""), []),
    "cell left blank": (put("T3", "A3.1", "NP", ""), ["X02", "X03"]),
    "part of a case": (put("T3", "A3.3.1", "NP", "13.5"), ["X02", "X03", "X06"]),
    "carried over by one": (together(add("T3", "A2", "NP"), add("T3", "A1", "NP", -1)), ["X03", "X05"]),
    "carried over, balanced": (
        together(*[add("T3", row, column, n) for row, n in (("A2", 1), ("A1", -1)) for column in ("NP", "T")]), ["X05"],
    ),
    "total of reconsiderations": (add("T4", "R", "total"), ["X04"]),
    "one outcome of lawsuits": (add("T4", "L1", "fix"), ["X04"]),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTATIONS)
def test_mutation_fires_exactly_these_rules(given, previous, name):
    change, expected = MUTATIONS[name]
    tables = given.golden()
    change(tables)

    assert errors(given, tables, previous) == expected


def test_blank_cell_is_a_warning_of_its_own(given, previous):
    tables = given.golden()
    put("T3", "A3.5.3", "NP", "")(tables)
    outcome = found(given.report(tables), previous)

    assert [(one.severity.value, "要求提供公开出版物" in one.message) for one in given.of(outcome, "X06")] == [
        ("W", True)
    ]


def test_rules_made_below_the_level_that_may_make_them(given, previous):
    assert errors(given, given.golden(), previous, Level.COUNTY) == ["X07"]
    assert errors(given, given.golden(), previous, Level.PREFECTURE) == []


def test_warnings_between_the_years(given, previous):
    tables = given.golden()
    add("T2", "NORM", "valid", 3)(tables)
    tables["T4"]["R"] = dict.fromkeys(tables["T4"]["R"], 0)
    outcome = found(given.report(tables), previous)

    assert {"X08", "X09"} <= set(given.rules(outcome, "W"))


def test_sum_of_the_parts(given):
    parts = [source_of_text(given.report(organ=f"海州市第{n}区")) for n in "一二"]
    tables = given.golden()
    for rows in tables.values():
        for cells in rows.values():
            for column in cells:
                cells[column] *= 2
    text = given.report(tables)

    def differing(text):
        outcome = check(source_of_text(text), formats(), Wanted(level=Level.PREFECTURE, parts=parts))
        return [one.message for one in given.of(outcome, "X18")]

    assert differing(text) == []
    tables["T2"]["LIC"]["decisions"] += 1
    assert len(differing(given.report(tables))) == 1


#: A figure, with the words around it, whose change no rule can see: it stands once and adds up to nothing.
ALONE = {
    "行政许可": "a cell of table 2 that prose does not quote and no sum contains",
    "行政处罚": "the same",
    "行政强制": "the same",
    "行政事业性收费": "the same",
    "信息处理费": "an amount that stands only once",
}


def places(outcome):
    """Yield each figure of the report: its place and the words before it on the line, or its row's label."""
    text = outcome.context.source.text
    for one in re.finditer(r"(?<![\d.A-Za-z〔])\d+(?:\.\d+)?(?![\d.])", text):
        line = text[text.rfind("\n", 0, one.start()) + 1 : one.start()]
        if not re.search(r"[（(]$", line):
            yield one, line


def test_any_changed_figure_is_seen(given, previous):
    text = given.report()
    before = found(text, previous)
    known = {one.fingerprint for one in before.findings}
    unseen = []
    for place, line in places(before):
        if re.fullmatch(r"\d{1,2}", place[0]) and re.match(r"\s*[.、]", text[place.end() :]):
            continue  # The ordinal of a row.
        changed = text[: place.start()] + str(int(float(place[0])) + 1) + text[place.end() :]
        if not {one.fingerprint for one in found(changed, previous).findings} - known:
            unseen.append(next((name for name in ALONE if name in line), line[-20:] + place[0]))

    assert sorted(set(unseen)) == sorted(ALONE)


def test_manual_names_the_figures_that_stand_alone():
    manual = MANUAL.read_text("utf-8")

    assert [name for name in ALONE if name not in manual] == []
