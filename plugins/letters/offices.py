"""What the office itself publishes: its telephone numbers are no personal data."""

import re

from sqlalchemy.orm import Session

from cms.api import SiteSettings, departments, load_settings

_SEPARATOR = re.compile(r"[、，,;；/\s]+")


def office_phones(session: Session) -> tuple[str, ...]:
    """Return the telephone numbers of the organ and of its departments, which answers may name."""
    texts = [load_settings(session, SiteSettings).phone, *(one.phone for one in departments(session))]
    numbers = (number for text in texts for number in _SEPARATOR.split(text))
    # The public hotlines belong to everybody.
    return ("12345", *(number for number in numbers if number))
