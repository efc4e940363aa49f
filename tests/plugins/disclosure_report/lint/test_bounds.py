"""Hostile texts: too long ones are refused with a clear sentence, long ones take work in proportion to their length."""

import sys

import pytest
from cms_plugins.disclosure_report.lint.source import LONGEST
from cms_plugins.disclosure_report.linting import source_of_file, source_of_text

from cms.kernel.errors import Invalid

MEGABYTE = 1_000_000
HOSTILE = {
    "digits": "9", "brackets": "（", "quotes": "《", "tabs": "\t", "spaces": " ", "years": "2016年", "parts": "其中1件、", "totals": "共1件，其中1件，",
    "numbers with units": "1件、", "headings": "一、概述\n", "table rows": "（七）总计\t1\t1\t1\t1\t1\t1\t1\n", "vague": "10余条", "particles": "的的",
    "self": "我局我办", "sites": "县政府门户网站、", "claims": "收到政府信息公开申请1件，", "nothing": "未收到政府信息公开申请", "urls": "http://a",
    "commas": "1,234,", "one cell in each line": "其他\n1\n", "clauses": "。", "values": "1 ",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_is_refused_unread(name):
    text = HOSTILE[name] * (MEGABYTE // len(HOSTILE[name]))

    with pytest.raises(Invalid, match="过长"):
        source_of_text(f"横山县教育局2016年政府信息公开年度报告\n{text}")
    with pytest.raises(Invalid, match="过长"):
        source_of_file(f"横山县教育局2016年\n{text}".encode(), "report.txt")


def calls(work):
    """Return how many function calls, of Python and of C, ``work`` makes."""
    count = 0

    def note(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_text_takes_twice_the_work(given, name):
    def work(size):
        text = HOSTILE[name] * (size // len(HOSTILE[name]))
        title = "横山县教育局2023年政府信息公开工作年度报告\n一、总体情况\n"
        try:
            return calls(lambda: given.lint(title + text, year=2023))
        except Invalid:
            # Refused, which is no work at all.
            return 0

    small, large = work(3_000), work(6_000)

    assert large <= 2.6 * max(small, 20_000)


def test_longest_text_that_is_taken(given):
    text = "横山县教育局2023年政府信息公开工作年度报告\n一、总体情况\n" + "我局公开信息1条，其中网站1条。\n" * (
        LONGEST // 20
    )

    assert given.lint(text[:LONGEST]).findings
