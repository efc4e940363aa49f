"""What an edition of 《中华人民共和国政府信息公开条例》 says, as typed values. The words themselves are in ``data/``.

An edition rules what was received while it was in force. Laws that have dates of their own (行政复议法, 行政诉讼法) do
not belong to an edition: their remedies go by the day of the answer.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import ClassVar, NamedTuple, Protocol, TypeVar

from cms.kernel.errors import NotFound
from cms.kernel.i18n import gettext as _
from cms.workdays.clocks import ClockSpec

_STRICT: Mapping[str, str] = {"extra": "forbid"}


class MonthDay(NamedTuple):
    """A day of the year."""

    month: int
    day: int


@dataclass(frozen=True, kw_only=True)
class ReportDue:
    """The last day, in the year after, on which the annual report is submitted and published.

    Calendar dates that do not move for weekends (disclosure-rules g.1 rule 8).
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = _STRICT

    department: MonthDay
    government: MonthDay
    article: str
    unverified: bool = False

    def of_department(self, report_year: int) -> date:
        """Return the day for the report of a department on ``report_year``."""
        return date(report_year + 1, *self.department)

    def of_government(self, report_year: int) -> date:
        """Return the day for the report of a whole government on ``report_year``."""
        return date(report_year + 1, *self.government)


@dataclass(frozen=True, kw_only=True)
class Result:
    """A result that a closed application is counted under: a leaf of the statistics of its edition.

    :param label: as printed in the report. :param group: the heading above it. :param ground: wording of the reason
        for the answer letter, with its article; empty where the answer has none.
    :param answer_kinds: codes of the answers that may end in it.
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = _STRICT

    code: str
    label: str
    group: str = ""
    article: str = ""
    ground: str = ""
    answer_kinds: tuple[str, ...] = ()
    unverified: bool = False


class RemedyKind(StrEnum):
    """Which way is open to somebody who does not accept an answer."""

    NONE = "none"
    """There is no letter, so no paragraph either."""
    CHOICE = "choice"
    """行政复议 or 行政诉讼, as the person likes."""
    REVIEW_FIRST = "review_first"
    """行政复议 before 行政诉讼 (复议前置), where the law of the day asks for it."""


@dataclass(frozen=True, kw_only=True)
class AnswerKind:
    """A kind of answer.

    :param letter: title of the letter; empty if none is sent. :param text: the legal text of the letter, with tokens
        (see ``TOKENS`` in :mod:`.loading`). :param results: codes of the results it may end in.
    :param grounds: codes of the results whose ``ground`` the letter may give; where there are any, it gives one.
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = _STRICT

    code: str
    label: str
    results: tuple[str, ...]
    letter: str = ""
    article: str = ""
    text: str = ""
    remedy: RemedyKind = RemedyKind.NONE
    grounds: tuple[str, ...] = ()
    note: str = ""
    unverified: bool = False


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """The remedy paragraph of answers given from ``in_force_from`` on, until a later one of its kind."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = _STRICT

    code: str
    kind: RemedyKind
    in_force_from: date
    text: str
    article: str
    review_days: int
    litigation_months: int
    unverified: bool = False


@dataclass(frozen=True, kw_only=True)
class FeeStep:
    """Up to the ``to``-th piece, each piece costs ``price`` yuan; the last step has no ``to``."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = _STRICT

    price: int
    to: int | None = None


@dataclass(frozen=True, kw_only=True)
class FeeBasis:
    """A way to charge, progressive by bracket (超额累进).

    :param scope: what is added up before the brackets are applied. :param block: beyond the steps, each further block
        of so many pieces costs ``rise`` yuan more a piece than the block before it; 0 if the price stays.
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = _STRICT

    code: str
    label: str
    unit: str
    scope: str
    steps: tuple[FeeStep, ...]
    block: int = 0
    rise: int = 0

    def total(self, pieces: int) -> int:
        """Return what ``pieces`` cost together, in yuan; with accumulation, take the total before from the one after.

        :raises ValueError: if ``pieces`` is negative.
        """
        if pieces < 0:
            raise ValueError(f"{pieces} pieces cannot be charged")
        total, below = 0, 0
        for to, price in self._brackets():
            inside = (pieces if to is None else min(to, pieces)) - below
            if inside <= 0:
                break
            total, below = total + inside * price, below + inside
        return total

    def _brackets(self) -> Iterator[tuple[int | None, int]]:
        for step in self.steps:
            yield step.to, step.price
        to, price = self.steps[-1].to, self.steps[-1].price
        while to is not None and self.block:
            to, price = to + self.block, price + self.rise
            yield to, price


@dataclass(frozen=True, kw_only=True)
class Fees:
    """信息处理费: the two bases, of which one is chosen for each application, never both."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = _STRICT

    in_force_from: date
    article: str
    bases: tuple[FeeBasis, ...]
    unverified: bool = False

    def basis(self, code: str) -> FeeBasis:
        """Return a basis: ``per_case`` or ``per_page``.

        :raises NotFound: if there is none of that code.
        """
        return _one(self.bases, code)


@dataclass(frozen=True, kw_only=True)
class ContentItem:
    """A statutory content of the annual report."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = _STRICT

    code: str
    text: str
    article: str
    unverified: bool = False


@dataclass(frozen=True, kw_only=True)
class ApplicantClass:
    """Who applies, as the columns of the report have it; ``group`` is the heading above."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = _STRICT

    code: str
    label: str
    group: str = ""


@dataclass(frozen=True, kw_only=True)
class Move:
    """Where a result or a row of the report has gone in the other edition; ``to`` is empty if nothing corresponds."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = _STRICT

    code: str
    to: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Edition:
    """An edition of the regulation.

    A clock that is missing has no limit in this edition; an edition without ``fees`` knows no 信息处理费.
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = _STRICT

    id: str
    title: str
    number: str
    in_force_from: date
    report_due: ReportDue
    clocks: Mapping[str, ClockSpec]
    results: tuple[Result, ...]
    answers: tuple[AnswerKind, ...]
    contents: tuple[ContentItem, ...]
    applicant_classes: tuple[ApplicantClass, ...]
    moves: tuple[Move, ...]
    remedies: tuple[Remedy, ...]
    in_force_to: date | None = None
    fees: Fees | None = None

    def clock(self, code: str) -> ClockSpec | None:
        """Return a limit; nothing if this edition has none of that code."""
        return self.clocks.get(code)

    def result(self, code: str) -> Result:
        """Return a result.

        :raises NotFound: if there is none of that code.
        """
        return _one(self.results, code)

    def answer(self, code: str) -> AnswerKind:
        """Return a kind of answer.

        :raises NotFound: if there is none of that code.
        """
        return _one(self.answers, code)

    def remedy(self, answer: AnswerKind, answered_on: date) -> Remedy | None:
        """Return the remedy paragraph for an answer given on ``answered_on``; nothing if it gets none.

        Where the law of that day asks nobody to go to 行政复议 first, the choice is open for all answers.
        """
        if answer.remedy is RemedyKind.NONE:
            return None
        in_force = [one for one in self.remedies if one.in_force_from <= answered_on]
        ordered = sorted(in_force, key=lambda one: (one.kind is answer.remedy, one.in_force_from))
        return ordered[-1] if ordered else None

    def crosswalk(self, code: str) -> str | None:
        """Return what a result or row of this edition's report is in the other edition; nothing if it has no equal.

        :raises NotFound: if the code is none of this edition's.
        """
        return self.move(code).to or None

    def move(self, code: str) -> Move:
        """Return where a result or row has gone, with a note on what moved.

        :raises NotFound: if the code is none of this edition's.
        """
        return _one(self.moves, code)

    @cached_property
    def unverified(self) -> tuple[str, ...]:
        """Return the places whose values nobody has found in a stored copy of the rule yet, for instance 答复."""
        named: Iterable[ClockSpec | Result | AnswerKind] = (*self.clocks.values(), *self.results, *self.answers)
        return tuple(f"{one.code} {one.label}" for one in named if one.unverified)


class Editions:
    """The editions there are, as one site has them."""

    def __init__(self, editions: Iterable[Edition], overrides: Iterable[str] = ()) -> None:
        self._editions = tuple(sorted(editions, key=lambda one: one.in_force_from))
        #: What the site changed, as ``2007: clocks.extend.n``.
        self.overrides = tuple(overrides)

    def __iter__(self) -> Iterator[Edition]:
        return iter(self._editions)

    def on(self, day: date) -> Edition:
        """Return the edition in force on ``day``; for an application that is the day of receipt.

        :raises NotFound: before the first edition.
        """
        for edition in reversed(self._editions):
            if edition.in_force_from <= day:
                return edition
        raise NotFound(_("{day} 以前《政府信息公开条例》尚未施行。").format(day=self._editions[0].in_force_from))

    def named(self, id: str) -> Edition:
        """Return the edition ``id``, for instance ``2019``.

        :raises NotFound: if there is none.
        """
        for edition in self._editions:
            if edition.id == id:
                return edition
        known = "、".join(edition.id for edition in self._editions)
        raise NotFound(_("没有“{id}”这一法规版本；现有：{known}。").format(id=id, known=known))


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


C = TypeVar("C", bound=_Coded)


def _one(things: Iterable[C], code: str) -> C:
    for thing in things:
        if thing.code == code:
            return thing
    raise NotFound(_("没有代码“{code}”。").format(code=code))
