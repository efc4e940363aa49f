"""Records of other kinds that every site has: departments, sections, tallies, the calendar."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import select

from cms.accounts.models import Department
from cms.accounts.policy import Actor
from cms.accounts.services import save_department
from cms.db.uow import UnitOfWork
from cms.exchange.calendar import LOCAL, NOTICE, take_local_holiday, take_notice
from cms.exchange.importing import Importer
from cms.exchange.records import LineError
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.registers.metrics import MetricRegistry
from cms.registers.models import Tally
from cms.registers.services import TallyInput, add_tally
from cms.sections.queries import tree
from cms.sections.services import SectionInput, save_section


def core_importers(metrics: MetricRegistry) -> dict[str, Importer]:
    """Return the importers of the core by kind of record."""

    def tally(uow: UnitOfWork, raw: Mapping[str, Any], actor: Actor) -> bool:
        return import_tally(uow, metrics, raw, actor)

    return {
        "department": import_department, "section": import_section, "tally": tally, NOTICE: take_notice,
        LOCAL: take_local_holiday,
    }  # fmt: skip


def import_department(uow: UnitOfWork, raw: Mapping[str, Any], actor: Actor) -> bool:
    """Add a department by its name; tell whether it was new."""
    _check_keys(raw, {"name", "phone", "duties"})
    name = str(raw.get("name", ""))
    if uow.session.scalar(select(Department.id).where(Department.name == name)):
        return False
    try:
        save_department(
            uow, None, actor=actor, name=name, phone=str(raw.get("phone", "")), duties=str(raw.get("duties", ""))
        )
    except Invalid as error:
        raise LineError(str(error)) from error
    return True


def import_section(uow: UnitOfWork, raw: Mapping[str, Any], actor: Actor) -> bool:
    """Add a section by its path, parents first; tell whether it was new."""
    known = {f.name for f in fields(SectionInput)} - {"segment", "parent_id", "department_id"}
    _check_keys(raw, {"path", "department", *known})
    path = str(raw.get("path", "")).strip("/")
    sections = tree(uow.session)
    if path in sections.by_path:
        return False
    parent_path, _slash, segment = path.rpartition("/")
    if parent_path and parent_path not in sections.by_path:
        raise LineError(_("没有上级栏目“{path}”").format(path=parent_path))
    department = uow.session.scalar(select(Department.id).where(Department.name == str(raw.get("department", ""))))
    values = {name: raw[name] for name in known if raw.get(name) is not None}
    given = SectionInput(
        segment=segment, parent_id=sections.by_path[parent_path].id if parent_path else None,
        department_id=department, **values,
    )  # fmt: skip
    try:
        save_section(uow, None, given, actor=actor)
    except Invalid as error:
        raise LineError(str(error)) from error
    return True


def import_tally(uow: UnitOfWork, metrics: MetricRegistry, raw: Mapping[str, Any], actor: Actor) -> bool:
    """Add a line of the tally register; one with a known ``external_id`` is there already."""
    _check_keys(
        raw, {"metric", "occurred_on", "quantity", "channel", "topic", "department", "source", "note", "external_id"}
    )
    external_id = str(raw.get("external_id") or "") or None
    if external_id and uow.session.scalar(select(Tally.id).where(Tally.external_id == external_id)):
        return False
    department = uow.session.scalar(select(Department.id).where(Department.name == str(raw.get("department", ""))))
    try:
        given = TallyInput(
            metric=str(raw.get("metric", "")), occurred_on=date.fromisoformat(str(raw.get("occurred_on", ""))),
            quantity=int(raw.get("quantity", -1)), source=str(raw.get("source", "")),
            channel=str(raw.get("channel") or ""), topic=str(raw.get("topic") or ""), department_id=department,
            note=str(raw.get("note") or ""), external_id=external_id,
        )  # fmt: skip
        add_tally(uow, metrics, given, actor=actor)
    except (Invalid, ValueError, TypeError) as error:
        raise LineError(str(error)) from error
    return True


def _check_keys(raw: Mapping[str, Any], known: set[str]) -> None:
    if unknown := sorted(set(raw) - known):
        raise LineError(_("未知的键：{keys}").format(keys="、".join(unknown)))
