"""Table of sections."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from cms.db.base import Base


class Section(Base):
    """A section of the site. ``path`` is the whole path without slashes at its ends, for instance ``xwzx/gzdt``."""

    __tablename__ = "section"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("section.id", ondelete="RESTRICT"), index=True)
    path: Mapped[str] = mapped_column(String(200), unique=True)
    title: Mapped[str] = mapped_column(String(60))
    description: Mapped[str] = mapped_column(default="")
    keywords: Mapped[str] = mapped_column(String(200), default="")
    #: 栏目类别, the ``ColumnType`` page label (site-rules a.4).
    column_type: Mapped[str] = mapped_column(String(40), default="")
    #: Content type that the desk offers first in this section.
    default_type: Mapped[str] = mapped_column(String(40), default="")
    position: Mapped[int] = mapped_column(default=0)
    in_navigation: Mapped[bool] = mapped_column(default=True)
    #: How many signatures an item needs: 0 (publisher alone) to 3 (初审 复审 终审).
    review_steps: Mapped[int] = mapped_column(default=1)
    #: The section should not be older than this many natural days; nothing means no target (site-rules b.2).
    update_days: Mapped[int | None]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id", ondelete="SET NULL"))
    #: What a new item starts with, by field name: openness, catalog_node, source …
    defaults: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class SectionRedirect(Base):
    """A path that a section had before it moved; answered with 301 as long as no other section has it."""

    __tablename__ = "section_redirect"

    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id", ondelete="CASCADE"), index=True)
