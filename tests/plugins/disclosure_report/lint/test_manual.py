"""The reference page of the linter says what the registry says."""

import re
from pathlib import Path

from cms_plugins.disclosure_report.checks import every_rule
from cms_plugins.disclosure_report.lint.organs import Level

MANUAL = (Path(__file__).parents[4] / "docs" / "reference" / "linter.md").read_text("utf-8")


def applies(rule):
    """Say in words to which reports a rule applies."""
    parts = ["our own report"] if rule.is_own else []
    parts += [", ".join(f"`{name}`" for name in sorted(rule.formats))] if rule.formats else []
    parts += [f"tables {', '.join(sorted(rule.tables))}"] if rule.tables else []
    if rule.levels != frozenset(Level):
        parts.append(", ".join(level.value for level in Level if level in rule.levels))
    return "; ".join(parts) or "all"


def line(rule):
    return f"| {rule.id} | {rule.severity.value} | {rule.title} | {applies(rule)} | {rule.source} |"


def test_manual_lists_every_rule_as_it_is():
    missing = [line(rule) for rule in every_rule() if line(rule) not in MANUAL]

    assert missing == []


def test_manual_lists_no_rule_that_is_gone():
    listed = set(re.findall(r"^\| ([XLR]\d\d) \|", MANUAL, re.MULTILINE))

    assert listed == {rule.id for rule in every_rule()}


def test_every_rule_of_the_design_is_there():
    ids = {rule.id for rule in every_rule()}

    assert {f"X{n:02}" for n in range(1, 27)} | {f"L{n:02}" for n in range(1, 23)} <= ids


def test_manual_says_of_every_founding_finding_who_decides_it():
    assert re.findall(r"^\| (F\d\d) \|", MANUAL, re.MULTILINE) == [f"F{n:02}" for n in range(1, 27)]
