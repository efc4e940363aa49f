"""Sections: the tree, its order, one section."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cms.accounts.queries import departments
from cms.content import structure
from cms.desk.blueprint import blueprint
from cms.desk.contexts import Crumb, DeskPage, desk_values
from cms.desk.forms.sections import SectionForm, stored_values
from cms.kernel.errors import Invalid, NotFound
from cms.kernel.i18n import gettext as _
from cms.sections.models import Section
from cms.sections.queries import tree
from cms.sections.services import reorder
from cms.web.forms.fixed import Problem, fields_by_name, show_errors
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session
from cms.web.urls import path_of


@dataclass(frozen=True)
class SectionLine:
    """A section in the tree; ``items`` counts what lies in it itself."""

    section: Section
    depth: int
    type_label: str
    department: str
    items: int
    is_first: bool
    is_last: bool
    url: str


@dataclass(frozen=True, kw_only=True)
class SectionsPage(DeskPage):
    """``/desk/sections``."""

    template: ClassVar[str] = "desk/admin/sections.html"
    lines: Sequence[SectionLine]


@dataclass(frozen=True, kw_only=True)
class SectionPage(DeskPage):
    """The form of one section; without ``section`` it is a new one."""

    template: ClassVar[str] = "desk/admin/section.html"
    form: SectionForm
    problems: Sequence[Problem]
    section: Section | None
    can_delete: bool


@blueprint.get("/sections")
@permission("section.manage")
def sections() -> str:
    """Show the tree of sections."""
    session = read_session()
    found, counts = tree(session), structure.counts_by_section(session)
    names = {one.id: one.name for one in departments(session)}
    types = get_cms().types
    lines = [
        SectionLine(
            section=one, depth=found.depth(one), type_label=types.label(one.default_type) if one.default_type else "",
            department=names.get(one.department_id or 0, ""), items=counts.get(one.id, 0),
            is_first=found.children[one.parent_id][0] is one, is_last=found.children[one.parent_id][-1] is one,
            url=path_of(f"/{one.path}/"),
        )
        for one in found.walk()
    ]  # fmt: skip
    lead = _("栏目决定导航、网址、审核级数和更新期限。")
    return render(SectionsPage(**desk_values(), title=_("栏目"), lead=lead, lines=lines))


@blueprint.route("/sections/new", methods=["GET", "POST"])
@permission("section.manage")
def section_new() -> ResponseReturnValue:
    """Add a section."""
    form = SectionForm.from_request(
        parent_id=request.args.get("parent", ""), in_navigation=True, review_steps="1", openness="public"
    )
    return _edit(form, None)


@blueprint.route("/sections/<int:section_id>", methods=["GET", "POST"])
@permission("section.manage")
def section_edit(section_id: int) -> ResponseReturnValue:
    """Change a section."""
    section = _section(section_id)
    return _edit(SectionForm.from_request(**stored_values(section)), section)


def _edit(form: SectionForm, section: Section | None) -> ResponseReturnValue:
    cms, session = get_cms(), read_session()
    form.offer(tree(session), departments(session), cms.types, section)
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            given = form.given(cms.types, section)
            with cms.unit_of_work() as uow:
                own = uow.session.get_one(Section, section.id) if section else None
                structure.save_section(
                    uow, own, given, actor=current_actor(), reserved=cms.contributions.reserved_paths
                )
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        else:
            flash(_("栏目“{title}”已保存。").format(title=given.title), "success")
            return redirect(url_for("desk.sections"))
    title = _("栏目：{title}").format(title=section.title) if section else _("新建栏目")
    has_items = section is not None and structure.counts_by_section(session).get(section.id, 0) > 0
    has_children = section is not None and section.id in tree(session).children
    page = SectionPage(
        **desk_values(), title=title, crumbs=[Crumb(_("栏目"), url_for("desk.sections")), Crumb(title)],
        form=form, problems=problems, section=section,
        can_delete=section is not None and not has_items and not has_children,
    )  # fmt: skip
    return render(page), 422 if problems else 200


@blueprint.post("/sections/<int:section_id>/move")
@permission("section.manage")
def section_move(section_id: int) -> ResponseReturnValue:
    """Move a section up or down among its siblings."""
    step = -1 if request.form.get("step") == "up" else 1
    with get_cms().unit_of_work() as uow:
        section = uow.session.get(Section, section_id)
        if section is None:
            raise NotFound(f"section {section_id}")
        reorder(uow, section, step, actor=current_actor())
    return redirect(url_for("desk.sections", _anchor=f"section-{section_id}"))


@blueprint.post("/sections/<int:section_id>/delete")
@permission("section.manage")
def section_delete(section_id: int) -> ResponseReturnValue:
    """Remove an empty section."""
    try:
        with get_cms().unit_of_work() as uow:
            section = uow.session.get(Section, section_id)
            if section is None:
                raise NotFound(f"section {section_id}")
            structure.delete_section(uow, section, actor=current_actor())
    except Invalid as refused:
        flash(" ".join(refused.errors.get("", [])), "error")
        return redirect(url_for("desk.section_edit", section_id=section_id))
    flash(_("栏目“{title}”已删除。").format(title=section.title), "success")
    return redirect(url_for("desk.sections"))


def _section(section_id: int) -> Section:
    section = read_session().get(Section, section_id)
    if section is None:
        raise NotFound(f"section {section_id}")
    return section
