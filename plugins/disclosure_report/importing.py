"""Taking in the report of a year, or the published one of a past year, from a record."""

import json
from collections.abc import Mapping, Sequence

from cms.api import Actor, FigureRegistry, Invalid, UnitOfWork, clean, one_line
from cms.api import gettext as _

from . import lifecycle, reports
from .contract_file import read_contract
from .format_file import Format, Formats
from .manual import ManualInput, record_changes
from .models import State
from .past import PastInput, newest, record_past
from .texts import edited_texts, save_text

_PAST_KEYS = frozenset({"year", "format", "organ", "source", "tables", "figures", "chapters", "findings"})
_KEYS = frozenset({"year", "format", "chapters", "manual", "state"})
_STATES = (State.OPEN, State.APPROVED, State.FROZEN)


def take_report(
    uow: UnitOfWork, figures: FigureRegistry, formats: Formats, record: Mapping[str, object], *, actor: Actor
) -> bool:
    """Take in ``{"year", "format", "chapters": {code: text}, "manual": [{"figure", "value", "source"}], "state"}``.

    ``state`` may be ``open`` (default), ``approved`` or ``frozen``; give the latter when the records of the year are
    in place, because they are frozen with it. A report that is approved or frozen already is left as it
    is. Tell whether anything was new.

    :raises Invalid: by key. :raises NotFound: if format or chapter do not exist.
    :raises NotAllowed: if the wanted state cannot be reached, for instance because the report contradicts itself.
    """
    year, state = _checked(record)
    row = lifecycle.find(uow.session, year)
    if row is not None and row.state is not State.OPEN:
        return False
    form = formats.named(str(record["format"])) if record.get("format") else formats.for_year(year)
    if row is None:
        lifecycle.open_report(uow, year, form, actor=actor)
    changes = _take_texts(uow, form, year, _mapping(record, "chapters"), actor)
    changes += record_changes(uow, figures, form, year, _inputs(record), actor=actor)
    uow.session.flush()
    if state is not State.OPEN:
        reports.approve(uow, figures, formats, year, actor=actor)
    if state is State.FROZEN:
        reports.freeze(uow, figures, formats, year, actor=actor)
    return row is None or changes > 0 or state is not State.OPEN


def _take_texts(uow: UnitOfWork, form: Format, year: int, texts: Mapping[str, object], actor: Actor) -> int:
    known = edited_texts(uow.session, year)
    new = {code: clean(str(text)) for code, text in texts.items()}
    new = {code: text for code, text in new.items() if code not in known or known[code].text != text}
    for code, text in new.items():
        save_text(uow, form, year, code, text, actor=actor)
    return len(new)


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


def _inputs(record: Mapping[str, object]) -> list[ManualInput]:
    value = record.get("manual") or []
    if not isinstance(value, Sequence) or not all(isinstance(line, Mapping) for line in value):
        raise Invalid({"manual": [_("应为对象的列表。")]})
    texts = [{name: str(line.get(name, "")) for name in ("figure", "value", "source", "reason")} for line in value]
    return [
        ManualInput(code=text["figure"], value=text["value"], source=text["source"], reason=text["reason"])
        for text in texts
    ]


def take_past(uow: UnitOfWork, formats: Formats, record: Mapping[str, object], *, actor: Actor) -> bool:
    """Take in the published report of a past year: the JSON of the contract with its ``source``.

    One that says the same as what is stored is left alone. Tell whether it was new.

    :raises Invalid: by key. :raises NotFound: if no format is for the year.
    :raises NotAllowed: for a year that is not over, or one whose report this product has frozen.
    """
    errors = {name: [_("未知的键。")] for name in sorted(set(record) - _PAST_KEYS)}
    if errors:
        raise Invalid(errors)
    content = json.dumps({**record, "findings": []}, default=str).encode()
    found = read_contract(content, formats)
    stored = newest(uow.session, found.year)
    source = one_line(str(record.get("source") or ""))
    figures, tables = dict(found.figures), dict(found.tables)
    if stored is not None and (stored.source, stored.tables, stored.figures) == (source[:200], tables, figures):
        return False
    given = PastInput(source=source, tables=tables, figures=figures, chapters=found.chapters)
    record_past(uow, formats.for_year(found.year), found.year, given, actor=actor)
    return True
