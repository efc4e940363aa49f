"""Reading the section tree; it is small, so it is read whole, in one query."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.sections.models import Section, SectionRedirect


@dataclass
class SectionTree:
    """All sections of the site, in memory."""

    by_id: dict[int, Section] = field(default_factory=dict)
    by_path: dict[str, Section] = field(default_factory=dict)
    children: dict[int | None, list[Section]] = field(default_factory=dict)

    def ancestors(self, section: Section) -> list[Section]:
        """Return the sections from the top down to and including ``section``."""
        line = [section]
        while line[0].parent_id is not None:
            line.insert(0, self.by_id[line[0].parent_id])
        return line

    def descendants(self, section: Section) -> Iterator[Section]:
        """Yield ``section`` and everything below it."""
        yield section
        for child in self.children.get(section.id, []):
            yield from self.descendants(child)

    def walk(self, parent_id: int | None = None) -> Iterator[Section]:
        """Yield all sections below ``parent_id``, depth first, in menu order."""
        for child in self.children.get(parent_id, []):
            yield child
            yield from self.walk(child.id)

    def home_of(self, type_key: str) -> Section | None:
        """Return the section in which items of a type lie if nobody says otherwise: the deepest of the first branch."""
        found: Section | None = None
        for section in self.walk():
            if section.default_type == type_key and (found is None or section.path.startswith(f"{found.path}/")):
                found = section
        return found

    def navigation(self) -> list[Section]:
        """Return the top sections that the menu shows."""
        return [section for section in self.children.get(None, []) if section.in_navigation]

    def depth(self, section: Section) -> int:
        """Return how many sections stand above ``section``."""
        return section.path.count("/")


def tree(session: Session) -> SectionTree:
    """Return all sections, in one query."""
    found = SectionTree()
    for section in session.scalars(select(Section).order_by(Section.position, Section.id)):
        found.by_id[section.id] = section
        found.by_path[section.path] = section
        found.children.setdefault(section.parent_id, []).append(section)
    return found


def former_section(session: Session, path: str) -> int | None:
    """Return the id of the section that once had ``path``."""
    return session.scalar(select(SectionRedirect.section_id).where(SectionRedirect.path == path))
