"""Looking up a record by number and query code: limited by address and by number, one answer for every mistake."""

import unicodedata
from collections.abc import Callable
from typing import TypeVar

from flask import after_this_request, request
from sqlalchemy.orm import Session

from cms.intake import throttle
from cms.intake.settings import IntakeSettings
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.personal.codes import code_matches
from cms.personal.columns import Place
from cms.settings.services import load
from cms.web.citizens import contact, never_stored
from cms.web.state import get_cms, read_session

T = TypeVar("T")


def look_up(
    name: str,
    *,
    number: str,
    code: str,
    find: Callable[[Session, str], tuple[T, str] | None],
    at: Place,
) -> T:
    """Return the record with this number if the code is right.

    :param name: what is looked up, ``applications``; each has counts of its own.
    :param find: finds the record by its number (without spaces, in capitals) and returns it with its sealed code.
    :param at: the column of sealed codes.
    :raises TooOften: after too many look-ups from one address, or too many mistakes with one number.
    :raises Invalid: if number or code is wrong; the answer does not tell which.
    """
    cms, session = get_cms(), read_session()
    secret, now, limits = cms.settings.secret_key, cms.clock.now(), load(session, IntakeSettings)
    plain = "".join(unicodedata.normalize("NFKC", number).upper().split())
    address = throttle.address_hash(secret, request.remote_addr or "", now)
    by_number, failed = throttle.number_hash(secret, plain), f"{name}.failed"
    after_this_request(never_stored)
    with cms.unit_of_work() as uow:
        looked = throttle.hit(uow, f"{name}.lookup", address)
        failures = throttle.attempts(uow.session, failed, by_number, now)
    if looked > limits.lookups_per_hour or failures >= limits.failures_per_number:
        raise throttle.too_often(now, contact(session, limits))
    found = find(session, plain)
    if code_matches(cms.keyring, found[1] if found else "", code, at) and found is not None:
        return found[0]
    with cms.unit_of_work() as uow:
        throttle.hit(uow, failed, by_number)
    raise Invalid({"": [_("编号或查询码不正确，请核对后重试；查询码可以在核验身份后补发。")]})
