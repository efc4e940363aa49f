"""Files that go with an answer: redacting them, giving them out, opening them with a trace."""

import json
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.api import (
    Actor,
    Cms,
    NotFound,
    OpenedFile,
    Subject,
    UnitOfWork,
    files_of,
    keep_file,
    open_file,
    require,
    seal_into,
)  # fmt: skip
from cms.api import gettext as _

from . import answering, terms
from .history import Entry, remark
from .models import Answer, Application, RedactionJob
from .redaction.files import redact
from .redaction.order import Order, Redacted
from .terms import HANDLE


def keep_source(
    uow: UnitOfWork, cms: Cms, application: Application, filename: str, content: bytes, *, actor: Actor
) -> int:
    """Keep the original of a file that is to be redacted, sealed; return its id.

    :raises NotAllowed: without permission. :raises Invalid: field ``file``.
    """
    require(actor, HANDLE)
    return keep_file(
        uow, cms.sealed_files, subject=terms.subject_of(application), purpose=terms.SOURCE, filename=filename,
        content=content, max_mb=cms.settings.max_upload_mb,
    ).id  # fmt: skip


def redact_file(
    uow: UnitOfWork, cms: Cms, application: Application, source_id: int, order: Order, *, actor: Actor
) -> RedactionJob:
    """Remove from a file of the application what ``order`` says; keep the result beside it.

    :raises NotAllowed: without permission. :raises NotFound: if there is no such file. :raises Invalid: by field.
    """
    require(actor, HANDLE)
    subject = terms.subject_of(application)
    source = open_file(uow, cms.sealed_files, source_id, subject=subject, actor=actor, why=_("作区分处理"))
    made: Redacted = redact(source.content, source.media_type, order)
    stem = source.name.rsplit(".", 1)[0]
    kept = keep_file(
        uow, cms.sealed_files, subject=_owner(uow.session, application), purpose=terms.PROVIDED,
        filename=f"{order.without(stem)}（公开部分）{made.extension}", content=made.content,
        max_mb=cms.settings.max_upload_mb,
    )  # fmt: skip
    job = RedactionJob(
        application_id=application.id, source_id=source_id, output_id=kept.id, removed=made.removed,
        notes=list(made.notes), recorded_at=uow.clock.now(), recorded_by_id=actor.id, request="",
    )  # fmt: skip
    seal_into(cms.keyring, job, RedactionJob.request, {"order": _as_json(order)})
    uow.session.add(job)
    remark(uow, application, "redacted", actor=actor, entry=Entry(note=_("去除 {n} 处").format(n=made.removed)))
    return job


def _as_json(order: Order) -> str:
    return json.dumps({
        "phrases": list(order.phrases), "kinds": sorted(order.kinds), "boxes": [asdict(box) for box in order.boxes],
        "drop_pages": sorted(order.drop_pages), "keep_pictures": order.keep_pictures, "as_text": order.as_text,
    }, ensure_ascii=False)  # fmt: skip


def _owner(session: Session, application: Application) -> Subject:
    """Files that are given out go with the answer that is on its way, else with the application."""
    answer = answering.current_answer(session, application)
    return terms.files_of_answer(answer) if answer is not None else terms.subject_of(application)


def provide_file(
    uow: UnitOfWork, cms: Cms, application: Application, filename: str, content: bytes, *, actor: Actor
) -> int:
    """Add a file to what the answer gives out; return its id.

    :raises NotAllowed: without permission. :raises Invalid: field ``file``.
    """
    require(actor, HANDLE)
    return keep_file(
        uow, cms.sealed_files, subject=_owner(uow.session, application), purpose=terms.PROVIDED, filename=filename,
        content=content, max_mb=cms.settings.max_upload_mb,
    ).id  # fmt: skip


def open_any(
    uow: UnitOfWork, cms: Cms, application: Application, file_id: int, *, actor: Actor, why: str
) -> OpenedFile:
    """Open a file of the application or of one of its answers, with a trace in the access log.

    :raises NotAllowed: without permission. :raises NotFound: if there is none. :raises Invalid: without a reason.
    """
    require(actor, HANDLE)
    for subject in subjects(uow.session, application):
        if file_id in {line.id for line in files_of(uow.session, cms.sealed_files, subject)}:
            return open_file(uow, cms.sealed_files, file_id, subject=subject, actor=actor, why=why)
    raise NotFound(_("没有这个文件。"))


def subjects(session: Session, application: Application) -> list[Subject]:
    """Return under which names the files of an application lie: its own, and those of its answers."""
    answers = session.scalars(select(Answer).where(Answer.application_id == application.id).order_by(Answer.position))
    return [terms.subject_of(application), *(terms.files_of_answer(answer) for answer in answers)]


def jobs_of(session: Session, application_id: int) -> list[RedactionJob]:
    """Return what was removed from files of an application, newest first."""
    query = select(RedactionJob).where(RedactionJob.application_id == application_id)
    return list(session.scalars(query.order_by(RedactionJob.id.desc())))


def source_of(session: Session, cms: Cms, application: Application, source_id: int) -> str:
    """Return the media type of the original of a redaction.

    :raises NotFound: if the application has no such file.
    """
    for line in files_of(session, cms.sealed_files, terms.subject_of(application)):
        if line.id == source_id:
            return line.media_type
    raise NotFound(_("没有这个文件。"))
