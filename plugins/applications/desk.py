"""The routes of the desk below ``/desk/applications/``, and the panel on its dashboard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, url_for

from cms.api import Page, can, current_actor, permission, read_session, render

from . import desk_answer, desk_cases, desk_index, desk_intake, desk_people, desk_redact, desk_show, desk_step
from .desk_pages import NAME, Tag, alarm_tag, countdown, show_url, today
from .terms import HANDLE, VIEW
from .watching import alarms

_SHOWN = 6


def make_blueprint() -> Blueprint:
    """Return the routes; who only signs may look, who handles may do everything else."""
    blueprint = Blueprint(NAME, __name__, url_prefix="/desk/applications")
    view, handle = permission(VIEW), permission(HANDLE)
    both = ["GET", "POST"]
    blueprint.add_url_rule("/", "index", view(desk_index.index))
    blueprint.add_url_rule("/new", "new", handle(desk_intake.new), methods=both)
    blueprint.add_url_rule("/cases", "cases", handle(desk_cases.cases))
    blueprint.add_url_rule("/cases/new", "case_new", handle(desk_cases.case_new), methods=both)
    blueprint.add_url_rule("/cases/<int:case_id>", "case", handle(desk_cases.case), methods=both)
    one = "/<int:application_id>"
    blueprint.add_url_rule(one, "show", view(desk_show.show))
    blueprint.add_url_rule(f"{one}/do/<name>", "step", view(desk_step.step), methods=both)
    blueprint.add_url_rule(f"{one}/personal", "personal", handle(desk_people.personal), methods=both)
    blueprint.add_url_rule(f"{one}/files/<int:file_id>", "file", handle(desk_people.file), methods=both)
    blueprint.add_url_rule(f"{one}/answer", "compose", handle(desk_answer.compose), methods=both)
    blueprint.add_url_rule(f"{one}/answers/<int:answer_id>", "letter", view(desk_answer.letter))
    blueprint.add_url_rule(f"{one}/answers/<int:answer_id>.<extension>", "letter_file", handle(desk_answer.letter_file))
    blueprint.add_url_rule(f"{one}/notices/<kind>.<extension>", "notice", handle(desk_answer.notice))
    blueprint.add_url_rule(f"{one}/redact", "redact", handle(desk_redact.choose), methods=both)
    file = f"{one}/redact/<int:source_id>"
    blueprint.add_url_rule(file, "redact_file", handle(desk_redact.redact_file), methods=both)
    blueprint.add_url_rule(f"{file}/<int:number>.png", "redact_page", handle(desk_redact.redact_page))
    blueprint.add_url_rule(f"{one}/publicise", "publicise", handle(desk_cases.publicise), methods=both)
    return blueprint


@dataclass(frozen=True)
class PanelLine:
    """An application that needs attention."""

    number: str
    title: str
    url: str
    tag: Tag
    countdown: str


@dataclass(frozen=True, kw_only=True)
class Panel(Page):
    """Applications on the dashboard of the desk."""

    template: ClassVar[str] = "desk/applications/panel.html"
    lines: Sequence[PanelLine]
    url: str


def panel() -> str:
    """Return the panel; nothing if no application needs attention."""
    if not can(current_actor(), VIEW):
        return ""
    day = today()
    lines = [
        PanelLine(
            found.application.number, found.application.title or found.application.doc_no,
            show_url(found.application.id), tag, countdown(found.application, day),
        ) for found in alarms(read_session(), day, limit=_SHOWN) for tag in [alarm_tag(found.alarm)] if tag is not None
    ]  # fmt: skip
    if not lines:
        return ""
    return render(Panel(title="依申请公开", lines=lines, url=url_for(f"{NAME}.index", alarm=1)))
