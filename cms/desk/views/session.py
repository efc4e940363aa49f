"""Signing in and out, changing the password."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import PasswordField, StringField

from cms.accounts import services
from cms.accounts.models import User
from cms.accounts.passwords import MIN_CLASSES, MIN_LENGTH
from cms.accounts.queries import get_user
from cms.desk.blueprint import blueprint
from cms.desk.contexts import DeskPage, desk_values
from cms.kernel.errors import Invalid, NotAllowed
from cms.kernel.i18n import gettext as _
from cms.web.forms.fixed import DeskForm, Problem, fields_by_name, show_errors
from cms.web.login import begin_session, end_session, signed_in
from cms.web.render import render
from cms.web.state import get_cms
from cms.web.urls import is_local, path_of


class LoginForm(DeskForm):
    """Name and password."""

    username = StringField(_("账号"))
    password = PasswordField(_("密码"))


class PasswordForm(DeskForm):
    """The present password and the new one, twice."""

    current = PasswordField(_("当前密码"))
    password = PasswordField(_("新密码"))
    again = PasswordField(_("再输入一次新密码"))


@dataclass(frozen=True, kw_only=True)
class LoginPage(DeskPage):
    """``/desk/login``. ``problem`` says why the last attempt failed."""

    template: ClassVar[str] = "desk/login.html"
    form: LoginForm
    next_url: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class PasswordPage(DeskPage):
    """``/desk/password``. ``is_forced``: nothing else can be done before."""

    template: ClassVar[str] = "desk/password.html"
    form: PasswordForm
    is_forced: bool
    problems: Sequence[Problem]
    rules: str


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Sign somebody in and take them where they wanted to go."""
    wanted = request.values.get("next", "")
    target = path_of(wanted) if wanted and is_local(wanted) else url_for("desk.home")
    form, problem = LoginForm(request.form), ""
    if request.method == "POST":
        user, problem = _try(form.username.data or "", form.password.data or "")
        if user is not None:
            begin_session(user)
            return redirect(target)
    elif signed_in():
        return redirect(target)
    page = LoginPage(**desk_values(), title=_("登录工作台"), form=form, next_url=wanted, problem=problem)
    return render(page), 422 if problem else 200


def _try(username: str, password: str) -> tuple[User | None, str]:
    """Return who signed in, or why nobody did; a failure is counted, so the unit of work ends well either way."""
    with get_cms().unit_of_work() as uow:
        try:
            return services.sign_in(uow, username, password), ""
        except NotAllowed as refused:
            return None, str(refused)


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    """Sign the present person out."""
    end_session()
    flash(_("您已退出。"), "success")
    return redirect(url_for("desk.login"))


@blueprint.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """Let people choose a new password; those who have to are sent here."""
    user = signed_in()
    if user is None:
        return redirect(url_for("desk.login", next=request.path))
    form, errors = PasswordForm(request.form), {}
    if request.method == "POST":
        errors = _change(user.actor.id or 0, form)
        if not errors:
            flash(_("密码已修改，其他设备上的登录已失效。"), "success")
            return redirect(url_for("desk.home"))
    rules = _("至少 {n} 个字符，含大写、小写、数字、符号中的 {m} 种，不与近 5 次相同。").format(
        n=MIN_LENGTH, m=MIN_CLASSES
    )
    page = PasswordPage(
        **desk_values(), title=_("修改密码"), form=form, is_forced=user.must_change_password,
        problems=show_errors(fields_by_name(form), errors), rules=rules,
    )  # fmt: skip
    return render(page), 422 if errors else 200


def _change(user_id: int, form: PasswordForm) -> dict[str, list[str]]:
    if form.password.data != form.again.data:
        return {"again": [_("两次输入的新密码不一致。")]}
    try:
        with get_cms().unit_of_work() as uow:
            user = get_user(uow.session, user_id)
            services.change_password(uow, user, current=form.current.data or "", new=form.password.data or "")
    except Invalid as refused:
        return refused.errors
    # Changing the password has ended every session, this one included.
    begin_session(user)
    return {}
