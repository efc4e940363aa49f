"""How long personal data of applications are kept, and what else goes with them."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cms.api import Retention, UnitOfWork, erase_files, get_cms, load_settings

from . import terms
from .models import Answer, Application, Consultation, Event, Inquiry, RedactionJob
from .settings import ApplicationSettings


def _years(session: Session) -> int:
    return load_settings(session, ApplicationSettings).keep_years


def _empty_the_rest(uow: UnitOfWork, application: Application) -> None:
    """Empty what was asked, what was answered and what others said; days, class and outcome stay."""
    session = uow.session
    application.title = application.doc_no = application.masked_name = ""
    application.void_reason = ""
    answers = session.scalars(select(Answer).where(Answer.application_id == application.id)).all()
    for answer in answers:
        answer.reasons = answer.provided = answer.organ = answer.letter = answer.receipt = answer.review_note = ""
        erase_files(uow, get_cms().sealed_files, terms.files_of_answer(answer))
    session.execute(update(Inquiry).where(Inquiry.application_id == application.id).values(text="", reply=""))
    session.execute(update(Consultation).where(Consultation.application_id == application.id).values(party=""))
    session.execute(update(Event).where(Event.application_id == application.id).values(note="", source=""))
    session.execute(delete(RedactionJob).where(RedactionJob.application_id == application.id))


RETENTION: Retention[Application] = Retention(
    code="applications.people", label="依申请公开：申请人信息和申请内容", model=Application,
    subject_type=terms.SUBJECT, since=Application.closed_on, years=_years, also=_empty_the_rest,
)  # fmt: skip
