"""Changing the section tree."""

import re
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import select

from cms.accounts.models import Department
from cms.accounts.policy import Actor, require
from cms.audit.services import record
from cms.db.uow import UnitOfWork
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.kernel.text import clean, one_line
from cms.sections.models import Section, SectionRedirect
from cms.sections.queries import SectionTree, tree

#: First path segments that routes of the core use; plugins add theirs when they are loaded.
RESERVED = frozenset(
    {"search", "desk", "api", "feed.xml", "sitemap.xml", "robots.txt", "healthz", "readyz", "metrics", "static",
     "theme", "plugin", "media", "question", "reports", "board", "letters", "applications", "archive", "index.html",
     "favicon.ico"}
)  # fmt: skip
#: Whole paths below the section ``zwgk`` that pages of the disclosure entrance use.
RESERVED_BELOW = frozenset({"zwgk/guide", "zwgk/content", "zwgk/catalogue", "zwgk/standard"})
_SEGMENT = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
MAX_REVIEW_STEPS = 3
MAX_UPDATE_DAYS = 3650


@dataclass(frozen=True, kw_only=True)
class SectionInput:
    """What can be said of a section."""

    segment: str
    title: str
    parent_id: int | None = None
    description: str = ""
    keywords: str = ""
    column_type: str = ""
    default_type: str = ""
    in_navigation: bool = True
    review_steps: int = 1
    update_days: int | None = None
    department_id: int | None = None
    defaults: dict[str, Any] = field(default_factory=dict)


def save_section(
    uow: UnitOfWork,
    section: Section | None,
    given: SectionInput,
    *,
    actor: Actor,
    reserved: frozenset[str] = RESERVED,
) -> Section:
    """Create or change a section; the paths of those below follow.

    :param reserved: first path segments that routes use.
    :raises Invalid: by field.
    """
    require(actor, "section.manage")
    sections = tree(uow.session)
    parent = sections.by_id.get(given.parent_id) if given.parent_id else None
    path = f"{parent.path}/{given.segment}" if parent else given.segment
    if errors := _problems(uow, section, given, sections, path=path, reserved=reserved):
        raise Invalid(errors)
    if section is None:
        section = Section(position=len(sections.children.get(given.parent_id, [])))
        uow.session.add(section)
    values = asdict(given)
    del values["segment"]
    for name, value in values.items():
        setattr(section, name, clean(value) if isinstance(value, str) else value)
    _move(uow, section, path, sections.by_path)
    # The audit entry names the id.
    uow.session.flush()
    record(uow, "section.save", actor_id=actor.id, subject_type="section", subject_id=section.id, path=path)
    return section


def _problems(
    uow: UnitOfWork,
    section: Section | None,
    given: SectionInput,
    sections: SectionTree,
    *,
    path: str,
    reserved: frozenset[str],
) -> dict[str, list[str]]:
    """Return what is wrong with a section, by field."""
    errors: dict[str, list[str]] = {}
    if not one_line(given.title):
        errors["title"] = [_("请填写栏目名称。")]
    if not _SEGMENT.fullmatch(given.segment):
        errors["segment"] = [_("地址用小写字母、数字或 -，以字母或数字开头，最多 40 个字符。")]
    elif path in RESERVED_BELOW or ("/" not in path and given.segment in reserved):
        errors["segment"] = [_("地址“{path}”是系统保留的，请换一个。").format(path=given.segment)]
    elif path in sections.by_path and sections.by_path[path] is not section:
        errors["segment"] = [_("同级栏目中已有地址“{path}”。").format(path=path)]
    if problem := _parent_problem(section, given.parent_id, sections):
        errors["parent_id"] = [problem]
    if given.department_id and uow.session.get(Department, given.department_id) is None:
        errors["department_id"] = [_("所选的科室已不存在，请重新选择。")]
    if given.update_days is not None and not 1 <= given.update_days <= MAX_UPDATE_DAYS:
        errors["update_days"] = [_("更新期限为 1 到 {n} 天，留空表示不要求。").format(n=MAX_UPDATE_DAYS)]
    if not 0 <= given.review_steps <= MAX_REVIEW_STEPS:
        errors["review_steps"] = [_("审核级数为 0 到 3。")]
    return errors


def _parent_problem(section: Section | None, parent_id: int | None, sections: SectionTree) -> str:
    if parent_id is None:
        return ""
    parent = sections.by_id.get(parent_id)
    if parent is None:
        return _("所选的上级栏目已不存在，请重新选择。")
    return _("栏目不能移到自己的下级。") if section and section in sections.ancestors(parent) else ""


def _move(uow: UnitOfWork, section: Section, path: str, by_path: dict[str, Section]) -> None:
    """Give ``section`` its path, and those below it theirs; the old ones are kept as redirects."""
    old = section.path
    section.path = path
    if old and old != path:
        uow.session.merge(SectionRedirect(path=old, section_id=section.id))
        for below in by_path.values():
            if below.path.startswith(f"{old}/"):
                uow.session.merge(SectionRedirect(path=below.path, section_id=below.id))
                below.path = path + below.path.removeprefix(old)


def delete_section(uow: UnitOfWork, section: Section, *, actor: Actor, in_use: bool) -> None:
    """Remove an empty section.

    :param in_use: whether content lies in it; asked by the caller, because sections do not know content.
    :raises Invalid: if it has sections below or content.
    """
    require(actor, "section.manage")
    below = uow.session.scalar(select(Section.id).where(Section.parent_id == section.id).limit(1))
    if in_use or below:
        raise Invalid({"": [_("栏目“{title}”下还有内容或下级栏目，不能删除。").format(title=section.title)]})
    record(uow, "section.delete", actor_id=actor.id, subject_type="section", subject_id=section.id, path=section.path)
    uow.session.delete(section)


def reorder(uow: UnitOfWork, section: Section, step: int, *, actor: Actor) -> None:
    """Move ``section`` up (-1) or down (+1) among its siblings."""
    require(actor, "section.manage")
    siblings = tree(uow.session).children[section.parent_id]
    here = siblings.index(section)
    there = min(max(here + step, 0), len(siblings) - 1)
    siblings.insert(there, siblings.pop(here))
    for position, sibling in enumerate(siblings):
        sibling.position = position
    record(uow, "section.reorder", actor_id=actor.id, subject_type="section", subject_id=section.id)
