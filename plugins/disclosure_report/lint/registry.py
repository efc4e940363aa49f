"""Rules and what they find: each rule is a small function with an id, a grade and the reports that it applies to."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

from .document import Document
from .organs import Level, Organ, organ_of
from .reading import ReadTable, read_tables
from .shapes import Shape
from .source import Source, Span
from .sums import Breakdown, Part, breakdowns, labelled, stretches
from .topics import Topic, topic_of


class Severity(StrEnum):
    """How grave a finding is: E must be mended before approval, W should be, I is worth knowing."""

    ERROR = "E"
    WARNING = "W"
    NOTE = "I"


@dataclass(frozen=True, kw_only=True)
class Fix:
    """A quick fix: put ``text`` where the characters from ``start`` to ``end`` stand."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that is wrong or missing.

    :param start: where it is, in characters of the text that was checked; in our own report, of the rendered
        ``chapter``. :param excerpt: the sentence. :param fingerprint: stays the same while sentence and message do.
    """

    rule: str
    severity: Severity
    message: str
    excerpt: str = ""
    start: int | None = None
    end: int | None = None
    chapter: str = ""
    #: The cell of our own report that it is about.
    cell: str = ""
    fix: Fix | None = None
    fingerprint: str = ""
    #: Why somebody has set it aside; empty if nobody has.
    dismissed: str = ""

    def as_json(self) -> dict[str, object]:
        """Return it in the shape of the contract, with chapter, quick fix and reason where it has them."""
        found: dict[str, object] = {
            "rule": self.rule, "severity": self.severity.value, "message": self.message, "excerpt": self.excerpt,
            "start": self.start, "end": self.end,
        }  # fmt: skip
        if self.chapter:
            found["chapter"] = self.chapter
        if self.fix is not None:
            found["fix"] = {"start": self.fix.start, "end": self.fix.end, "text": self.fix.text}
        if self.dismissed:
            found["dismissed"] = self.dismissed
        return found | ({"fingerprint": self.fingerprint} if self.fingerprint else {})

    @property
    def is_open_error(self) -> bool:
        """Tell whether it forbids approval."""
        return self.severity is Severity.ERROR and not self.dismissed


@dataclass(frozen=True)
class ChapterShape:
    """A chapter of a format."""

    code: str
    title: str

    @property
    def topic(self) -> Topic | None:
        """Return what it is about."""
        return topic_of(self.title)


@dataclass(frozen=True, kw_only=True)
class Form:
    """A format, as far as rules need it.

    :param chapters_are_law: the format prescribes its chapters, with their titles and order.
    :param due: month and day by which departments (``False``) and governments (``True``) publish.
    :param review_first_since: year from which 不予公开 has to go to reconsideration before litigation.
    """

    id: str
    edition: str
    chapters: tuple[ChapterShape, ...]
    shapes: tuple[Shape, ...]
    chapters_are_law: bool
    due: Mapping[bool, tuple[int, int]]
    review_first_since: int | None = None
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A number that must be the sum of others; ``None`` is what is not known."""

    name: str
    amount: Decimal | None
    parts: tuple[tuple[str, Decimal | None], ...]
    span: Span | None = None


class Context:
    """A report under check, with everything that rules ask about it.

    :param previous: the same organ's report of the year before, if it is known.
    :param parts: tables of the organs whose sum this report is. :param published: the day it was published, if known.
    """

    def __init__(
        self, source: Source, form: Form, *, year: int, level: Level | None = None, organ: Organ | None = None,
        previous: "Context | None" = None, parts: Sequence[Mapping[str, ReadTable]] = (), published: date | None = None,
    ) -> None:  # fmt: skip
        self.source, self.form, self.year = source, form, year
        found, self.regions = read_tables(source, form.shapes)
        self.tables: dict[str, ReadTable] = {table.shape.code: table for table in found}
        self.document = Document(source, self.regions)
        self.organ = organ or organ_of(self.document.title_text)
        self.level = level or (self.organ.level if self.organ else Level.COUNTY)
        self.previous, self.parts, self.published = previous, tuple(parts), published

    @property
    def is_government(self) -> bool:
        """Tell whether the report is that of a people's government."""
        return self.organ is not None and self.organ.is_government

    @cached_property
    def prose(self) -> str:
        """Return all prose below the title, folded."""
        return "\n".join(self.document.says(one) for one in self.document.paragraphs)

    @cached_property
    def counted(self) -> tuple[tuple[Span, list[Part]], ...]:
        """Return the prose up to each full stop, with what it counts."""
        return tuple((stretch, labelled(self.document, stretch)) for stretch in stretches(self.document))

    @cached_property
    def breakdowns(self) -> tuple[Breakdown, ...]:
        """Return the totals of the prose with their parts."""
        return tuple(breakdowns(self.document, self.counted))

    def identities(self) -> Iterator[Identity]:
        """Yield the sums that the tables declare."""
        for table in self.tables.values():
            for code, parts in table.shape.sums:
                named = tuple((f"{part} {table.shape.row(part).label}", table.amount(part, "n")) for part in parts)
                value = table.cells.get((code, "n"))
                name = f"{code} {table.shape.row(code).label}"
                yield Identity(name=name, amount=table.amount(code, "n"), parts=named, span=value)

    def amount(self, table: str, row: str, column: str = "n") -> Decimal | None:
        """Return the number of a cell; nothing if the report has no such table or row."""
        found = self.tables.get(table)
        return found.amount(row, column) if found is not None else None


@dataclass(frozen=True, kw_only=True)
class Hit:
    """What a rule found, and where: nowhere in particular without ``span``."""

    message: str
    span: Span | None = None
    severity: Severity | None = None
    fix: Fix | None = None
    chapter: str = ""


C = TypeVar("C", bound=Context)
#: A rule that is content with any report can also be asked about ours.
C_contra = TypeVar("C_contra", bound=Context, contravariant=True)


@dataclass(frozen=True, kw_only=True)
class Rule(Generic[C_contra]):
    """A rule.

    :param title: what it is about. :param explanation: why it matters and what to do. :param source: its origin.
    :param tables: it is asked only where one of these tables was read.
    :param formats, editions, levels: it is asked only in these; nothing means all.
    :param years: first and last report year, ``None`` for no bound.
    :param is_own: it needs our own records and is asked on our own report only.
    """

    id: str
    severity: Severity
    title: str
    explanation: str
    source: str
    find: Callable[[C_contra], Iterator[Hit]]
    formats: frozenset[str] = frozenset()
    editions: frozenset[str] = frozenset()
    levels: frozenset[Level] = frozenset(Level)
    tables: frozenset[str] = frozenset()
    years: tuple[int | None, int | None] = (None, None)
    is_own: bool = False

    def applies(self, context: Context) -> bool:
        """Tell whether the rule is meant for such a report."""
        form, (first, last) = context.form, self.years
        return (
            (not self.formats or form.id in self.formats)
            and (not self.editions or form.edition in self.editions)
            and context.level in self.levels
            and (not self.tables or bool(self.tables & set(context.tables)))
            and (first is None or context.year >= first)
            and (last is None or context.year <= last)
        )


class Registry(Generic[C]):
    """Rules in the order of their ids."""

    def __init__(self, rules: Iterable[Rule[C]] = ()) -> None:
        self._rules: dict[str, Rule[C]] = {}
        for one in rules:
            self.add(one)

    def add(self, rule: Rule[C]) -> None:
        """Take a rule in.

        :raises ValueError: if there is one with that id.
        """
        if rule.id in self._rules:
            raise ValueError(f"rule {rule.id} is declared twice")
        self._rules[rule.id] = rule

    def __iter__(self) -> Iterator[Rule[C]]:
        return iter(sorted(self._rules.values(), key=lambda one: one.id))

    def get(self, rule_id: str) -> Rule[C] | None:
        """Return a rule by id, if there is one."""
        return self._rules.get(rule_id)

    def rule(
        self,
        rule_id: str,
        severity: Severity,
        title: str,
        explanation: str,
        *,
        source: str,
        formats: str = "",
        editions: str = "",
        levels: Iterable[Level] = (),
        tables: str = "",
        years: tuple[int | None, int | None] = (None, None),
        is_own: bool = False,
    ) -> Callable[[Callable[[C], Iterator[Hit]]], Callable[[C], Iterator[Hit]]]:
        """Declare the decorated function as a rule; names in ``formats`` and the like are set apart by spaces."""

        def declare(find: Callable[[C], Iterator[Hit]]) -> Callable[[C], Iterator[Hit]]:
            self.add(
                Rule(
                    id=rule_id, severity=severity, title=title, explanation=explanation, source=source, find=find,
                    formats=frozenset(formats.split()), editions=frozenset(editions.split()),
                    levels=frozenset(levels or Level), tables=frozenset(tables.split()), years=years, is_own=is_own,
                )
            )  # fmt: skip
            return find

        return declare


def run(rules: Iterable[Rule[C]], context: C) -> list[Finding]:
    """Return what the rules find, in the order of the text; findings without a place come last."""
    found = [_finding(context, rule, hit) for rule in rules if rule.applies(context) for hit in rule.find(context)]
    found.sort(key=lambda one: (one.start is None, one.start or 0, one.rule))
    return _numbered(found)


def _finding(context: C, rule: Rule[C], hit: Hit) -> Finding:
    excerpt, span = "", hit.span
    if span is not None:
        around = context.document.sentence_at(span.start)
        excerpt = " ".join(context.source.text[around.start : max(around.end, span.end)].split())
    return Finding(
        rule=rule.id, severity=hit.severity or rule.severity, message=hit.message, excerpt=excerpt[:400],
        start=span.start if span else None, end=span.end if span else None, fix=hit.fix, chapter=hit.chapter,
    )  # fmt: skip


def _numbered(found: list[Finding]) -> list[Finding]:
    """Give each finding its fingerprint; the second of two equal ones gets another."""
    seen: dict[str, int] = {}
    done = []
    for one in found:
        said = "\n".join((one.rule, "".join(one.excerpt.split()), one.message))
        seen[said] = seen.get(said, 0) + 1
        digest = hashlib.sha256(f"{said}\n{seen[said]}".encode()).hexdigest()
        done.append(replace(one, fingerprint=digest[:32]))
    return done
