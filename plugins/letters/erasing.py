"""What is left of a letter whose time is over: dates, kind, outcome, and what was published."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from cms.api import Actor, Retention, UnitOfWork, hand_over_of, load_settings, local_date
from cms.api import gettext as _

from .models import Draft, Happening, Letter
from .screening import ORIGIN
from .settings import LetterSettings
from .states import Action
from .steps import write
from .viewing import SUBJECT

_NOBODY = Actor(id=None, name="")


def _years(session: Session) -> int:
    return load_settings(session, LetterSettings).retention_years


def _empty_texts(uow: UnitOfWork, letter: Letter) -> None:
    """Empty the letter, its answer with all versions, and remarks: no program can tell names from other words."""
    if letter.erased_at is not None:
        return
    letter.title, letter.text, letter.answer = _("（已按保存期限删除）"), "", ""
    uow.session.execute(update(Draft).where(Draft.letter_id == letter.id).values(text=""))
    uow.session.execute(update(Happening).where(Happening.letter_id == letter.id).values(note=""))
    handed = hand_over_of(uow.session, ORIGIN, letter.id)
    if handed is not None:
        handed.personal = ""
    write(uow, letter, Action.ERASE, actor=_NOBODY, before=letter.state, on=local_date(uow.clock.now()))


RETENTION = Retention(
    code="letters", label="咨询信件的来信人信息和原文", model=Letter, subject_type=SUBJECT, since=Letter.ended_on,
    years=_years, also=_empty_texts,
)  # fmt: skip
