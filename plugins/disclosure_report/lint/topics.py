"""What the chapters of annual reports are about, whatever they are called and whichever format they are in."""

import re
from enum import StrEnum

from .source import fold


class Topic(StrEnum):
    """The subject of a chapter."""

    OVERVIEW = "overview"
    ACTIVE = "active"
    APPLICATIONS = "applications"
    CONSULTATION = "consultation"
    CASES = "cases"
    FEES = "fees"
    PROBLEMS = "problems"
    OTHER = "other"


#: The first that fits decides: a title that names two subjects is about the more special one.
_PATTERNS: tuple[tuple[Topic, re.Pattern[str]], ...] = (
    (Topic.CASES, re.compile(r"复议|诉讼|申诉")),
    (Topic.FEES, re.compile(r"收费|减免|费用")),
    (Topic.PROBLEMS, re.compile(r"问题|不足|改进|整改|打算|下一?步|困难|今后")),
    (Topic.APPLICATIONS, re.compile(r"依申请|收到和处理|申请.{0,6}(?:情况|办理|处理|受理)|不予公开")),
    (Topic.CONSULTATION, re.compile(r"咨询")),
    (Topic.ACTIVE, re.compile(r"主动公开|公开政府信息(?:的)?情况|公开内容")),
    (Topic.OTHER, re.compile(r"其他|其它|说明的?事项|需要(?:报告|说明)|附表|附件|统计表")),
    (Topic.OVERVIEW, re.compile(r"概述|概况|总体|基本情况|运行机制|组织领导|工作开展")),
)
_FILLERS = re.compile(r"[^\u4e00-\u9fff]|的")
_NOISE = re.compile(r"政府信息|信息公开|工作|情况|本机关|本局|因|被")


def topic_of(title: str) -> Topic | None:
    """Return what a chapter of that title is about; nothing if it says none of the customary subjects."""
    plain = fold(title)
    return next((topic for topic, pattern in _PATTERNS if pattern.search(plain)), None)


def bare(title: str) -> str:
    """Return a title without punctuation, numbering and ``的``: titles that differ in these only are the same."""
    return _FILLERS.sub("", title)


def resemblance(one: str, other: str) -> float:
    """Return how alike two titles are, 0 to 1, by their pairs of characters."""
    a, b = _pairs(bare(one)), _pairs(bare(other))
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def gist(title: str) -> str:
    """Return a title without the words that every title has."""
    return _NOISE.sub("", bare(title))


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)} or {text}
