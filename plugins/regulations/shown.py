"""What pages show beyond the fields: the state of a text, its links, and links to the texts that an item explains."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Protocol

from sqlalchemy import select

from cms.api import Extras, ItemView, ListView, Page, frame, local_date, read_session, render

from .links import TYPE, Group, named_items, neighbourhood
from .models import Regulation, effects_on
from .validity import Validity, validity_on


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The state of a text on a day, with what its banner says. ``since`` is the first day of that state, if known."""

    validity: Validity
    since: date | None = None
    basis: str = ""

    @property
    def is_in_force(self) -> bool:
        """Tell whether the text applies."""
        return self.validity in {Validity.VALID, Validity.AMENDED}


class ShownItem(Protocol):
    """What the outlet gets of a page."""

    @property
    def id(self) -> int:
        """Return the number of the item, 0 for a draft that was never saved."""

    @property
    def type(self) -> str:
        """Return the key of its type."""


@dataclass(frozen=True, kw_only=True)
class ExplainedTexts(Page):
    """The links from an interpretation, or any other item that a text names, back to the text."""

    template: ClassVar[str] = "regulations/explained.html"
    groups: Sequence[Group]


def regulation_extras(view: ItemView) -> Extras:
    """Return ``standing`` and ``groups`` of links for the page of a text."""
    regulation = view.meta
    if not isinstance(regulation, Regulation):
        return {"standing": Standing(validity=Validity.VALID), "groups": ()}
    around = neighbourhood(view.session, view.content.id, regulation.relations, view.visible)
    state = validity_on(regulation, local_date(view.now), around.effects)
    effect_days = [effect.day for effect in around.effects if effect.kind == "废止" and effect.day]
    since = {
        Validity.REPEALED: regulation.repealed_on or min(effect_days, default=None),
        Validity.EXPIRED: regulation.valid_until,
        Validity.PENDING: regulation.effective_on,
    }.get(state)
    return {
        "standing": Standing(validity=state, since=since, basis=regulation.validity_basis),
        "groups": around.groups,
    }


def regulation_list_extras(view: ListView) -> Extras:
    """Return the state of each text of the list, by id."""
    texts = view.session.execute(
        select(
            Regulation.content_id, Regulation.effective_on, Regulation.repealed_on, Regulation.valid_until
        ).where(Regulation.content_id.in_(view.ids))
    ).all()  # fmt: skip
    effects = effects_on(view.session, list(view.ids), view.visible)
    day = local_date(view.now)
    return {"validity": {row.content_id: validity_on(row, day, effects.get(row.content_id, ())) for row in texts}}


def explained_texts(*, item: ShownItem, **_others: object) -> str:
    """Fill the outlet below items of other types with links to the texts that name them."""
    if item.type == TYPE or not item.id:
        return ""
    here, session = frame(), read_session()
    if item.id not in here.keep("regulations.named", lambda: named_items(session)):
        return ""
    around = neighbourhood(session, item.id, (), here.condition, type=item.type)
    return render(ExplainedTexts(title="", groups=around.groups)) if around.groups else ""
