"""Departments."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cms.accounts import queries, services
from cms.accounts.models import Department
from cms.desk.blueprint import blueprint
from cms.desk.contexts import Crumb, DeskPage, desk_values
from cms.desk.forms.accounts import DepartmentForm
from cms.kernel.errors import Invalid, NotFound
from cms.kernel.i18n import gettext as _
from cms.web.forms.fixed import Problem, fields_by_name, show_errors
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session


@dataclass(frozen=True)
class DepartmentLine:
    """A department with the number of its people."""

    department: Department
    people: int


@dataclass(frozen=True, kw_only=True)
class DepartmentsPage(DeskPage):
    """``/desk/departments``."""

    template: ClassVar[str] = "desk/admin/departments.html"
    lines: Sequence[DepartmentLine]


@dataclass(frozen=True, kw_only=True)
class DepartmentPage(DeskPage):
    """The form of one department."""

    template: ClassVar[str] = "desk/admin/department.html"
    form: DepartmentForm
    problems: Sequence[Problem]
    department: Department | None


@blueprint.get("/departments")
@permission("department.manage")
def departments() -> str:
    """List the departments."""
    session = read_session()
    people = queries.people_by_department(session)
    lines = [DepartmentLine(one, people.get(one.id, 0)) for one in queries.departments(session)]
    lead = _("科室用于署名、统计和机构设置页面。")
    return render(DepartmentsPage(**desk_values(), title=_("科室"), lead=lead, lines=lines))


@blueprint.route("/departments/new", methods=["GET", "POST"])
@permission("department.manage")
def department_new() -> ResponseReturnValue:
    """Add a department."""
    return _edit(DepartmentForm.from_request(), None)


@blueprint.route("/departments/<int:department_id>", methods=["GET", "POST"])
@permission("department.manage")
def department_edit(department_id: int) -> ResponseReturnValue:
    """Change a department."""
    department = read_session().get(Department, department_id)
    if department is None:
        raise NotFound(f"department {department_id}")
    stored = {"name": department.name, "phone": department.phone, "duties": department.duties}
    return _edit(DepartmentForm.from_request(**stored), department)


def _edit(form: DepartmentForm, department: Department | None) -> ResponseReturnValue:
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            with get_cms().unit_of_work() as uow:
                own = uow.session.get_one(Department, department.id) if department else None
                services.save_department(
                    uow, own, actor=current_actor(), name=form.name.data or "", phone=form.phone.data or "",
                    duties=form.duties.data or "",
                )  # fmt: skip
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        else:
            flash(_("科室已保存。"), "success")
            return redirect(url_for("desk.departments"))
    title = _("科室：{name}").format(name=department.name) if department else _("新建科室")
    page = DepartmentPage(
        **desk_values(), title=title, crumbs=[Crumb(_("科室"), url_for("desk.departments")), Crumb(title)],
        form=form, problems=problems, department=department,
    )  # fmt: skip
    return render(page), 422 if problems else 200


@blueprint.post("/departments/<int:department_id>/move")
@permission("department.manage")
def department_move(department_id: int) -> ResponseReturnValue:
    """Move a department up or down."""
    step = -1 if request.form.get("step") == "up" else 1
    with get_cms().unit_of_work() as uow:
        department = uow.session.get(Department, department_id)
        if department is None:
            raise NotFound(f"department {department_id}")
        services.move_department(uow, department, step, actor=current_actor())
    return redirect(url_for("desk.departments", _anchor=f"department-{department_id}"))


@blueprint.post("/departments/<int:department_id>/delete")
@permission("department.manage")
def department_delete(department_id: int) -> ResponseReturnValue:
    """Remove a department; its people and items stay."""
    with get_cms().unit_of_work() as uow:
        department = uow.session.get(Department, department_id)
        if department is None:
            raise NotFound(f"department {department_id}")
        services.delete_department(uow, department, actor=current_actor())
    flash(_("科室“{name}”已删除。").format(name=department.name), "success")
    return redirect(url_for("desk.departments"))
