"""Sign-in rules, accounts, roles, departments."""

import re
from datetime import timedelta

from sqlalchemy import select

from cms.accounts import passwords, queries
from cms.accounts.models import Department, User, UserRole
from cms.accounts.policy import Actor, Role, require, role_problems
from cms.audit.services import record
from cms.db.uow import UnitOfWork
from cms.kernel.errors import Invalid, NotAllowed, NotFound
from cms.kernel.i18n import gettext as _
from cms.kernel.text import clean, one_line

#: 5 failures lock an account for half an hour (site-rules d.2, 登录失败处理).
MAX_FAILURES = 5
LOCK = timedelta(minutes=30)
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


def sign_in(uow: UnitOfWork, username: str, password: str) -> User:
    """Return the user who signs in, or count the failure.

    The caller commits also when this raises: a failure that is rolled back would not count.

    :raises NotAllowed: with the same sentence for an unknown name, a wrong password and a disabled account.
    """
    user = queries.user_by_name(uow.session, username)
    now = uow.clock.now()
    if user is None or not user.is_active:
        passwords.waste_time(password)
        raise NotAllowed(_("用户名或密码不正确。"))
    if user.locked_until and user.locked_until > now:
        passwords.waste_time(password)
        minutes = int((user.locked_until - now).total_seconds() // 60) + 1
        raise NotAllowed(_("连续多次输入错误，账号已锁定，请 {n} 分钟后再试。").format(n=minutes))
    if not passwords.verify(user.password_hash, password):
        _count_failure(uow, user)
        raise NotAllowed(_("用户名或密码不正确。"))
    if passwords.needs_rehash(user.password_hash):
        user.password_hash = passwords.hash_password(password)
    user.failed_logins, user.locked_until, user.last_login_at = 0, None, now
    if now - user.password_changed_at > passwords.MAX_AGE:
        user.must_change_password = True
    record(uow, "user.sign_in", actor_id=user.id, subject_type="user", subject_id=user.id)
    return user


def _count_failure(uow: UnitOfWork, user: User) -> None:
    user.failed_logins += 1
    if user.failed_logins >= MAX_FAILURES:
        user.failed_logins, user.locked_until = 0, uow.clock.now() + LOCK
        record(uow, "user.lock", actor_id=None, subject_type="user", subject_id=user.id)


def add_user(
    uow: UnitOfWork,
    username: str,
    *,
    actor: Actor,
    roles: frozenset[Role],
    password: str,
    full_name: str = "",
    department_id: int | None = None,
    must_change_password: bool = True,
) -> User:
    """Create an account.

    Whoever creates accounts gives them no rights: an account made in the desk waits without roles until the security
    administrator assigns them (三员分立, site-rules d.3). The command line acts as the machine and may do both.

    :raises NotAllowed: if ``actor`` may not manage users, or gives roles without the right to assign them.
    :raises Invalid: by field, if the name is taken or malformed, the password weak, or the roles exclude each other.
    """
    require(actor, "user.manage")
    if roles:
        require(actor, "role.assign")
    username = username.strip().lower()
    _check_account(uow, username, password, roles, department_id)
    now = uow.clock.now()
    user = User(
        username=username,
        full_name=one_line(full_name),
        department_id=department_id,
        password_hash=passwords.hash_password(password),
        old_hashes=[],
        password_changed_at=now,
        must_change_password=must_change_password,
        created_at=now,
        role_rows=[UserRole(role=role) for role in sorted(roles)],
    )
    uow.session.add(user)
    # The audit entry names the new id.
    uow.session.flush()
    names: list[str] = sorted(roles)
    record(uow, "user.add", actor_id=actor.id, subject_type="user", subject_id=user.id, roles=names)
    return user


def _check_account(
    uow: UnitOfWork, username: str, password: str, roles: frozenset[Role], department_id: int | None
) -> None:
    errors = _name_problems(uow, username)
    if found := passwords.problems(password, username, []):
        errors["password"] = found
    if found := role_problems(roles):
        errors["roles"] = found
    if department_id is not None and uow.session.get(Department, department_id) is None:
        errors["department_id"] = [_("所选的科室已不存在，请重新选择。")]
    if errors:
        raise Invalid(errors)


def _name_problems(uow: UnitOfWork, username: str) -> dict[str, list[str]]:
    if not _USERNAME.fullmatch(username):
        return {"username": [_("用户名用 2–40 个小写字母、数字或 . _ -，以字母或数字开头。")]}
    if queries.user_by_name(uow.session, username):
        return {"username": [_("用户名“{name}”已被使用。").format(name=username)]}
    return {}


def end_sessions(uow: UnitOfWork, user: User) -> None:
    """End every session of ``user``; signing out does, so that a copied cookie is worth nothing."""
    user.session_epoch += 1
    record(uow, "user.sign_out", actor_id=user.id, subject_type="user", subject_id=user.id)


def change_password(uow: UnitOfWork, user: User, *, current: str, new: str) -> None:
    """Let ``user`` choose a new password; all other sessions end.

    :raises Invalid: if the present password is wrong or the new one breaks the rules.
    """
    if not passwords.verify(user.password_hash, current):
        raise Invalid({"current": [_("当前密码不正确。")]})
    _set_password(uow, user, new, must_change=False)
    record(uow, "user.change_password", actor_id=user.id, subject_type="user", subject_id=user.id)


def reset_password(uow: UnitOfWork, user: User, *, actor: Actor, new: str) -> None:
    """Give ``user`` a password that has to be changed at the next login.

    :raises NotAllowed: if ``actor`` may not, or means their own account, whose present password they know.
    :raises Invalid: if the password breaks the rules.
    """
    require(actor, "user.reset_password")
    if actor.id == user.id:
        raise NotAllowed(_("自己的密码请在“修改密码”中更改。"))
    _set_password(uow, user, new, must_change=True)
    user.failed_logins, user.locked_until = 0, None
    record(uow, "user.reset_password", actor_id=actor.id, subject_type="user", subject_id=user.id)


def unlock(uow: UnitOfWork, user: User, *, actor: Actor) -> None:
    """Let ``user`` try again at once after too many wrong passwords.

    :raises NotAllowed: if ``actor`` may not.
    """
    require(actor, "user.unlock")
    user.failed_logins, user.locked_until = 0, None
    record(uow, "user.unlock", actor_id=actor.id, subject_type="user", subject_id=user.id)


def _set_password(uow: UnitOfWork, user: User, new: str, *, must_change: bool) -> None:
    remembered = [user.password_hash, *user.old_hashes][: passwords.REMEMBERED]
    if found := passwords.problems(new, user.username, remembered):
        raise Invalid({"password": found})
    user.old_hashes = remembered
    user.password_hash = passwords.hash_password(new)
    user.password_changed_at = uow.clock.now()
    user.must_change_password = must_change
    user.session_epoch += 1


def set_roles(uow: UnitOfWork, user: User, roles: frozenset[Role], *, actor: Actor) -> None:
    """Give ``user`` exactly these roles; the user's sessions end.

    :raises NotAllowed: if ``actor`` may not assign roles, or would change their own.
    :raises Invalid: if the roles exclude each other.
    """
    require(actor, "role.assign")
    if actor.id == user.id:
        raise NotAllowed(_("不能修改自己的角色。"))
    if found := role_problems(roles):
        raise Invalid({"roles": found})
    user.role_rows = [UserRole(role=role) for role in sorted(roles)]
    user.session_epoch += 1
    names: list[str] = sorted(roles)
    record(uow, "user.set_roles", actor_id=actor.id, subject_type="user", subject_id=user.id, roles=names)


def set_active(uow: UnitOfWork, user: User, *, active: bool, actor: Actor) -> None:
    """Enable or disable an account; disabling ends its sessions at once.

    :raises NotAllowed: if ``actor`` may not, or would disable themselves.
    """
    require(actor, "user.disable")
    if actor.id == user.id:
        raise NotAllowed(_("不能停用自己的账号。"))
    user.is_active = active
    user.session_epoch += 1
    verb = "user.enable" if active else "user.disable"
    record(uow, verb, actor_id=actor.id, subject_type="user", subject_id=user.id)


def edit_user(uow: UnitOfWork, user: User, *, actor: Actor, full_name: str, department_id: int | None) -> None:
    """Change the name and department of an account.

    :raises Invalid: if the department does not exist.
    """
    require(actor, "user.manage")
    _check_department(uow, department_id)
    user.full_name, user.department_id = one_line(full_name), department_id
    record(uow, "user.edit", actor_id=actor.id, subject_type="user", subject_id=user.id)


def _check_department(uow: UnitOfWork, department_id: int | None) -> None:
    if department_id is not None and uow.session.get(Department, department_id) is None:
        raise Invalid({"department_id": [_("所选的科室已不存在，请重新选择。")]})


def save_department(
    uow: UnitOfWork, department: Department | None, *, actor: Actor, name: str, phone: str = "", duties: str = ""
) -> Department:
    """Create or change a department.

    :raises Invalid: if the name is empty or taken.
    """
    require(actor, "department.manage")
    name = one_line(name)
    taken = uow.session.scalars(select(Department).where(Department.name == name)).first()
    if not name:
        raise Invalid({"name": [_("请填写科室名称。")]})
    if taken and taken is not department:
        raise Invalid({"name": [_("科室“{name}”已存在。").format(name=name)]})
    if department is None:
        department = Department(name=name, position=len(queries.departments(uow.session)))
        uow.session.add(department)
    department.name, department.phone, department.duties = name, one_line(phone), clean(duties)
    # The audit entry names the id.
    uow.session.flush()
    record(uow, "department.save", actor_id=actor.id, subject_type="department", subject_id=department.id)
    return department


def move_department(uow: UnitOfWork, department: Department, step: int, *, actor: Actor) -> None:
    """Move a department up (-1) or down (+1) in the list."""
    require(actor, "department.manage")
    line = list(queries.departments(uow.session))
    here = line.index(department)
    line.insert(min(max(here + step, 0), len(line) - 1), line.pop(here))
    for position, one in enumerate(line):
        one.position = position
    record(uow, "department.move", actor_id=actor.id, subject_type="department", subject_id=department.id)


def delete_department(uow: UnitOfWork, department: Department, *, actor: Actor) -> None:
    """Remove a department; its people and items keep existing without one."""
    require(actor, "department.manage")
    record(uow, "department.delete", actor_id=actor.id, subject_type="department", subject_id=department.id)
    uow.session.delete(department)


def require_user(user: User | None) -> User:
    """Return ``user``.

    :raises NotFound: if there is none.
    """
    if user is None:
        raise NotFound(_("没有这个用户。"))
    return user
