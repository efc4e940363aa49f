"""Keeping 基层政务公开标准目录: adding and changing rows, and the catalogues that come with the product."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.accounts.policy import Actor, require
from cms.audit.services import record
from cms.catalogue.clock import recall
from cms.catalogue.standard_rows import CHANNELS, LEVELS, StandardRow, row_numbered
from cms.db.uow import UnitOfWork
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.kernel.text import clean, one_line
from cms.settings.services import SiteSettings, load

MANAGE = "catalogue.manage"
#: The longest limit that a row may set, in working days.
MAX_LIMIT = 250
#: Four digits are more than any catalogue needs.
MAX_SERIAL = 9999
#: Sizes of the columns, in characters.
SIZES = {
    "domain": 60, "first": 120, "second": 120, "elements": 2000, "basis": 2000, "time_limit": 300, "agency": 200,
    "groups": 300,
}  # fmt: skip
_FOLDER = Path(__file__).parent / "data"
#: Catalogues that come with the product, by key: file in ``data``.
BUNDLED = {"social_assistance": "社会救助领域"}


@dataclass(frozen=True, kw_only=True)
class RowInput:
    """What is typed or imported of a row."""

    domain: str
    serial: int
    first: str
    second: str = ""
    elements: str = ""
    basis: str = ""
    time_limit: str = ""
    limit_days: int | None = None
    agency: str = ""
    channels: tuple[str, ...] = ()
    is_for_all: bool = True
    groups: str = ""
    is_active: bool = True
    is_on_request: bool = False
    levels: tuple[str, ...] = ()
    is_retired: bool = False


def save_row(uow: UnitOfWork, row: StandardRow | None, given: RowInput, *, actor: Actor) -> StandardRow:
    """Add a row, or change one; the clocks of its items are reckoned anew if its limit has changed.

    :raises Invalid: by field.
    """
    require(actor, MANAGE)
    values = _tidy(given)
    _check(uow.session, row, values)
    old_limit, is_new = (row.limit_days if row else None), row is None
    if row is None:
        row = StandardRow(code=_new_code(uow.session, values["domain"], values["serial"]))
        uow.session.add(row)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if not changed:
        return row
    for name in changed:
        setattr(row, name, values[name])
    row.updated_at = uow.clock.now()
    # Whoever names the row finds it, and the audit entry its code.
    uow.session.flush()
    if not is_new and old_limit != row.limit_days:
        recall(uow, row.code)
    record(
        uow, "catalogue.standard", actor_id=actor.id, subject_type="standard_row", subject_id=row.code,
        changed="、".join(changed),
    )  # fmt: skip
    return row


def _tidy(given: RowInput) -> dict[str, Any]:
    values = {one.name: getattr(given, one.name) for one in fields(given)}
    lines = {"domain", "first", "second", "time_limit", "agency", "groups"}
    values |= {name: one_line(values[name]) for name in lines}
    values |= {name: clean(values[name]) for name in ("elements", "basis")}
    chosen = {"channels": CHANNELS, "levels": LEVELS}
    known = {name: [one for one in offered if one in values[name]] for name, offered in chosen.items()}
    strange = {name: [one for one in values[name] if one not in offered] for name, offered in chosen.items()}
    return values | {name: [*known[name], *strange[name]] for name in chosen}


def _check(session: Session, row: StandardRow | None, values: Mapping[str, Any]) -> None:
    errors = {**_problems_of_texts(values), **_problems_of_choices(values)}
    if not 1 <= values["serial"] <= MAX_SERIAL:
        errors["serial"] = [_("序号应为 1 到 {n} 的整数。").format(n=MAX_SERIAL)]
    elif (other := row_numbered(session, values["domain"], values["serial"])) and (row is None or other.id != row.id):
        errors["serial"] = [_("序号 {n} 已有：{matter}。").format(n=other.serial, matter=other.label)]
    if values["limit_days"] is not None and not 1 <= values["limit_days"] <= MAX_LIMIT:
        errors["limit_days"] = [_("工作日数应为 1 到 {n} 的整数，不填则按《条例》规定。").format(n=MAX_LIMIT)]
    if errors:
        raise Invalid(errors)


def _problems_of_texts(values: Mapping[str, Any]) -> dict[str, list[str]]:
    errors = {
        name: [_("最多 {n} 个字，现有 {m} 个。").format(n=most, m=len(values[name]))]
        for name, most in SIZES.items() if len(values[name]) > most
    }  # fmt: skip
    for name, label in (("domain", _("领域")), ("first", _("一级事项")), ("elements", _("公开内容"))):
        if not values[name]:
            errors[name] = [_("请填写“{label}”。").format(label=label)]
    return errors


def _problems_of_choices(values: Mapping[str, Any]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for name, offered in (("channels", CHANNELS), ("levels", LEVELS)):
        if strange := [one for one in values[name] if one not in offered]:
            known = "、".join(offered)
            errors[name] = [_("没有“{names}”；应为：{known}。").format(names="、".join(strange), known=known)]
    if not values["is_active"] and not values["is_on_request"]:
        errors["is_active"] = [_("公开方式请选“主动”或“依申请”。")]
    if not values["is_for_all"] and not values["groups"]:
        errors["groups"] = [_("公开对象请选“全社会”，或写明特定群体。")]
    return errors


def _new_code(session: Session, domain: str, serial: int) -> str:
    """Return a code that reads like domain and number and that no row has."""
    stem = domain.removesuffix("领域")[:24] or "row"
    number = serial
    while session.scalar(select(StandardRow.id).where(StandardRow.code == f"{stem}-{number:02d}")):
        number += 1
    return f"{stem}-{number:02d}"


def bundled(key: str) -> list[RowInput]:
    """Return the rows of a catalogue that comes with the product.

    :raises Invalid: field ``key``, if there is none of that key.
    """
    if key not in BUNDLED:
        raise Invalid({"key": [_("没有这个标准目录。")]})
    raw: list[dict[str, Any]] = json.loads((_FOLDER / f"{key}.json").read_text("utf-8"))["rows"]
    return [_from_json(row) for row in raw]


def _from_json(row: Mapping[str, Any]) -> RowInput:
    return RowInput(**{**row, "channels": tuple(row["channels"]), "levels": tuple(row["levels"])})


def add_bundled(uow: UnitOfWork, key: str, *, actor: Actor) -> int:
    """Add the rows of a bundled catalogue whose number is free; return how many. A row without 公开主体 gets our organ.

    :raises Invalid: field ``key``, if there is none of that key.
    """
    require(actor, MANAGE)
    organ, added = load(uow.session, SiteSettings).organ_name, 0
    for given in bundled(key):
        if row_numbered(uow.session, given.domain, given.serial) is None:
            values = {one.name: getattr(given, one.name) for one in fields(given)}
            save_row(uow, None, RowInput(**{**values, "agency": given.agency or organ}), actor=actor)
            added += 1
    return added
