"""Taking in the report of a year from a record: texts and values entered by hand, up to a state."""

from collections.abc import Mapping, Sequence

from cms.api import Actor, FigureRegistry, Invalid, UnitOfWork
from cms.api import gettext as _

from . import lifecycle, reports
from .format_file import Formats
from .manual import take_in
from .models import AnnualReport, State
from .texts import edited_texts, save_text

_KEYS = frozenset({"year", "format", "chapters", "manual", "state"})
_STATES = (State.OPEN, State.APPROVED, State.FROZEN)


def take_report(
    uow: UnitOfWork, figures: FigureRegistry, formats: Formats, record: Mapping[str, object], *, actor: Actor
) -> AnnualReport:
    """Take in ``{"year", "format", "chapters": {code: text}, "manual": [{"figure", "value", "source"}], "state"}``.

    ``state`` may be ``open`` (default), ``approved`` or ``frozen``; give the latter when the records of the year are
    in place, because they are frozen with it. A report that is frozen already is left as it is.

    :raises Invalid: by key. :raises NotFound: if format or chapter do not exist.
    :raises NotAllowed: if the wanted state cannot be reached, for instance because the report contradicts itself.
    """
    year, state = _checked(record)
    row = lifecycle.find(uow.session, year)
    if row is not None and row.state is not State.OPEN:
        return row
    form = formats.named(str(record["format"])) if record.get("format") else formats.for_year(year)
    row = row or lifecycle.open_report(uow, year, form, actor=actor)
    known = edited_texts(uow.session, year)
    for code, text in _mapping(record, "chapters").items():
        if code not in known or known[code].text != text:
            save_text(uow, form, year, code, str(text), actor=actor)
    take_in(uow, figures, form, year, _lines(record), actor=actor)
    uow.session.flush()
    if state is not State.OPEN:
        reports.approve(uow, figures, formats, year, actor=actor)
    if state is State.FROZEN:
        reports.freeze(uow, figures, formats, year, actor=actor)
    return row


def _checked(record: Mapping[str, object]) -> tuple[int, State]:
    errors: dict[str, list[str]] = {name: [_("未知的键。")] for name in sorted(set(record) - _KEYS)}
    year = record.get("year")
    if not isinstance(year, int) or isinstance(year, bool):
        errors["year"] = [_("应为年度，例如 2016。")]
        year = 0
    state = str(record.get("state") or State.OPEN)
    if state not in list(_STATES):
        errors["state"] = [_("应为：{states}。").format(states="、".join(_STATES))]
    if errors:
        raise Invalid(errors)
    return year, State(state)


def _mapping(record: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = record.get(name) or {}
    if not isinstance(value, Mapping):
        raise Invalid({name: [_("应为“代码: 文本”的对象。")]})
    return value


def _lines(record: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    value = record.get("manual") or []
    if not isinstance(value, Sequence) or not all(isinstance(line, Mapping) for line in value):
        raise Invalid({"manual": [_("应为对象的列表。")]})
    return value
