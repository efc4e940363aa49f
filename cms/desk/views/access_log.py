"""Who saw personal data, and how long they are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from flask import request, url_for

from cms.accounts.policy import Actor, can
from cms.desk.blueprint import blueprint
from cms.desk.contexts import DeskPage, desk_values
from cms.kernel.clock import local_date
from cms.kernel.i18n import gettext as _
from cms.personal import access
from cms.personal.access import READ_LOG, AccessFilter, AccessLine
from cms.personal.retention import READ_RETENTION, RetentionLine, overview
from cms.web.lists import Paging, paging
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session

PER_PAGE = 50
_FILTERS = ("actor", "type", "id", "since", "until")
Tab = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class AccessPage(DeskPage):
    """``/desk/access``: the access log, filtered. ``chosen`` is the filter as it was typed."""

    template: ClassVar[str] = "desk/admin/access.html"
    lines: Sequence[AccessLine]
    paging: Paging
    chosen: Mapping[str, str]
    problem: str
    actors: Sequence[tuple[str, str]]
    types: Sequence[tuple[str, str]]
    names: Mapping[str, str]
    access_tabs: Sequence[Tab]


@dataclass(frozen=True, kw_only=True)
class RetentionPage(DeskPage):
    """``/desk/access/retention``: each rule with how many records it concerns."""

    template: ClassVar[str] = "desk/admin/retention.html"
    lines: Sequence[RetentionLine]
    access_tabs: Sequence[Tab]


@blueprint.get("/access")
@permission(READ_LOG)
def access_log() -> str:
    """Show who saw which personal data, when and why."""
    session, actor = read_session(), current_actor()
    wanted, problem = _filter(request.args)
    pages = paging(access.count_accesses(session, wanted, actor=actor), PER_PAGE)
    people, names = access.people_in_log(session), _subjects()
    page = AccessPage(
        **desk_values(), title=_("个人信息访问记录"),
        lead=_("每次打开加密的个人信息都会留下一条记录，只能追加，不能修改或删除。"),
        lines=access.accesses(session, wanted, actor=actor, limit=pages.per_page, offset=pages.offset),
        paging=pages, chosen={name: request.args.get(name, "") for name in _FILTERS}, problem=problem,
        actors=[(str(key), name) for key, name in sorted(people.items(), key=lambda pair: pair[1])],
        types=[(kind, names.get(kind, kind)) for kind in access.subject_types(session)], names=names,
        access_tabs=_tabs(actor),
    )  # fmt: skip
    return render(page)


@blueprint.get("/access/retention")
@permission(READ_RETENTION)
def retention() -> str:
    """Show how long personal data are kept and how much is due to be erased."""
    cms = get_cms()
    rules = list(cms.contributions.retentions.values())
    page = RetentionPage(
        **desk_values(), title=_("个人信息保存期限"),
        lead=_("到期后由系统清除姓名、证件、联系方式和附件，日期、类别和办理结果保留；设为保留的除外。"),
        lines=overview(read_session(), rules, local_date(cms.clock.now())), access_tabs=_tabs(current_actor()),
    )  # fmt: skip
    return render(page)


def _subjects() -> dict[str, str]:
    """Return what the kinds of records are called, by their types."""
    return {rule.subject_type: _(rule.label) for rule in get_cms().contributions.retentions.values()}


def _tabs(actor: Actor) -> list[Tab]:
    offered = (("desk.access_log", _("访问记录"), READ_LOG), ("desk.retention", _("保存期限"), READ_RETENTION))
    return [
        {"label": label, "url": url_for(endpoint), "active": request.endpoint == endpoint}
        for endpoint, label, needed in offered
        if can(actor, needed)
    ]


def _filter(raw: Mapping[str, str]) -> tuple[AccessFilter, str]:
    """Return the filter that was typed, and what of it could not be understood."""
    actor = raw.get("actor", "")
    wanted = AccessFilter(
        actor_id=int(actor) if actor.isascii() and actor.isdigit() and len(actor) < 10 else None,  # noqa: PLR2004 — digits
        subject_type=raw.get("type", "").strip(), subject_id=raw.get("id", "").strip(),
    )  # fmt: skip
    try:
        since, until = (date.fromisoformat(raw[name]) if raw.get(name) else None for name in ("since", "until"))
    except ValueError:
        return wanted, _("日期请写成 2016-06-01 的形式。")
    return replace(wanted, since=since, until=until), ""
