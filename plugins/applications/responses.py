"""An answer as an officer writes it, before it is a row."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class AnswerInput:
    """An answer as the officer writes it.

    :param kind: code of a kind of the edition. :param result: code of the row it will count under; may be left out
        where the kind has only one. :param grounds: codes of the results whose reasons the letter gives.
    :param provided: what is given, or how to get it. :param organ: the organ that is right instead.
    """

    kind: str
    result: str = ""
    grounds: Sequence[str] = ()
    reasons: str = ""
    provided: str = ""
    organ: str = ""
