"""Findings that people set aside, remembered by their fingerprint: while the sentence stays, so does the decision."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.api import Actor, Invalid, NotFound, UnitOfWork, audit, one_line, require
from cms.api import gettext as _

from .lint.registry import Finding
from .models import Dismissal

_LONGEST = 200


def set_aside(session: Session, scope: str) -> dict[str, str]:
    """Return the reasons of the findings that were set aside in ``scope``, by fingerprint."""
    rows = session.scalars(select(Dismissal).where(Dismissal.scope == scope))
    return {row.fingerprint: row.reason for row in rows}


def marked(findings: Sequence[Finding], reasons: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return the findings; those that were set aside carry the reason."""
    return tuple(replace(one, dismissed=reasons.get(one.fingerprint, "")) for one in findings)


def dismiss(uow: UnitOfWork, scope: str, finding: Finding, reason: str, *, actor: Actor) -> Dismissal:
    """Set a finding aside.

    :raises NotAllowed: without permission. :raises Invalid: field ``reason``, if it is missing or too long.
    """
    require(actor, "report.edit")
    reason = one_line(reason)
    if not reason:
        raise Invalid({"reason": [_("请写明忽略的理由。")]})
    if len(reason) > _LONGEST:
        raise Invalid({"reason": [_("理由最多 {n} 个字。").format(n=_LONGEST)]})
    row = _find(uow.session, scope, finding.fingerprint)
    if row is None:
        row = Dismissal(
            scope=scope, fingerprint=finding.fingerprint, rule=finding.rule, message=finding.message[:400],
            reason=reason, dismissed_at=uow.clock.now(), dismissed_by_id=actor.id,
        )  # fmt: skip
        uow.session.add(row)
    row.reason, row.dismissed_at, row.dismissed_by_id = reason, uow.clock.now(), actor.id
    audit(
        uow,
        "report.finding.dismiss",
        actor_id=actor.id,
        subject_type="report_finding",
        subject_id=finding.fingerprint,
        rule=finding.rule,
        scope=scope,
    )
    return row


def restore(uow: UnitOfWork, scope: str, fingerprint: str, *, actor: Actor) -> None:
    """Show a finding again.

    :raises NotAllowed: without permission. :raises NotFound: if it was not set aside.
    """
    require(actor, "report.edit")
    row = _find(uow.session, scope, fingerprint)
    if row is None:
        raise NotFound(_("这条校核意见没有被忽略。"))
    uow.session.delete(row)
    audit(
        uow,
        "report.finding.restore",
        actor_id=actor.id,
        subject_type="report_finding",
        subject_id=fingerprint,
        rule=row.rule,
        scope=scope,
    )


def find(findings: Sequence[Finding], fingerprint: str) -> Finding:
    """Return the finding of that fingerprint.

    :raises NotFound: if there is none: the text has changed since.
    """
    found = next((one for one in findings if one.fingerprint == fingerprint), None)
    if found is None:
        raise NotFound(_("没有这条校核意见，内容可能已经修改。"))
    return found


def _find(session: Session, scope: str, fingerprint: str) -> Dismissal | None:
    query = select(Dismissal).where(Dismissal.scope == scope, Dismissal.fingerprint == fingerprint)
    return session.scalar(query)
