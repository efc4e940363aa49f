"""What a content type may compute for its pages beyond its fields: relations, validity, groups of a list.

A type names two plain functions, :attr:`~cms.content.types.ContentType.extras` for the page of one item and
:attr:`~cms.content.types.ContentType.list_extras` for the page of a section. Their results reach the template as
``extras``. A page has eight queries at most and the core uses seven, so each function has one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from cms.content.fields import Meta
from cms.content.models import Content


@dataclass(frozen=True, kw_only=True)
class ItemView:
    """An item whose page is being put together, for citizens or as a preview.

    :param content: not stored yet if a new draft is previewed; its ``id`` is then ``None``.
    :param meta: the item's row of the type's metadata. :param visible: what citizens see at ``now``.
    """

    session: Session
    content: Content
    meta: Meta | None
    now: datetime
    visible: ColumnElement[bool]


@dataclass(frozen=True, kw_only=True)
class ListView:
    """A section whose page is being put together.

    :param ids: the items on this page of the list, in order. :param total: how many the whole list has.
    :param listed: the condition that the whole list meets. :param visible: what citizens see at ``now``.
    """

    session: Session
    ids: Sequence[int]
    total: int
    listed: ColumnElement[bool]
    now: datetime
    visible: ColumnElement[bool]


#: What a content type computes for a template, by name.
Extras = Mapping[str, object]
ItemExtras = Callable[[ItemView], Extras]
ListExtras = Callable[[ListView], Extras]
