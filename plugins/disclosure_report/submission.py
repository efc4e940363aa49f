"""What follows freezing: submission to the 主管部门, publication as an item of the site, and errata (条例 art. 49)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.api import (
    Actor,
    Content,
    Invalid,
    NotAllowed,
    RegisteredType,
    Snapshot,
    UnitOfWork,
    audit,
    clean,
    create_item,
    latest_revision,
    local_date,
    one_line,
    require,
    save_item,
)  # fmt: skip
from cms.api import gettext as _

from .lifecycle import ask_for_files
from .manual import PERMISSION, parse_value
from .models import FINAL, AnnualReport, Erratum, State
from .report import Change, Correction, Report, plain


@dataclass(frozen=True, kw_only=True)
class SubmissionInput:
    """To whom the report was submitted, when, and what they gave for it."""

    to: str
    on: date | None
    receipt_no: str = ""
    receipt_id: int | None = None


def submit(uow: UnitOfWork, row: AnnualReport, given: SubmissionInput, *, actor: Actor) -> None:
    """Note that the frozen report was submitted.

    :raises NotAllowed: without permission, or in another state than frozen.
    :raises Invalid: by field: no organ, no day, a day before freezing or after today.
    """
    require(actor, PERMISSION)
    _require(row, State.FROZEN)
    errors: dict[str, list[str]] = {}
    if not one_line(given.to):
        errors["to"] = [_("请填写报送的机关。")]
    frozen_on = local_date(row.frozen_at) if row.frozen_at else date.min
    if given.on is None:
        errors["on"] = [_("请填写报送日期，例如 2025-01-20。")]
    elif not frozen_on <= given.on <= local_date(uow.clock.now()):
        errors["on"] = [_("报送日期应在固化（{day}）之后，不晚于今天。").format(day=frozen_on.isoformat())]
    if errors:
        raise Invalid(errors)
    row.state, row.submitted_by_id = State.SUBMITTED, actor.id
    row.submitted_to, row.submitted_on = one_line(given.to)[:100], given.on
    row.receipt_no, row.receipt_id = one_line(given.receipt_no)[:80], given.receipt_id
    audit(uow, "report.submit", actor_id=actor.id, subject_type="report", subject_id=row.year, to=row.submitted_to)


def write_item(
    uow: UnitOfWork, row: AnnualReport, kind: RegisteredType, snapshot: Snapshot, *, actor: Actor
) -> Content:
    """Write the item that shows the report to the public; it goes through signatures like any other.

    The report counts as published when the item is, see :func:`note_publications`.

    :raises NotAllowed: without permission, in another state than submitted, or if there is an item already.
    :raises Invalid: by field of the item.
    """
    require(actor, PERMISSION)
    _require(row, State.SUBMITTED)
    if row.content_id is not None:
        raise NotAllowed(_("已经有公布这份报告的内容。"))
    content = create_item(uow, kind, snapshot, actor=actor)
    row.content_id, row.published_by_id = content.id, actor.id
    audit(uow, "report.item", actor_id=actor.id, subject_type="report", subject_id=row.year, content_id=content.id)
    return content


def link_item(uow: UnitOfWork, row: AnnualReport, content_id: int, *, actor: Actor) -> None:
    """Say that an item of the site is the published report.

    :raises NotAllowed: without permission, or in another state than submitted.
    :raises Invalid: field ``content_id``, if there is no such item or it is not public.
    """
    require(actor, PERMISSION)
    _require(row, State.SUBMITTED)
    content = uow.session.get(Content, content_id)
    if content is None or content.live_revision_id is None:
        raise Invalid({"content_id": [_("没有这条内容，或者它还没有发布。")]})
    row.content_id, row.published_by_id = content.id, actor.id
    audit(uow, "report.item", actor_id=actor.id, subject_type="report", subject_id=row.year, content_id=content.id)
    note_publications(uow)


#: The item of a submitted report is public, and nobody has noted it yet.
_WAITING = (AnnualReport.state == State.SUBMITTED, Content.live_revision_id.is_not(None))


def awaits_publication(session: Session) -> bool:
    """Tell whether there is something for :func:`note_publications` to do."""
    query = select(AnnualReport.id).join(Content, Content.id == AnnualReport.content_id).where(*_WAITING)
    return session.scalar(query.limit(1)) is not None


def note_publications(uow: UnitOfWork) -> list[int]:
    """Note the reports whose item has become public, with the day on which it did; return their years."""
    years = []
    query = select(AnnualReport, Content.first_published_at).join(Content, Content.id == AnnualReport.content_id)
    for row, published_at in uow.session.execute(query.where(*_WAITING)):
        row.state = State.PUBLISHED
        row.published_on = local_date(published_at) if published_at else local_date(uow.clock.now())
        audit(
            uow, "report.publish", actor_id=row.published_by_id, subject_type="report", subject_id=row.year,
            content_id=row.content_id, published_on=row.published_on.isoformat(),
        )  # fmt: skip
        years.append(row.year)
    return years


def explain_lateness(uow: UnitOfWork, row: AnnualReport, reason: str, *, actor: Actor) -> None:
    """Say why the report was published after the statutory day.

    :raises NotAllowed: without permission, or before publication. :raises Invalid: without a reason.
    """
    require(actor, PERMISSION)
    _require(row, State.PUBLISHED)
    if not one_line(reason):
        raise Invalid({"reason": [_("请写明逾期公布的原因。")]})
    row.late_reason = one_line(reason)[:300]
    audit(uow, "report.late", actor_id=actor.id, subject_type="report", subject_id=row.year)


@dataclass(frozen=True, kw_only=True)
class ErratumInput:
    """What was wrong; ``changes`` gives the right value of each number by its code."""

    on: date | None
    text: str
    changes: Mapping[str, str]


def add_erratum(uow: UnitOfWork, row: AnnualReport, report: Report, given: ErratumInput, *, actor: Actor) -> Erratum:
    """Publish an erratum beside the frozen report, whose snapshot stays as it is.

    :param report: the frozen report, with the errata before this one.
    :raises NotAllowed: without permission, or before the report is frozen.
    :raises Invalid: by field, and by code of a number: no day, no text, unknown numbers, values that are not new.
    """
    require(actor, PERMISSION)
    if row.state not in FINAL:
        raise NotAllowed(_("报告固化之后才能更正；固化之前请直接修改。"))
    errors: dict[str, list[str]] = {}
    text = clean(given.text)
    if not text:
        errors["text"] = [_("请写明更正的内容和原因。")]
    frozen_on = local_date(row.frozen_at) if row.frozen_at else date.min
    if given.on is None or not frozen_on <= given.on <= local_date(uow.clock.now()):
        errors["on"] = [_("请填写更正日期，应在固化之后，不晚于今天。")]
    changes = _changes(report, given.changes, errors)
    if errors or given.on is None:
        raise Invalid(errors)
    erratum = Erratum(
        report_id=row.id, corrected_on=given.on, text=text, changes=changes, recorded_at=uow.clock.now(),
        recorded_by_id=actor.id,
    )  # fmt: skip
    uow.session.add(erratum)
    audit(
        uow, "report.erratum", actor_id=actor.id, subject_type="report", subject_id=row.year,
        codes=[one["code"] for one in changes],
    )  # fmt: skip
    ask_for_files(uow, row.year)
    return erratum


def _changes(report: Report, given: Mapping[str, str], errors: dict[str, list[str]]) -> list[dict[str, str]]:
    every = {number.code: number for number in report.numbers()}
    now = {code: number.value for code, number in every.items()} | report.corrected
    changes = []
    for code, typed in given.items():
        number = every.get(code)
        if number is None:
            errors[code] = [_("报告中没有“{code}”这个数。").format(code=code)]
            continue
        value, problems = parse_value(typed, number.unit, is_signed=True)
        if problems or value is None:
            errors[code] = problems.get("value", [_("请填写更正后的数值。")])
        elif value == now[code]:
            errors[code] = [_("更正后的数值与原来相同。")]
        else:
            old = now[code]
            changes.append(
                {"code": code, "label": number.label, "unit": number.unit, "old": plain(old) if old is not None else "",
                 "new": plain(value)}
            )  # fmt: skip
    return changes


def corrections_of(session: Session, row: AnnualReport) -> tuple[Correction, ...]:
    """Return the errata of a report, oldest first."""
    rows = session.scalars(select(Erratum).where(Erratum.report_id == row.id).order_by(Erratum.id))
    return tuple(
        Correction(
            corrected_on=one.corrected_on, text=one.text,
            changes=tuple(
                Change(code=change["code"], label=change["label"], unit=change["unit"], old=change["old"],
                       new=Decimal(change["new"])) for change in one.changes
            ),
        ) for one in rows
    )  # fmt: skip


def revise_item(
    uow: UnitOfWork, row: AnnualReport, kind_of: Callable[[str], RegisteredType | None], notice: str, *, actor: Actor
) -> bool:
    """Put the notice of an erratum on top of the item that shows the report, as a draft that is signed like any other.

    Tell whether there is such an item. What is public stays until the new version is published.
    """
    content = uow.session.get(Content, row.content_id) if row.content_id else None
    kind = kind_of(content.type) if content is not None else None
    if content is None or kind is None:
        return False
    snapshot = Snapshot.from_json(latest_revision(uow.session, content).snapshot)
    save_item(uow, kind, content, replace(snapshot, body=notice + snapshot.body), actor=actor, note=_("年度报告更正"))
    return True


def _require(row: AnnualReport, *states: State) -> None:
    if row.state not in states:
        raise NotAllowed(_("报告当前的状态不允许这项操作。"))


def lateness(row: AnnualReport, due: date) -> int:
    """Return by how many days the report was published late; 0 in time, or not published yet."""
    return max(0, (row.published_on - due).days) if row.published_on is not None else 0


def codes_in(text: Sequence[str]) -> dict[str, str]:
    """Return code and new value of each line ``CODE = VALUE`` or ``CODE VALUE``; the value may be missing."""
    found: dict[str, str] = {}
    for line in text:
        code, _sign, value = one_line(line.replace("＝", "=").replace("=", " ")).partition(" ")
        if code:
            found[code] = value.strip()
    return found
