"""三员分立 in small offices: one person may have several accounts, but everybody shall see it (site-rules d.3)."""

from collections import defaultdict
from collections.abc import Iterable

from cms.accounts.models import User
from cms.accounts.policy import EXCLUSIVE, ROLE_LABELS, Role
from cms.accounts.queries import roles_of
from cms.kernel.i18n import gettext as _

#: What cannot be done while nobody holds the office.
_DUTY = {
    Role.SECURITY_ADMIN: "没有人能分配角色、解锁账号或重置密码",
    Role.AUDIT_ADMIN: "没有人能查看审计日志",
    Role.SYSTEM_ADMIN: "没有人能管理设置、插件和账号",
}


def separation_warnings(users: Iterable[User]) -> list[str]:
    """Return what a reader of the account list should know: offices that nobody holds, persons who hold several."""
    holders: dict[Role, list[User]] = defaultdict(list)
    offices: dict[str, set[Role]] = defaultdict(set)
    for user in users:
        if not user.is_active:
            continue
        for role in roles_of(user) & EXCLUSIVE:
            holders[role].append(user)
            if user.full_name:
                offices[user.full_name].add(role)
    found = [
        _("尚未设置{role}：{duty}。请在服务器上执行 cms user add 用户名 --role {key}。").format(
            role=ROLE_LABELS[role], duty=_(_DUTY[role]), key=role.value
        )
        for role in sorted(EXCLUSIVE - set(holders), reverse=True)
    ]
    for name, roles in sorted(offices.items()):
        if len(roles) > 1:
            found.append(
                _(
                    "{name}以不同账号同时担任{roles}。人员不足的单位可以这样安排，但应报单位负责人同意并留存记录。"
                ).format(name=name, roles="、".join(ROLE_LABELS[role] for role in sorted(roles)))
            )
    return found
