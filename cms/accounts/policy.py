"""Who may do what: the roles, their permissions, and the one question asked of them.

Permissions are checked by services, so that the desk, the command line and any API behave alike. Plugins add
permissions to roles through :class:`Policy`; nothing else decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cms.kernel.errors import NotAllowed
from cms.kernel.i18n import gettext as _


class Role(StrEnum):
    """What a person is trusted with; several roles add up."""

    CONTRIBUTOR = "contributor"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    PUBLISHER = "publisher"
    OFFICER = "officer"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


#: Chinese names of the roles, as shown in the desk.
ROLE_LABELS: Mapping[Role, str] = {
    Role.CONTRIBUTOR: "通讯员",
    Role.EDITOR: "编辑",
    Role.REVIEWER: "审核员",
    Role.PUBLISHER: "发布员",
    Role.OFFICER: "信息公开专员",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全管理员",
    Role.AUDIT_ADMIN: "审计管理员",
}

#: 三员分立: nobody holds two of these (site-rules d.3).
EXCLUSIVE = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
#: Those who write, review and publish; apart from the administrators (site-rules d.3).
BUSINESS = frozenset(Role) - EXCLUSIVE

_WRITE = {"desk.open", "content.create", "content.edit_own", "content.list", "media.upload", "figures.view"}
_EDIT = _WRITE | {"content.edit", "tally.record"}

_CORE: Mapping[Role, frozenset[str]] = {
    Role.CONTRIBUTOR: frozenset(_WRITE),
    Role.EDITOR: frozenset(_EDIT),
    Role.REVIEWER: frozenset(_EDIT | {"content.review"}),
    Role.PUBLISHER: frozenset(_EDIT | {"content.review", "content.publish", "content.withdraw"}),
    Role.OFFICER: frozenset(
        _EDIT
        | {"content.review", "content.publish", "content.withdraw", "report.edit", "catalogue.manage"}
        | {"personal.reveal", "personal.erase", "personal.retention", "tally.topics", "workdays.manage"}
    ),
    Role.SYSTEM_ADMIN: frozenset(
        {
            "desk.open",
            "content.list",
            "figures.view",
            "section.manage",
            "department.manage",
            "user.manage",
            "user.list",
            "plugin.manage",
            "theme.manage",
            "settings.manage",
            "exchange.import",
            "exchange.export",
            "search.manage",
            "workdays.manage",
        }
    ),
    # A new password opens an account, and with it its rights: not for those who create accounts.
    Role.SECURITY_ADMIN: frozenset(
        {"desk.open", "user.list", "role.assign", "user.reset_password", "user.disable", "user.unlock"}
    ),
    Role.AUDIT_ADMIN: frozenset({"desk.open", "audit.read", "personal.retention"}),
}


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The person (or the machine itself) on whose behalf something is done; a plain value."""

    id: int | None
    name: str
    roles: frozenset[Role] = frozenset()
    department_id: int | None = None
    department: str = ""
    is_machine: bool = False
    permissions: frozenset[str] = field(default=frozenset(), repr=False)


#: Scheduled work and command-line maintenance act as this; it may do everything.
MACHINE = Actor(id=None, name="系统", is_machine=True)
#: Somebody who uses a public form; the edge decides whether they may, by rate and question. No permissions.
CITIZEN = Actor(id=None, name="公众")


@dataclass
class Policy:
    """The permissions of one app: those of the core and those its plugins declare."""

    grants: dict[Role, frozenset[str]] = field(default_factory=lambda: dict(_CORE))

    def grant(self, permission: str, roles: frozenset[Role]) -> None:
        """Let ``roles`` have ``permission``; called while plugins are loaded."""
        for role in roles:
            self.grants[role] = self.grants[role] | {permission}

    def of(self, roles: frozenset[Role]) -> frozenset[str]:
        """Return all permissions of somebody with ``roles``."""
        return frozenset().union(*(self.grants[role] for role in roles))

    @property
    def permissions(self) -> frozenset[str]:
        """Return every permission that exists."""
        return self.of(frozenset(Role))


def can(actor: Actor, permission: str) -> bool:
    """Tell whether ``actor`` has ``permission``."""
    return actor.is_machine or permission in actor.permissions


def require(actor: Actor, permission: str) -> None:
    """Refuse if ``actor`` lacks ``permission``.

    :raises NotAllowed: with a sentence that names the roles that would do.
    """
    if not can(actor, permission):
        roles = [str(ROLE_LABELS[role]) for role, granted in _CORE.items() if permission in granted]
        raise NotAllowed(_("您没有这项操作的权限，需要的角色：{roles}。").format(roles="、".join(roles) or "—"))


def role_problems(roles: frozenset[Role]) -> list[str]:
    """Return why these roles may not be held together (三员分立)."""
    admins = roles & EXCLUSIVE
    if len(admins) > 1:
        names = "、".join(sorted(ROLE_LABELS[role] for role in admins))
        return [_("三员分立：同一账号不能同时担任{names}。").format(names=names)]
    if admins and roles & BUSINESS:
        (admin,) = admins
        return [_("三员分立：{name}账号不能兼任编辑、审核、发布等业务角色。").format(name=ROLE_LABELS[admin])]
    return []
