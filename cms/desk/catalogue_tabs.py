"""The parts of 时限与标准目录 in the desk, each with its own address."""

from typing import TypedDict

from flask import url_for

from cms.kernel.i18n import gettext as _


class Tab(TypedDict):
    """A part of the page; ``count`` says how much waits there."""

    label: str
    url: str
    active: bool
    count: int | None


def catalogue_tabs(here: str, counts: dict[str, int] | None = None) -> list[Tab]:
    """Return the parts; ``here`` is the endpoint of the present one, ``counts`` what waits, by endpoint."""
    parts = (
        ("desk.catalogue", _("公开时限")), ("desk.catalogue_reviews", _("定期评估")),
        ("desk.standard", _("标准目录")), ("desk.index_numbers", _("索引号")),
    )  # fmt: skip
    waits = counts or {}
    return [
        Tab(label=label, url=url_for(endpoint), active=endpoint == here, count=waits.get(endpoint) or None)
        for endpoint, label in parts
    ]
