"""What a sheet is: the columns of a list and the service that takes in one of its rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Protocol

from sqlalchemy.orm import Session

from cms.accounts.policy import Actor
from cms.db.uow import UnitOfWork

#: What a cell becomes; an empty one is an empty string in columns of text and choices, else nothing.
Value = str | int | Decimal | date | None
#: Returns the values that a column of choices offers, each with its label; rows may say either.
Choices = Callable[[Session], Sequence[tuple[str, str]]]


#: Returns what entries are, by id, in a few words without personal data.
Describe = Callable[[Session, Sequence[int]], Mapping[int, str]]


class CellKind(Enum):
    """What the cells of a column hold; the value says so to the person who fills it in."""

    TEXT = "文字"
    WHOLE = "整数"
    DECIMAL = "数字"
    DAY = "日期，例如 2016-03-05 或 2016年3月5日"
    CHOICE = "从选项中选"


@dataclass(frozen=True, kw_only=True)
class SheetColumn:
    """One column: its heading, what its cells hold, and the name under which the service gets and refuses them.

    :param length: of texts, in characters; longer ones are errors, never cut.
    """

    name: str
    label: str
    kind: CellKind = CellKind.TEXT
    is_required: bool = False
    choices: Choices | None = None
    help: str = ""
    length: int = 200


class TakeRow(Protocol):
    """A service that keeps one row."""

    def __call__(self, uow: UnitOfWork, row: Mapping[str, Value], /, *, actor: Actor) -> int | None:
        """Return the id of the new entry, or nothing if the row's external key is registered already.

        :raises Invalid: by names of columns.
        """


class UndoEntry(Protocol):
    """A service that takes one entry back, in the way of its register: by a counter-entry, or by making it void."""

    def __call__(self, uow: UnitOfWork, entry_id: int, /, *, actor: Actor, reason: str) -> bool:
        """Take the entry back; tell whether it still counted: one that somebody has taken back already is passed over.

        :raises NotAllowed: with the sentence that says why this one has to stay.
        """


@dataclass(frozen=True, kw_only=True)
class SheetSpec:
    """A register that can be filled from a list.

    :param code: part of addresses and commands, ``tallies``; that of a plugin begins with its key.
    :param permission: who may take lists in, see their batches and undo them; ``take`` and ``undo`` check their own
        as well.
    :param undo: takes one entry of a batch back; without it a batch cannot be undone as a whole.
    :param describe: says in a few words what each of some entries is, by id, without personal data.
    :param evidence: name of the column that holds the source of a row. Where it is empty, the source of the whole list
        stands in for it. Without such a column the list itself has to name one.
    """

    code: str
    label: str
    permission: str
    columns: Sequence[SheetColumn]
    take: TakeRow
    undo: UndoEntry | None = None
    describe: Describe | None = None
    evidence: str = "source"
    lead: str = ""

    @property
    def headings(self) -> list[str]:
        """Return the labels of the columns in their order."""
        return [column.label for column in self.columns]
