"""Accounts: the system administrator makes them, the security administrator gives them rights (三员分立)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cms.accounts import queries, services
from cms.accounts.models import User
from cms.accounts.passwords import make_password
from cms.accounts.policy import ROLE_LABELS, Role, can
from cms.accounts.separation import separation_warnings
from cms.desk.blueprint import blueprint
from cms.desk.contexts import Crumb, DeskPage, desk_values
from cms.desk.forms.accounts import NewUserForm, RolesForm, UserForm
from cms.kernel.errors import CmsError, Invalid, NotAllowed
from cms.kernel.i18n import gettext as _
from cms.web.forms.fixed import Problem, fields_by_name, show_errors
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session


@dataclass(frozen=True)
class UserLine:
    """An account in the list."""

    user: User
    roles: Sequence[str]
    is_locked: bool


@dataclass(frozen=True, kw_only=True)
class UsersPage(DeskPage):
    """``/desk/users``."""

    template: ClassVar[str] = "desk/admin/users.html"
    lines: Sequence[UserLine]
    warnings: Sequence[str]
    can_add: bool


@dataclass(frozen=True, kw_only=True)
class NewUserPage(DeskPage):
    """``/desk/users/new``."""

    template: ClassVar[str] = "desk/admin/user_new.html"
    form: NewUserForm
    problems: Sequence[Problem]


@dataclass(frozen=True, kw_only=True)
class UserPage(DeskPage):
    """One account with what the person who looks may change of it."""

    template: ClassVar[str] = "desk/admin/user.html"
    line: UserLine
    form: UserForm
    roles_form: RolesForm
    problems: Sequence[Problem]
    is_self: bool
    may: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class PasswordShownPage(DeskPage):
    """A made password; it can be seen on this page only, and only now."""

    template: ClassVar[str] = "desk/admin/password_shown.html"
    username: str
    password: str
    needs_roles: bool
    back_url: str


_ACTIONS = ("user.manage", "role.assign", "user.reset_password", "user.disable", "user.unlock")


@blueprint.get("/users")
@permission("user.list")
def users() -> str:
    """List all accounts."""
    found = queries.users(read_session())
    page = UsersPage(
        **desk_values(), title=_("用户"), lead=_("系统管理员建立账号，安全管理员分配角色，审计管理员查看日志。"),
        lines=[_line(user) for user in found], warnings=separation_warnings(found),
        can_add=can(current_actor(), "user.manage"),
    )  # fmt: skip
    return render(page)


@blueprint.route("/users/new", methods=["GET", "POST"])
@permission("user.manage")
def user_new() -> ResponseReturnValue:
    """Add an account without roles; its password is made here and shown once."""
    form: NewUserForm = NewUserForm.from_request()
    form.offer(queries.departments(read_session()))
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        password = make_password()
        try:
            with get_cms().unit_of_work() as uow:
                user = services.add_user(
                    uow, form.username.data or "", actor=current_actor(), roles=frozenset(), password=password,
                    full_name=form.full_name.data or "", department_id=form.chosen_department,
                )  # fmt: skip
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        else:
            return _show_password(user, password, _("账号已建立"))
    title = _("新建用户")
    page = NewUserPage(**desk_values(), title=title, crumbs=_crumbs(title), form=form, problems=problems)
    return render(page), 422 if problems else 200


@blueprint.get("/users/<int:user_id>")
@permission("user.list")
def user(user_id: int) -> ResponseReturnValue:
    """Show one account."""
    return _show(queries.get_user(read_session(), user_id))


@blueprint.post("/users/<int:user_id>")
@permission("user.manage")
def user_edit(user_id: int) -> ResponseReturnValue:
    """Change name and department of an account."""
    form = UserForm(request.form)
    try:
        with get_cms().unit_of_work() as uow:
            services.edit_user(
                uow, queries.get_user(uow.session, user_id), actor=current_actor(),
                full_name=form.full_name.data or "", department_id=form.chosen_department,
            )  # fmt: skip
    except Invalid as refused:
        return _show(queries.get_user(read_session(), user_id), form=form, errors=refused.errors)
    return _done(user_id, _("账号已保存。"))


@blueprint.post("/users/<int:user_id>/roles")
@permission("role.assign")
def user_roles(user_id: int) -> ResponseReturnValue:
    """Give an account exactly the chosen roles."""
    form = RolesForm(request.form)
    try:
        with get_cms().unit_of_work() as uow:
            services.set_roles(uow, queries.get_user(uow.session, user_id), form.chosen, actor=current_actor())
    except Invalid as refused:
        return _show(queries.get_user(read_session(), user_id), roles_form=form, errors=refused.errors)
    except NotAllowed as refused:
        return _refused(user_id, refused)
    return _done(user_id, _("角色已保存，该用户须重新登录。"))


@blueprint.post("/users/<int:user_id>/active")
@permission("user.disable")
def user_active(user_id: int) -> ResponseReturnValue:
    """Enable or disable an account."""
    active = request.form.get("active") == "1"
    try:
        with get_cms().unit_of_work() as uow:
            services.set_active(uow, queries.get_user(uow.session, user_id), active=active, actor=current_actor())
    except NotAllowed as refused:
        return _refused(user_id, refused)
    return _done(user_id, _("账号已启用。") if active else _("账号已停用，其登录立即失效。"))


@blueprint.post("/users/<int:user_id>/unlock")
@permission("user.unlock")
def user_unlock(user_id: int) -> ResponseReturnValue:
    """Unlock an account that was locked after wrong passwords."""
    with get_cms().unit_of_work() as uow:
        services.unlock(uow, queries.get_user(uow.session, user_id), actor=current_actor())
    return _done(user_id, _("账号已解锁。"))


@blueprint.post("/users/<int:user_id>/password")
@permission("user.reset_password")
def user_password(user_id: int) -> ResponseReturnValue:
    """Give an account a made password, shown once."""
    password = make_password()
    try:
        with get_cms().unit_of_work() as uow:
            user = queries.get_user(uow.session, user_id)
            services.reset_password(uow, user, actor=current_actor(), new=password)
    except NotAllowed as refused:
        return _refused(user_id, refused)
    return _show_password(user, password, _("密码已重置"))


def _show(
    user: User,
    *,
    form: UserForm | None = None,
    roles_form: RolesForm | None = None,
    errors: dict[str, list[str]] | None = None,
) -> ResponseReturnValue:
    actor = current_actor()
    form = form or UserForm(data={"full_name": user.full_name, "department_id": str(user.department_id or "")})
    roles_form = roles_form or RolesForm(data={"roles": [role.value for role in queries.roles_of(user)]})
    form.offer(queries.departments(read_session()))
    roles_form.offer()
    problems = show_errors({**fields_by_name(form), **fields_by_name(roles_form)}, errors or {})
    title = _("用户：{name}").format(name=user.username)
    page = UserPage(
        **desk_values(), title=title, crumbs=_crumbs(title), line=_line(user), form=form, roles_form=roles_form,
        problems=problems, is_self=actor.id == user.id, may=frozenset(name for name in _ACTIONS if can(actor, name)),
    )  # fmt: skip
    return render(page), 422 if problems else 200


def _show_password(user: User, password: str, title: str) -> Response:
    page = PasswordShownPage(
        **desk_values(), title=title, crumbs=_crumbs(title), username=user.username, password=password,
        needs_roles=not user.role_rows, back_url=url_for("desk.user", user_id=user.id),
    )  # fmt: skip
    response = make_response(render(page))
    # Neither the browser nor a proxy keeps it.
    response.headers["Cache-Control"] = "no-store"
    return response


def _line(user: User) -> UserLine:
    held = queries.roles_of(user)
    now = get_cms().clock.now()
    labels = [_(ROLE_LABELS[role]) for role in Role if role in held]
    return UserLine(user, labels, user.locked_until is not None and user.locked_until > now)


def _crumbs(title: str) -> list[Crumb]:
    return [Crumb(_("用户"), url_for("desk.users")), Crumb(title)]


def _done(user_id: int, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("desk.user", user_id=user_id))


def _refused(user_id: int, error: CmsError) -> ResponseReturnValue:
    flash(str(error), "error")
    return redirect(url_for("desk.user", user_id=user_id))
