"""Fees for processing (art. 42; 国办函〔2020〕109号): free unless number or frequency is clearly beyond reason."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cms.api import (
    Actor,
    FeeBasis,
    Fees,
    Invalid,
    Keyring,
    NotAllowed,
    NotFound,
    UnitOfWork,
    load_calendar,
    one_line,
    require,
)  # fmt: skip
from cms.api import gettext as _

from . import dues
from .history import TODAY, Entry, advance
from .models import Application, FeeNotice
from .people import same_applicant
from .states import Step
from .terms import HANDLE

#: Codes of the bases: by number of applications in a calendar month, or by pages.
PER_CASE, PER_PAGE = "per_case", "per_page"
_FEN = 100
MAX_PAGES = 100_000


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What one application costs. ``quantity`` is its number in the month or its pages; ``amount`` is in 分."""

    basis: FeeBasis
    quantity: int
    amount: int


def fees_of(application: Application) -> Fees:
    """Return the rules on fees that apply to an application.

    :raises NotAllowed: if there are none: another edition, or received before they were in force.
    """
    found = dues.edition_of(application).fees
    if found is None or application.received_on is None or application.received_on < found.in_force_from:
        raise NotAllowed(_("这件申请收到时没有信息处理费的规定，不能收费。"))
    return found


def number_in_month(session: Session, keyring: Keyring, application: Application) -> int:
    """Return which one of the applicant's applications in its calendar month this is, by day of receipt."""
    received = application.received_on
    if received is None:
        raise NotFound(application.number)
    first = received.replace(day=1)
    earlier = (Application.received_on < received) | (
        (Application.received_on == received) & (Application.id <= application.id)
    )
    query = select(func.count()).select_from(Application).where(
        same_applicant(keyring, application), Application.received_on >= first, earlier, Application.voided_at.is_(None)
    )  # fmt: skip
    # Somebody without any number or telephone is the same as nobody, not even as themselves.
    return max(1, session.scalar(query) or 0)


def quote(session: Session, keyring: Keyring, application: Application, basis: str, *, pages: int = 0) -> Quote:
    """Return what the application costs on a basis.

    By case, the price of the n-th application of the month is what n cost together less what n − 1 cost together.

    :raises NotAllowed: if no fees apply. :raises Invalid: field ``basis`` or ``pages``.
    """
    rules = fees_of(application)
    if basis not in {one.code for one in rules.bases}:
        raise Invalid({"basis": [_("请选择收费标准：按件或者按量，不能并用。")]})
    chosen = rules.basis(basis)
    if basis == PER_PAGE:
        if not 1 <= pages <= MAX_PAGES:
            raise Invalid({"pages": [_("页数应为 1 到 {n} 的整数。").format(n=MAX_PAGES)]})
        return Quote(basis=chosen, quantity=pages, amount=chosen.total(pages) * _FEN)
    number = number_in_month(session, keyring, application)
    return Quote(basis=chosen, quantity=number, amount=(chosen.total(number) - chosen.total(number - 1)) * _FEN)


def ask_fee(
    uow: UnitOfWork, keyring: Keyring, application: Application, *, actor: Actor, basis: str, pages: int = 0,
    waived: int = 0, waiver_reason: str = "", notified_on: date | None = None, entry: Entry = TODAY,
) -> FeeNotice:  # fmt: skip
    """Send a notice of the fee, less what is waived (减免); the answer clock stands until it is paid.

    :param waived: in 分. :param notified_on: the day the applicant got the notice, from which the term runs.
    :raises NotAllowed: without permission, in another state, twice, or if nothing is to be paid.
    :raises Invalid: by field.
    """
    require(actor, HANDLE)
    found = quote(uow.session, keyring, application, basis, pages=pages)
    if dues.Proceedings.of(uow.session, application.id).fee is not None:
        raise NotAllowed(_("这件申请已经发出过收费通知。"))
    if found.amount == 0:
        raise NotAllowed(_("按这一标准不收费，不需要通知。"))
    if not 0 <= waived < found.amount:
        raise Invalid({"waived": [_("减免金额应小于应收金额；全部减免的，请直接办理，不需要通知。")]})
    if waived and not one_line(waiver_reason):
        raise Invalid({"waiver_reason": [_("请写明减免的理由。")]})
    event = advance(uow, application, Step.ASK_FEE, actor=actor, entry=entry)
    got = notified_on or event.occurred_on
    if got < event.occurred_on:
        raise Invalid({"notified_on": [_("申请人收到通知的日期不能早于发出的日期。")]})
    due_on, is_estimated = dues.due(dues.edition_of(application).clocks["fee"], got, load_calendar(uow.session))
    notice = FeeNotice(
        application_id=application.id, basis=basis, quantity=found.quantity, amount=found.amount, waived=waived,
        waiver_reason=one_line(waiver_reason)[:200], notified_on=got, due_on=due_on, is_estimated=is_estimated,
        occurred_on=event.occurred_on, recorded_at=uow.clock.now(), recorded_by_id=actor.id, source=event.source,
        evidence_id=event.evidence_id, receipt="",
    )  # fmt: skip
    uow.session.add(notice)
    dues.store(uow, application)
    return notice


def pay(uow: UnitOfWork, application: Application, *, actor: Actor, receipt: str, entry: Entry = TODAY) -> None:
    """Record that the fee was paid; processing begins anew or goes on, as the site has set it.

    :param receipt: number of the receipt.
    :raises NotAllowed: without permission or in another state. :raises Invalid: without a receipt, or see the entry.
    """
    require(actor, HANDLE)
    if not one_line(receipt):
        raise Invalid({"receipt": [_("请填写缴费票据号码。")]})
    notice = _notice(uow, application)
    event = advance(uow, application, Step.FEE_PAID, actor=actor, entry=entry)
    notice.paid_on, notice.receipt = event.occurred_on, one_line(receipt)[:60]
    dues.store(uow, application)


def waive(uow: UnitOfWork, application: Application, *, actor: Actor, reason: str, entry: Entry = TODAY) -> None:
    """Waive the rest of the fee after the notice; processing goes on, the time of waiting is not counted.

    :raises NotAllowed: without permission or in another state. :raises Invalid: without a reason, or see the entry.
    """
    require(actor, HANDLE)
    if not one_line(reason):
        raise Invalid({"reason": [_("请写明减免的理由。")]})
    notice = _notice(uow, application)
    event = advance(uow, application, Step.FEE_WAIVED, actor=actor, entry=entry)
    notice.waived, notice.waiver_reason = notice.amount, one_line(reason)[:200]
    notice.ended_on = event.occurred_on
    dues.store(uow, application)


def _notice(uow: UnitOfWork, application: Application) -> FeeNotice:
    found = dues.Proceedings.of(uow.session, application.id).fee
    if found is None or found.paid_on is not None or found.ended_on is not None:
        raise NotAllowed(_("没有等待缴费的收费通知。"))
    return found
