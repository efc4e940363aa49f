"""Finding applications of the same applicant, and of the same request, without opening anybody else's data."""

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from cms.api import Keyring, same

from .models import Application


def same_applicant(keyring: Keyring, application: Application) -> ColumnElement[bool]:
    """Return the condition that an application is by the same applicant: same number, or same name and telephone."""
    values = keyring.open(application.applicant, Application.applicant)
    name, phone = values.get("name", ""), values.get("phone", "")
    ways = [
        same(keyring, Application.id_print, values.get("id_number", "")),
        same(keyring, Application.uscc_print, values.get("uscc", "")),
        and_(same(keyring, Application.name_print, name), same(keyring, Application.phone_print, phone))
        if name and phone else false(),
    ]  # fmt: skip
    return or_(*ways)


def same_request(keyring: Keyring, application: Application) -> ColumnElement[bool]:
    """Return the condition that an application asks for the same in the same words."""
    values = keyring.open(application.particulars, Application.particulars)
    return same(keyring, Application.request_print, values.get("request", ""))


def others_of(session: Session, keyring: Keyring, application: Application, *, limit: int = 20) -> list[Application]:
    """Return further applications of the same applicant, newest first."""
    query = select(Application).where(
        same_applicant(keyring, application), Application.id != application.id, Application.voided_at.is_(None)
    )
    return list(session.scalars(query.order_by(Application.id.desc()).limit(limit)))


def repeated(session: Session, keyring: Keyring, application: Application) -> list[Application]:
    """Return earlier applications of the same applicant for the same information (art. 36 (六))."""
    query = select(Application).where(
        same_applicant(keyring, application), same_request(keyring, application), Application.id < application.id,
        Application.voided_at.is_(None),
    )  # fmt: skip
    return list(session.scalars(query.order_by(Application.id.desc()).limit(20)))
