"""The editions of the regulation as the present site has them."""

from datetime import date

from flask import current_app, has_app_context

from cms.editions.edition import Edition, Editions
from cms.editions.loading import bundled_editions


def editions() -> tuple[Edition, ...]:
    """Return the editions of 《政府信息公开条例》, oldest first, with what the site of the present app corrects.

    Outside any app they are as the product brings them.
    """
    return tuple(_present())


def edition_on(day: date) -> Edition:
    """Return the edition in force on ``day``; for an application that is the day of receipt.

    :raises NotFound: before 1 May 2008, when there was none.
    """
    return _present().on(day)


def _present() -> Editions:
    if not has_app_context():
        return bundled_editions()
    found: Editions = current_app.extensions["cms"].editions
    return found
