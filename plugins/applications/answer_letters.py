"""The letter of an answer: as it was signed, or as it would be if it were signed today."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from cms.api import Keyring, SiteSettings, load_settings
from cms.api import gettext as _

from . import dues, letters
from .letters import Letter, Said
from .models import Answer, Application
from .responses import AnswerInput
from .settings import ApplicationSettings


def letter_of(
    session: Session, keyring: Keyring, application: Application, answer: Answer | AnswerInput, *, dated: date,
    number: str = "",
) -> Letter:  # fmt: skip
    """Return the letter of an answer: as it was signed, or as it would be if it were signed on ``dated``."""
    if isinstance(answer, Answer) and answer.letter:
        return Letter.from_json(keyring.open(answer.letter, Answer.letter)["letter"])
    office, site = load_settings(session, ApplicationSettings), load_settings(session, SiteSettings)
    edition = dues.edition_of(application)
    kind = edition.answer(answer.kind)
    values = keyring.open(application.particulars, Application.particulars)
    subject = letters.subject_of(application.title, application.doc_no, values.get("text", ""))
    said = Said(
        information=subject, access=answer.provided, reason=answer.reasons, organ=answer.organ,
        grounds=list(answer.grounds),
    )  # fmt: skip
    remedy, _first = letters.remedy_paragraph(
        edition, kind, dated, review_organ=office.review_organ, court=office.court
    )
    return Letter(
        organ=site.organ_name or site.site_name, title=kind.letter, number=number, dated=dated,
        addressee=keyring.open(application.applicant, Application.applicant).get("name", "") or _("申请人"),
        paragraphs=[
            received_line(application, subject), *letters.legal_paragraphs(edition, kind, said), *filter(None, [remedy])
        ],
    )  # fmt: skip


def shown_letter(
    session: Session, keyring: Keyring, application: Application, answer: Answer | AnswerInput, *, dated: date
) -> Letter:
    """Return the letter as the desk shows it: with the applicant's name masked, and nothing opened on the way."""
    letter = letter_of(session, keyring, application, answer, dated=dated)
    return replace(letter, addressee=application.masked_name or _("申请人"))


def received_line(application: Application, subject: str) -> str:
    """Return the sentence with which letters about an application begin."""
    day = letters.chinese_day(application.received_on or application.occurred_on)
    return _(
        "本机关于{day}收到您提出的政府信息公开申请（申请编号：{number}），申请公开“{subject}”。经审查，现答复如下："
    ).format(day=day, number=application.number, subject=subject)
