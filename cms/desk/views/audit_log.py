"""The audit log: reading, checking and exporting it."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from typing import ClassVar
from urllib.parse import urlencode

from flask import Response, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from cms.accounts import auditing
from cms.accounts.auditing import ChainReport
from cms.accounts.queries import names_of
from cms.audit import queries
from cms.audit.labels import action_label, subject_label
from cms.audit.models import AuditEntry
from cms.audit.queries import AuditFilter
from cms.desk.blueprint import blueprint
from cms.desk.contexts import DeskPage, desk_values
from cms.kernel.clock import local
from cms.kernel.i18n import gettext as _
from cms.kernel.text import inert
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session

PER_PAGE = 50
_FILTERS = ("actor", "action", "subject", "since", "until")
#: A spreadsheet would run a cell that begins like this.


@dataclass(frozen=True)
class AuditLine:
    """An entry as it is shown."""

    entry: AuditEntry
    actor: str
    action: str
    subject: str
    details: str


@dataclass(frozen=True, kw_only=True)
class AuditPage(DeskPage):
    """``/desk/audit``. ``report`` is the outcome of a check, just after it was made."""

    template: ClassVar[str] = "desk/admin/audit.html"
    lines: Sequence[AuditLine]
    total: int
    number: int
    pages: int
    chosen: Mapping[str, str]
    problem: str
    actors: Sequence[tuple[str, str]]
    actions: Sequence[tuple[str, str]]
    subjects: Sequence[tuple[str, str]]
    report: ChainReport | None

    def page_url(self, number: int) -> str:
        """Return the address of another page of the same list."""
        return url_for("desk.audit_log") + "?" + urlencode({**self.chosen, "page": number})


@blueprint.get("/audit")
@permission("audit.read")
def audit_log() -> str:
    """Show the log, filtered."""
    return _show(None)


@blueprint.post("/audit/verify")
@permission("audit.read")
def audit_verify() -> str:
    """Check the chain and show the outcome above the log."""
    with get_cms().unit_of_work() as uow:
        report = auditing.check_chain(uow, actor=current_actor())
    return _show(report)


@blueprint.post("/audit/export")
@permission("audit.read")
def audit_export() -> ResponseReturnValue:
    """Send the filtered log as a CSV file that spreadsheets open with the right characters."""
    wanted, problem = _filter(request.form)
    actor = current_actor()
    with get_cms().unit_of_work() as uow:
        auditing.begin_export(uow, actor=actor)
    session = read_session()
    entries = auditing.export_log(session, AuditFilter() if problem else wanted, actor=actor)
    names = names_of(session, set(queries.actor_ids(session)))
    today = local(get_cms().clock.now()).date()
    headers = {"Content-Disposition": f'attachment; filename="audit-{today:%Y%m%d}.csv"', "Cache-Control": "no-store"}
    return Response(stream_with_context(_csv(entries, names)), mimetype="text/csv", headers=headers)


def _csv(entries: Iterator[AuditEntry], names: Mapping[int, str]) -> Iterator[str]:
    # The byte-order mark tells spreadsheets that this is UTF-8.
    yield "\ufeff" + _row("id", "recorded_at", "actor_id", "actor", "action", "subject", "details", "digest")
    for entry in entries:
        line = _line(entry, names)
        yield _row(
            str(entry.id), local(entry.recorded_at).isoformat(timespec="seconds"), str(entry.actor_id or ""),
            line.actor, entry.action, line.subject, line.details, entry.digest,
        )  # fmt: skip


def _row(*cells: str) -> str:
    target = io.StringIO()
    csv.writer(target).writerow([inert(cell) for cell in cells])
    return target.getvalue()


def _show(report: ChainReport | None) -> str:
    session, actor = read_session(), current_actor()
    wanted, problem = _filter(request.args)
    text = request.args.get("page", "1")
    number = max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1  # noqa: PLR2004 — digits
    found = auditing.read_log(session, wanted, actor=actor, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    everybody = names_of(session, set(queries.actor_ids(session)))
    page = AuditPage(
        **desk_values(), title=_("审计日志"), lead=_("日志只能追加，每条都含前一条的摘要；不记录个人信息内容。"),
        lines=[_line(entry, everybody) for entry in found.entries], total=found.total, number=number,
        pages=max(1, ceil(found.total / PER_PAGE)), problem=problem, report=report,
        chosen={name: request.args.get(name, "") for name in _FILTERS},
        actors=[(str(key), name) for key, name in sorted(everybody.items(), key=lambda pair: pair[1])],
        actions=[(action, action_label(action)) for action in queries.actions(session)],
        subjects=[(kind, subject_label(kind)) for kind in queries.subject_types(session)],
    )  # fmt: skip
    return render(page)


def _filter(raw: Mapping[str, str]) -> tuple[AuditFilter, str]:
    """Return the filter that was typed, and what of it could not be understood."""
    actor = raw.get("actor", "")
    kind, _colon, key = raw.get("subject", "").strip().partition(":")
    wanted = AuditFilter(
        actor_id=int(actor) if actor.isascii() and actor.isdigit() and len(actor) < 10 else None,  # noqa: PLR2004 — digits
        action=raw.get("action", "").strip(), subject_type=kind.strip(), subject_id=key.strip(),
    )  # fmt: skip
    try:
        since, until = (date.fromisoformat(raw[name]) if raw.get(name) else None for name in ("since", "until"))
    except ValueError:
        return wanted, _("日期请写成 2016-06-01 的形式。")
    return replace(wanted, since=since, until=until), ""


def _line(entry: AuditEntry, names: Mapping[int, str]) -> AuditLine:
    if entry.actor_id is None:
        actor = _("系统")
    else:
        actor = names.get(entry.actor_id, _("已删除的用户 {id}").format(id=entry.actor_id))
    details = json.dumps(entry.details, ensure_ascii=False, sort_keys=True) if entry.details else ""
    subject = f"{entry.subject_type}:{entry.subject_id}"
    return AuditLine(entry, actor, action_label(entry.action), subject, details)
