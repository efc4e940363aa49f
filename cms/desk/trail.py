"""What happened to an item, and who did it: signatures, refusals, the publication log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from cms.accounts.queries import names_of
from cms.content import queries
from cms.content.enums import Conclusion, Exclusion, Origin, PublicationAction
from cms.content.models import Content, Publication, Review, Revision
from cms.content.workflow import REVIEW_LABELS
from cms.kernel.clock import local
from cms.kernel.i18n import gettext as _


@dataclass(frozen=True, kw_only=True)
class Event:
    """A line of the history, as ``ui/timeline.html`` takes it."""

    title: str
    who: str
    at: str
    shown_at: str
    comment: str = ""
    kind: str = ""


def trail(session: Session, content: Content, steps: int) -> list[Event]:
    """Return what happened to ``content``, newest first: saving, signatures, publications.

    :param steps: how many signatures its section asks for; decides what they are called.
    """
    revisions = queries.revisions(session, content.id)
    reviews, log = queries.reviews(session, content.id), queries.publications(session, content.id)
    names = names_of(
        session,
        {one.author_id for one in revisions} | {one.reviewer_id for one in reviews} | {one.actor_id for one in log},
    )
    numbers = {one.id: one.number for one in revisions}
    events = [(one.created_at, _saved(one, names)) for one in revisions]
    events += [(one.recorded_at, _signed(one, names, numbers, steps)) for one in reviews]
    events += [(one.recorded_at, _logged(one, names)) for one in log]
    # Equal moments: the later kind of event stands above the one that led to it.
    ordered = sorted(enumerate(events), key=lambda pair: (pair[1][0], pair[0]), reverse=True)
    return [event for _place, (_moment, event) in ordered]


def signatures(session: Session, content: Content, steps: int) -> list[Event]:
    """Return the signatures and refusals of the newest revision, oldest first."""
    reviews = [one for one in queries.reviews(session, content.id) if one.revision_id == content.latest_revision_id]
    names = names_of(session, {one.reviewer_id for one in reviews})
    return [_signed(one, names, {}, steps) for one in reversed(reviews)]


def step_label(step: int, steps: int) -> str:
    """Return the name of a signature: 审核, or 初审 复审 终审."""
    labels: Sequence[str] = REVIEW_LABELS.get(steps, ())
    return _(labels[step - 1]) if 0 < step <= len(labels) else _("审核")


def _moments(instant: datetime) -> dict[str, str]:
    return {"at": instant.isoformat(), "shown_at": f"{local(instant):%Y-%m-%d %H:%M}"}


def _who(names: dict[int, str], user_id: int | None) -> str:
    return names.get(user_id or 0, _("系统"))


def _saved(revision: Revision, names: dict[int, str]) -> Event:
    title = _("保存第 {n} 版").format(n=revision.number)
    return Event(
        title=title, who=_who(names, revision.author_id), comment=revision.note, **_moments(revision.created_at)
    )


def _signed(review: Review, names: dict[int, str], numbers: dict[int, int], steps: int) -> Event:
    is_good = review.conclusion is Conclusion.APPROVED
    title = _("{step}通过").format(step=step_label(review.step, steps)) if is_good else _("退回修改")
    number = numbers.get(review.revision_id)
    about = [_("第 {n} 版").format(n=number)] if number else []
    about += [_("公开审查：{word}").format(word=review.disclosure)] if review.disclosure else []
    who = " · ".join([_who(names, review.reviewer_id), *about])
    kind = "good" if is_good else "bad"
    return Event(title=title, who=who, comment=review.comment, kind=kind, **_moments(review.recorded_at))


def _logged(line: Publication, names: dict[int, str]) -> Event:
    titles = {
        PublicationAction.PUBLISHED: _("首次发布") if line.is_first else _("更新发布"),
        PublicationAction.WITHDRAWN: _("撤回"),
        PublicationAction.EXPIRED: _("到期下线"),
    }
    remarks = [line.reason] if line.reason else []
    if line.exclusion is not Exclusion.NONE:
        remarks.append(_("不计入统计：{why}").format(why=line.exclusion.value))
    if line.origin is Origin.IMPORT:
        day = local(line.effective_at)
        remarks.append(_("由历史资料导入，原发布时间 {day}").format(day=f"{day:%Y-%m-%d %H:%M}"))
    kind = "current" if line.action is PublicationAction.PUBLISHED else "bad"
    return Event(
        title=titles[line.action], who=_who(names, line.actor_id), comment="；".join(remarks), kind=kind,
        **_moments(line.recorded_at),
    )  # fmt: skip
