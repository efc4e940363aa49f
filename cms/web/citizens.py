"""What all public forms of citizens share, without JavaScript.

Limits of attempts, a question against robots, uploads that survive a correction, and a receipt, so that a second click
sends nothing twice. A view opens a :class:`Gate` for its form and does its work inside :meth:`Gate.unit_of_work`::

    gate = open_gate("letters", uploads={"evidence": Upload("evidence", _("附件"))})
    form = LetterForm.from_request()
    problems, status = (), 200
    if request.method == "POST":
        if gate.receipt is None:
            try:
                with gate.unit_of_work() as uow:
                    letter, code = submit(uow, …)
                    gate.claim_files(uow, Subject("letter", letter.id))
                    gate.accept(uow, {"number": letter.number, "code": code})
            except Invalid as refused:
                problems, status = gate.problems(form, refused), status_of(refused)
        if not problems:
            return redirect(url_for("letters.receipt", form=gate.form_id))
"""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Response, after_this_request, request, url_for
from sqlalchemy.orm import Session
from wtforms import Form, MultipleFileField, StringField

from cms.db.uow import UnitOfWork
from cms.intake import question as questions
from cms.intake import throttle
from cms.intake.models import SpentToken
from cms.intake.question import Question
from cms.intake.settings import ALWAYS, NEVER, IntakeSettings
from cms.intake.throttle import EVERYBODY, TooOften
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.personal import files as sealed
from cms.personal.files import FileLine
from cms.personal.models import Subject
from cms.settings.services import SiteSettings, load
from cms.web.forms.fixed import Problem, fields_by_name, show_errors
from cms.web.state import Cms, get_cms, read_session

#: A receipt can be shown again for so long, in case the first answer got lost.
RECEIPT_FOR = timedelta(hours=1)
ANSWER, TOKEN, FORM_ID, REMOVE = "question_answer", "question_token", "form_id", "remove_file"
_FORM_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Upload:
    """A place of a form for files: what they are for (kept with each file), label and help."""

    purpose: str
    label: str
    hint: str = ""


@dataclass
class Gate:
    """One public form in the present request; templates use the macros of ``ui/citizens.html``."""

    name: str
    form_id: str
    contact: str
    uploads: Mapping[str, Upload]
    limits: IntakeSettings
    #: What the form was answered with, if it has been accepted already: show that, do nothing twice.
    receipt: Mapping[str, str] | None = None
    #: What has to be answered, if anything.
    question: Question | None = None
    files: Sequence[FileLine] = ()
    #: Files came with the form and were not kept; they have to be chosen again.
    files_lost: bool = False
    form: Form = field(default_factory=Form)
    _errors: dict[str, list[str]] = field(default_factory=dict)
    _refusal: TooOften | None = None

    @property
    def sound_url(self) -> str:
        """Return the address of the question as sound."""
        return url_for("citizens.sound", token=self.question.token) if self.question else ""

    @property
    def accepts(self) -> str:
        """Return the extensions of files that are taken, as an ``accept`` attribute."""
        return ",".join(sealed.extensions())

    def files_for(self, name: str) -> list[FileLine]:
        """Return the files that were kept for the upload called ``name``."""
        return [one for one in self.files if one.purpose == self.uploads[name].purpose]

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """Open the unit of work in which the form is accepted, and let it through only if the gate does.

        Errors of the gate and of the service are reported together.

        :raises TooOften: at once, if there were too many attempts. :raises Invalid: by field.
        """
        if self._refusal is not None:
            raise self._refusal
        with get_cms().unit_of_work() as uow:
            try:
                yield uow
            except Invalid as refused:
                raise Invalid({**refused.errors, **self._errors}) from refused
            if self._errors:
                raise Invalid(self._errors)

    def claim_files(self, uow: UnitOfWork, subject: Subject) -> int:
        """Give the files of the form to the record that was made of it; return how many there are."""
        return sealed.claim_files(uow, self.form_id, subject)

    def accept(self, uow: UnitOfWork, receipt: Mapping[str, str]) -> None:
        """Note that the form was accepted, with what its sender has to be told; :func:`receipt_of` reads it.

        :raises Invalid: if it was accepted already, or its question was used for another form.
        """
        keyring, token = get_cms().keyring, _spent_as(self.name, self.form_id)
        if not throttle.spend(uow, token, lambda: keyring.seal(receipt, SpentToken.receipt)):
            # The same form was sent twice at once; the other request has won.
            row = throttle.spent(uow.session, token)
            self.receipt = keyring.open(row.receipt, SpentToken.receipt) if row else {}
            raise Invalid({"": [_("这份表单已经提交过。")]})
        if self.question is not None and not self._errors and not throttle.spend(uow, self.question.token):
            raise Invalid({ANSWER: [_("这道题已经用过，请刷新页面后回答新的题目。")]})

    def problems(self, form: Form, refused: Invalid) -> list[Problem]:
        """Hang the errors on the fields of ``form`` and of the gate; return the summary.

        There are none if the same form was accepted in the meantime: its receipt is the answer.
        """
        if self.receipt is not None:
            return []
        return show_errors({**fields_by_name(self.form), **fields_by_name(form)}, refused.errors)

    def check(self, session: Session, cms: Cms, count: int, everybody: int) -> None:
        """Decide what is asked before the form is let through; ``count`` includes the attempt that is being made."""
        mode, now = self.limits.question, cms.clock.now()
        is_suspicious = count > self.limits.free_per_hour or everybody > self.limits.site_per_hour
        if mode == NEVER or (mode != ALWAYS and not is_suspicious):
            return
        token, typed = request.form.get(TOKEN, ""), request.form.get(ANSWER, "")
        secret = cms.settings.secret_key
        self.question = questions.ask(secret, self.name, now)
        if request.method != "POST":
            return
        asked = questions.read(secret, token)
        if asked is None:
            self._errors[ANSWER] = [_("请回答验证问题。")]
        elif not questions.is_valid(secret, token, self.name, now) or throttle.spent(session, token):
            self._errors[ANSWER] = [_("验证问题已过期，请回答新的题目。")]
        elif not asked.is_answered_by(typed):
            self._errors[ANSWER] = [_("答案不对，请回答新的题目。")]
        else:
            self.question = asked

    def refuse(self, refusal: TooOften) -> None:
        """Let nothing through in this request."""
        self._refusal = refusal

    def take_files(self, cms: Cms, *, most: int) -> None:
        """Keep the files that came with the form and remove those that were taken back."""
        chosen = {name: [one for one in request.files.getlist(name) if one.filename] for name in self.uploads}
        if not any(chosen.values()) and REMOVE not in request.form:
            return
        if self._errors or self._refusal:
            # Files of robots are not kept.
            self.files_lost = any(chosen.values())
            return
        removed = [int(text) for text in request.form.getlist(REMOVE) if re.fullmatch(r"\d{1,9}", text, re.ASCII)]
        limit = self.limits.file_mb * 1_000_000
        with cms.unit_of_work() as uow:
            sealed.unstage(uow, cms.sealed_files, self.form_id, removed)
            for name, uploaded in chosen.items():
                for one in uploaded:
                    try:
                        sealed.stage(
                            uow, cms.sealed_files, self.form_id, purpose=self.uploads[name].purpose, most=most,
                            filename=one.filename or "", content=one.stream.read(limit + 1), max_mb=self.limits.file_mb,
                        )  # fmt: skip
                    except Invalid as refused:
                        lines = [line for found in refused.errors.values() for line in found]
                        self._errors.setdefault(name, []).append(f"{one.filename}：{''.join(lines)}")


def open_gate(name: str, *, uploads: Mapping[str, Upload] | None = None, most_files: int = 6) -> Gate:
    """Prepare the public form ``name`` for the present request; a POST counts as an attempt.

    :param uploads: names of file inputs, with what they are for. :param most_files: how many files a form may have.
    """
    cms, session = get_cms(), read_session()
    limits = load(session, IntakeSettings)
    given = request.form.get(FORM_ID, "")
    gate = Gate(
        name=name, form_id=given if _FORM_ID.fullmatch(given) else secrets.token_hex(16), uploads=uploads or {},
        contact=contact(session, limits), limits=limits,
    )  # fmt: skip
    after_this_request(never_stored)
    count, everybody = _attempts(cms, session, name)
    if request.method == "POST":
        gate.receipt = receipt_of(name, gate.form_id)
        if gate.receipt is None and count > limits.most_per_hour:
            gate.refuse(throttle.too_often(cms.clock.now(), gate.contact))
    if gate.receipt is None:
        gate.check(session, cms, count, everybody)
        if request.method == "POST":
            gate.take_files(cms, most=most_files)
            # What was stored just now is not in the transaction that reads.
            with cms.reading() as fresh:
                gate.files = sealed.staged(fresh, cms.sealed_files, gate.form_id)
    gate.form = _form_of(gate)
    return gate


def receipt_of(name: str, form_id: str) -> dict[str, str] | None:
    """Return what the form with this id was answered with; nothing if it was never accepted, or long ago."""
    if not _FORM_ID.fullmatch(form_id):
        return None
    cms = get_cms()
    row = throttle.spent(read_session(), _spent_as(name, form_id))
    if row is None or row.spent_at + RECEIPT_FOR < cms.clock.now():
        return None
    after_this_request(never_stored)
    return cms.keyring.open(row.receipt, SpentToken.receipt)


def contact(session: Session, limits: IntakeSettings) -> str:
    """Return in words how else the office can be reached; empty if nothing is set."""
    if limits.contact:
        return limits.contact
    site = load(session, SiteSettings)
    ways = [_("致电 {phone}").format(phone=site.phone)] if site.phone else []
    ways += [_("到{address}现场办理").format(address=site.address)] if site.address else []
    return _("您也可以{ways}。").format(ways=_("，或").join(ways)) if ways else ""


def _attempts(cms: Cms, session: Session, name: str) -> tuple[int, int]:
    """Return the attempts of this address and of everybody in this hour, the one that is being made included."""
    now = cms.clock.now()
    who = throttle.address_hash(cms.settings.secret_key, request.remote_addr or "", now)
    if request.method != "POST":
        counts = (throttle.attempts(session, name, one, now) for one in (who, EVERYBODY))
        return next(counts) + 1, next(counts) + 1
    # A unit of its own: an attempt counts even if nothing comes of it.
    with cms.unit_of_work() as uow:
        return throttle.hit(uow, name, who), throttle.hit(uow, name, EVERYBODY)


def _form_of(gate: Gate) -> Form:
    """Return the gate's own fields, filled with what was typed."""
    controls: dict[str, Any] = {
        name: MultipleFileField(one.label, description=one.hint) for name, one in gate.uploads.items()
    }
    if gate.question is not None:
        controls[ANSWER] = StringField(gate.question.text)
    form: Form = type("GateForm", (Form,), controls)()
    if gate.question is not None and request.form.get(TOKEN) == gate.question.token:
        form[ANSWER].data = request.form.get(ANSWER, "")
    return form


def _spent_as(name: str, form_id: str) -> str:
    return f"form\0{name}\0{form_id}"


def never_stored(response: Response) -> Response:
    """Keep the answer out of every cache: it belongs to one person."""
    response.headers["Cache-Control"] = "no-store"
    return response
