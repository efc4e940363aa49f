"""Taking applications in: from the public form, at the counter, from the post; and the confirmation of both sides."""

from datetime import date

from sqlalchemy import select, update

from cms.api import (
    CITIZEN,
    Actor,
    Invalid,
    Keyring,
    NotAllowed,
    UnitOfWork,
    audit,
    edition_on,
    load_settings,
    local_date,
    mask_name,
    new_code,
    one_line,
    require,
    seal_code,
    seal_into,
)  # fmt: skip
from cms.api import gettext as _

from . import dues
from .history import TODAY, Entry, advance, checked_day, note_step, remark
from .models import Application, NumberSeries
from .requests import Request, numbered, problems
from .settings import ApplicationSettings
from .states import State, Step
from .terms import HANDLE, Receipt, confirmed_labels, receipt_of

SERIES = "application"
_HOW_AT_ONCE, _HOW_CLICK = "auto", "click"


def next_in_series(uow: UnitOfWork, name: str, year: int) -> int:
    """Return the next number of a series; a number that was given once is never given again."""
    known = update(NumberSeries).where(NumberSeries.name == name, NumberSeries.year == year)
    done = uow.session.execute(known.values(last=NumberSeries.last + 1))
    if not done.rowcount:  # type: ignore[attr-defined]  # an UPDATE returns a CursorResult
        uow.session.add(NumberSeries(name=name, year=year, last=1))
        uow.session.flush()
        return 1
    query = select(NumberSeries.last).where(NumberSeries.name == name, NumberSeries.year == year)
    return uow.session.scalars(query.execution_options(populate_existing=True)).one()


def submit(uow: UnitOfWork, keyring: Keyring, request: Request) -> tuple[Application, str]:
    """Take an application from the public form; return it with its query code, which is shown this once.

    By art. 31 it counts as received when both sides have confirmed it; where the page says that submitting does, at
    once.

    :raises Invalid: by field. :raises NotAllowed: if the site takes no applications online.
    """
    office = load_settings(uow.session, ApplicationSettings)
    if not office.is_open:
        raise NotAllowed(_("本网站暂不受理网上申请，请当面提交、邮寄或传真。"))
    request = request.tidied()
    errors = problems(request, is_strict=True)
    if errors:
        raise Invalid(errors)
    application, code = create(uow, keyring, request, actor=CITIZEN, entry=TODAY)
    application.submitted_at = uow.clock.now()
    if office.confirm_at_once:
        day = application.occurred_on
        application.organ_confirmed_on = application.applicant_confirmed_on = day
        application.confirmed_how = _HOW_AT_ONCE
        _receive(uow, application, day, actor=CITIZEN, entry=TODAY)
    dues.store(uow, application)
    return application, code


def register(
    uow: UnitOfWork, keyring: Keyring, request: Request, *, actor: Actor, entry: Entry = TODAY,
    signed_on: date | None = None, external_no: str = "",
) -> tuple[Application, str]:  # fmt: skip
    """Take an application that came at the counter, by post or fax; the officer fills in the form.

    ``entry.on`` is the day on which the officer got it. It counts as received by the rule of its channel: on the day it
    was handed in, signed for, or, for plain letters, fax and the internet, when the applicant has confirmed it.

    :param signed_on: the day a registered letter was signed for; the day of the entry if it is left out.
    :raises NotAllowed: without permission. :raises Invalid: by field.
    """
    require(actor, HANDLE)
    request = request.tidied()
    arrived = checked_day(uow, None, entry)
    errors = problems(request, is_strict=arrived == local_date(uow.clock.now()))
    if request.made_on > arrived:
        errors["made_on"] = [_("申请日期不能晚于收到的日期。")]
    if signed_on is not None and not request.made_on <= signed_on <= local_date(uow.clock.now()):
        errors["signed_on"] = [_("签收日期应在申请日期之后、今天之前。")]
    if errors:
        raise Invalid(errors)
    application, code = create(uow, keyring, request, actor=actor, entry=entry)
    application.external_no = one_line(external_no)[:60]
    application.organ_confirmed_on = arrived
    rule = receipt_of(edition_on(request.made_on).id, request.channel)
    if rule is not Receipt.CONFIRMED:
        day = {Receipt.SUBMITTED: request.made_on, Receipt.SIGNED: signed_on or arrived}.get(rule, arrived)
        _receive(uow, application, day, actor=actor, entry=entry)
    dues.store(uow, application)
    return application, code


def create(
    uow: UnitOfWork, keyring: Keyring, request: Request, *, actor: Actor, entry: Entry
) -> tuple[Application, str]:
    """Make the row of a tidied, checked application, with its number; return it with its query code."""
    year = request.made_on.year
    application = Application(
        number=f"{year}-{next_in_series(uow, SERIES, year):04d}", channel=request.channel,
        applicant_class=request.applicant_class, state=State.SUBMITTED, title=request.title, doc_no=request.doc_no,
        medium=request.medium, delivery=request.delivery, co_count=len(request.co_applicants),
        masked_name=mask_name(request.applicant.name)[:80], occurred_on=request.made_on, recorded_at=uow.clock.now(),
        recorded_by_id=actor.id, source=one_line(entry.source)[:200], evidence_id=entry.evidence_id,
        lock_version=0, redone=0, extension_days=0,
    )  # fmt: skip
    code = new_code()
    seal_people(keyring, application, request)
    application.code = seal_code(keyring, code, Application.code)
    uow.session.add(application)
    uow.session.flush()
    first = Entry(on=request.made_on, source=entry.source, evidence_id=entry.evidence_id)
    note_step(uow, application, Step.SUBMIT, State.SUBMITTED, request.made_on, actor=actor, entry=first,
              by_applicant=actor is CITIZEN)  # fmt: skip
    return application, code


def seal_people(keyring: Keyring, application: Application, request: Request) -> None:
    """Seal who asks and what is asked in free words."""
    seal_into(keyring, application, Application.applicant, request.applicant.values())
    seal_into(keyring, application, Application.agent, request.agent.values() if request.agent else {})
    seal_into(keyring, application, Application.co_applicants, numbered(request.co_applicants))
    subject = f"{request.title}\n{request.doc_no}\n{request.text}"
    seal_into(keyring, application, Application.particulars, {"text": request.text, "request": subject})


def _receive(uow: UnitOfWork, application: Application, day: date, *, actor: Actor, entry: Entry) -> None:
    application.received_on = application.clock_from = day
    application.edition = edition_on(day).id
    on = Entry(on=day, source=entry.source, evidence_id=entry.evidence_id)
    note_step(uow, application, Step.REGISTER, State.REGISTERED, day, actor=actor, entry=on,
              by_applicant=actor is CITIZEN)  # fmt: skip


def confirm_by_organ(uow: UnitOfWork, application: Application, *, actor: Actor, entry: Entry = TODAY) -> None:
    """Tell the applicant that the application has arrived; it counts as received once the applicant confirms too.

    :raises NotAllowed: without permission, or if it is registered already. :raises Invalid: see the entry.
    """
    require(actor, HANDLE)
    _require_unconfirmed(application)
    if application.organ_confirmed_on is not None:
        raise NotAllowed(_("本机关已经确认过收到这件申请。"))
    event = remark(uow, application, "organ_confirmed", actor=actor, entry=entry)
    application.organ_confirmed_on = event.occurred_on
    _when_both(uow, application, actor=actor, entry=entry)


def confirm_by_applicant(
    uow: UnitOfWork, application: Application, *, actor: Actor = CITIZEN, how: str = _HOW_CLICK, entry: Entry = TODAY
) -> None:
    """Record that the applicant has confirmed the submission: by a click on the status page, or told to the officer.

    :param how: key of :func:`.terms.confirmed_labels`.
    :raises NotAllowed: if it is registered already, or somebody without permission tells. :raises Invalid: by field.
    """
    if actor is not CITIZEN:
        require(actor, HANDLE)
    _require_unconfirmed(application)
    if how not in confirmed_labels():
        raise Invalid({"how": [_("请选择确认的方式。")]})
    event = remark(uow, application, "applicant_confirmed", actor=actor, entry=entry, by_applicant=actor is CITIZEN)
    application.applicant_confirmed_on, application.confirmed_how = event.occurred_on, how
    _when_both(uow, application, actor=actor, entry=entry)


def _require_unconfirmed(application: Application) -> None:
    if application.state is not State.SUBMITTED:
        raise NotAllowed(_("这件申请已经登记或撤回，不需要再确认。"))


def _when_both(uow: UnitOfWork, application: Application, *, actor: Actor, entry: Entry) -> None:
    """Register the application on the later of both days, when both are there."""
    organ, applicant = application.organ_confirmed_on, application.applicant_confirmed_on
    if organ is not None and applicant is not None:
        _receive(uow, application, max(organ, applicant), actor=actor, entry=entry)
    dues.store(uow, application)


def accept(
    uow: UnitOfWork, application: Application, *, actor: Actor, department_id: int | None = None,
    handler_id: int | None = None, entry: Entry = TODAY,
) -> None:  # fmt: skip
    """Begin to work on a registered application, or hand it to another department or person.

    :raises NotAllowed: without permission or in another state. :raises Invalid: see the entry.
    """
    require(actor, HANDLE)
    if application.state is State.REGISTERED:
        advance(uow, application, Step.ACCEPT, actor=actor, entry=entry)
    else:
        remark(uow, application, "assigned", actor=actor, entry=entry)
    application.department_id, application.handler_id = department_id, handler_id or actor.id
    dues.store(uow, application)


def reissue_code(uow: UnitOfWork, keyring: Keyring, application: Application, *, actor: Actor, checked: str) -> str:
    """Give the applicant a new query code; the old one is void from now on.

    :param checked: how the applicant's identity was checked, for instance 核对身份证原件.
    :raises NotAllowed: without permission. :raises Invalid: without ``checked``.
    """
    require(actor, HANDLE)
    if not one_line(checked):
        raise Invalid({"checked": [_("请写明如何核实了申请人身份。")]})
    code = new_code()
    application.code = seal_code(keyring, code, Application.code)
    remark(uow, application, "code_reissued", actor=actor, entry=Entry(note=checked))
    return code


def add_note(uow: UnitOfWork, application: Application, *, actor: Actor, entry: Entry) -> None:
    """Write something into the history that changes nothing, for instance a call of the applicant.

    :raises NotAllowed: without permission. :raises Invalid: without a note, or see the entry.
    """
    require(actor, HANDLE)
    if not one_line(entry.note):
        raise Invalid({"note": [_("请写明内容。")]})
    remark(uow, application, "remark", actor=actor, entry=entry)


def void(uow: UnitOfWork, application: Application, *, actor: Actor, reason: str) -> None:
    """Take an entry that was made by mistake out of all counts; number and history stay.

    :raises NotAllowed: without permission, or if it is void already. :raises Invalid: without a reason.
    """
    require(actor, HANDLE)
    if application.voided_at is not None:
        raise NotAllowed(_("这件申请已经作废。"))
    if not one_line(reason):
        raise Invalid({"reason": [_("请写明作废的原因，例如：与 2026-0003 重复登记。")]})
    remark(uow, application, "voided", actor=actor, entry=Entry(note=reason))
    application.voided_at, application.void_reason = uow.clock.now(), one_line(reason)[:200]
    application.next_on, application.next_what = None, ""
    audit(
        uow, "applications.void", actor_id=actor.id, subject_type="application", subject_id=application.id,
        number=application.number,
    )  # fmt: skip
