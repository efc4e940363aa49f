"""Findings as the desk shows them: with their rules, with what can be done about them, and as marks in the text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cms.api import gettext as _

from .checks import every_rule
from .lint.registry import Finding, Severity

_UNPLACED = ""


def severity_labels() -> dict[Severity, str]:
    """Return the Chinese names of the grades."""
    return {Severity.ERROR: _("错误"), Severity.WARNING: _("提醒"), Severity.NOTE: _("参考")}


@dataclass(frozen=True, kw_only=True)
class FindingView:
    """A finding as it is shown. ``number`` counts them on the page and stands in the text beside the place.

    :param where: name of the chapter, :param where_url: link to it. The other addresses are empty where nothing can be
        done.
    """

    number: int
    finding: Finding
    title: str
    explanation: str
    source: str
    severity: str
    where: str = ""
    where_url: str = ""
    dismiss_url: str = ""
    restore_url: str = ""
    fix_url: str = ""


@dataclass(frozen=True)
class Segment:
    """A run of text: ``numbers`` of the findings about it, ``ends`` of those that end with it, the gravest severity."""

    text: str
    numbers: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    severity: str = ""


@dataclass(frozen=True, kw_only=True)
class FindingsPanel:
    """The findings of a report: those that are open, those that were set aside."""

    open: Sequence[FindingView]
    aside: Sequence[FindingView]

    @property
    def errors(self) -> int:
        """Return how many open findings are errors."""
        return self._count(Severity.ERROR)

    @property
    def warnings(self) -> int:
        """Return how many open findings are warnings."""
        return self._count(Severity.WARNING)

    @property
    def notes(self) -> int:
        """Return how many open findings are notes."""
        return self._count(Severity.NOTE)

    def _count(self, severity: Severity) -> int:
        return sum(one.finding.severity is severity for one in self.open)

    def of(self, chapter: str) -> list[FindingView]:
        """Return the open findings of a chapter."""
        return [one for one in self.open if one.finding.chapter == chapter]


_GRAVITY = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def panel(
    findings: Sequence[Finding], *, urls: Mapping[str, str], chapters: Mapping[str, tuple[str, str]] | None = None,
    can_fix: bool = False,
) -> FindingsPanel:  # fmt: skip
    """Return the findings as the desk shows them, the gravest first.

    :param urls: addresses by what they do (``dismiss``, ``restore``, ``fix``), with ``FINGERPRINT`` in them; one that
        is left out is not offered. :param chapters: title and address of each chapter of our own report.
    """
    rules = {rule.id: rule for rule in every_rule()}
    labels = severity_labels()
    known = chapters or {}
    views = []
    for number, one in enumerate(sorted(findings, key=lambda one: _GRAVITY[one.severity]), 1):
        rule = rules.get(one.rule)
        where, where_url = known.get(one.chapter, ("", ""))

        def address(name: str, fingerprint: str = one.fingerprint) -> str:
            return urls.get(name, "").replace("FINGERPRINT", fingerprint)

        views.append(
            FindingView(
                number=number, finding=one, title=_(rule.title) if rule else "", severity=labels[one.severity],
                explanation=_(rule.explanation) if rule else "", source=_(rule.source) if rule else "",
                where=where, where_url=where_url, dismiss_url="" if one.dismissed else address("dismiss"),
                restore_url=address("restore") if one.dismissed else "",
                fix_url=address("fix") if one.fix and can_fix and one.chapter and not one.dismissed else "",
            )
        )  # fmt: skip
    return FindingsPanel(
        open=[one for one in views if not one.finding.dismissed], aside=[one for one in views if one.finding.dismissed]
    )


def segments(text: str, views: Sequence[FindingView]) -> list[Segment]:
    """Return ``text`` cut wherever a finding begins or ends; findings without place are left out."""
    placed = [one for one in views if one.finding.start is not None and one.finding.end is not None]
    starts: dict[int, list[FindingView]] = {}
    ends: dict[int, list[FindingView]] = {}
    for one in placed:
        # A place without length stands at the character before it.
        start, end = one.finding.start or 0, max(one.finding.end or 0, (one.finding.start or 0) + 1)
        starts.setdefault(min(start, max(0, len(text) - 1)), []).append(one)
        ends.setdefault(min(end, len(text)), []).append(one)
    cuts = sorted({0, len(text), *starts, *ends})
    found, inside = [], dict[int, FindingView]()
    for cut, following in pairwise(cuts):
        inside |= {one.number: one for one in starts.get(cut, [])}
        closing = tuple(sorted(one.number for one in ends.get(following, [])))
        gravest = min((one.finding.severity for one in inside.values()), key=lambda s: _GRAVITY[s], default=None)
        found.append(
            Segment(text[cut:following], tuple(sorted(inside)), closing, gravest.value if gravest else _UNPLACED)
        )
        for number in closing:
            inside.pop(number, None)
    return found
