"""The directory of guides: who they are for, then what they are about."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from cms.api import Content, Extras, ListView, Section, gettext, item_path, path_of

from .models import BODIES, PERSONS, Guide

#: A longer list is shown page by page, like any other.
LIMIT = 300


@dataclass(frozen=True)
class GuideLine:
    """A guide in the directory."""

    title: str
    path: str
    summary: str
    case_type: str


@dataclass(frozen=True)
class Matter:
    """Guides about one matter."""

    label: str
    guides: Sequence[GuideLine]


@dataclass(frozen=True)
class Audience:
    """Guides for natural persons, or for bodies; ``key`` is the anchor of their part of the page."""

    key: str
    label: str
    matters: Sequence[Matter]


def guide_list_extras(view: ListView) -> Extras:
    """Return ``audiences`` with all guides of the section; empty if there are too many for one page."""
    if view.total > LIMIT:
        return {"audiences": ()}
    rows = view.session.execute(
        select(
            Content.id, Content.title, Content.summary, Section.path, Guide.audience, Guide.matter, Guide.case_type
        )
        .join(Section, Section.id == Content.section_id)
        .join(Guide, Guide.content_id == Content.id)
        .where(view.listed)
        .order_by(Content.title)
    )  # fmt: skip
    other = gettext("其他事项")
    parts: dict[str, dict[str, list[GuideLine]]] = {PERSONS: {}, BODIES: {}}
    for row in rows:
        line = GuideLine(row.title, path_of(item_path(row.path, row.id)), row.summary, row.case_type)
        for audience, matters in parts.items():
            # Whoever it is for was left open: it may concern both.
            if audience in (row.audience or f"{PERSONS}{BODIES}"):
                matters.setdefault(row.matter or other, []).append(line)
    labels = {PERSONS: ("persons", gettext("个人办事")), BODIES: ("bodies", gettext("法人办事"))}
    return {
        "audiences": [
            Audience(*labels[audience], [Matter(label, lines) for label, lines in _largest_first(matters)])
            for audience, matters in parts.items()
            if matters
        ]
    }


def _largest_first(matters: dict[str, list[GuideLine]]) -> list[tuple[str, list[GuideLine]]]:
    return sorted(matters.items(), key=lambda pair: (-len(pair[1]), pair[0]))
