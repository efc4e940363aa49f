"""The editions of the regulation as the present site has them."""

from datetime import date

from flask import current_app, has_app_context

from cms.editions.edition import Edition, Editions
from cms.editions.loading import bundled_editions


def editions() -> tuple[Edition, ...]:
    """Return the editions of 《政府信息公开条例》, oldest first, with what the site of the present app corrects.

    Outside any app, and while an app is still being put together, they are as the product brings them: what plugins
    declare when they are imported is the same for every site of the process.
    """
    return tuple(_present())


def edition_on(day: date) -> Edition:
    """Return the edition in force on ``day``; for an application that is the day of receipt.

    :raises NotFound: before 1 May 2008, when there was none.
    """
    return _present().on(day)


def _present() -> Editions:
    cms = current_app.extensions.get("cms") if has_app_context() else None
    found: Editions = cms.editions if cms is not None else bundled_editions()
    return found
