"""Counting attempts in the database, so that all workers count together."""

import hashlib
import hmac
import ipaddress
from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cms.db.uow import UnitOfWork
from cms.intake.models import Attempts, SpentToken
from cms.kernel.clock import local_date
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _

#: Attempts are counted by the hour.
WINDOW = timedelta(hours=1)
#: Counts of everybody together.
EVERYBODY = "*"
#: Counts and spent tokens are forgotten after this long.
KEPT = timedelta(days=1)


class TooOften(Invalid):
    """Somebody tried too often (429); what they typed stays, and the message says what else they can do."""


def address_hash(secret: str, address: str, now: datetime) -> str:
    """Return a network address as it is counted: a keyed hash, another one every day in Asia/Shanghai.

    Addresses of version 6 are counted by their first 64 bits, which belong to one connection.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        network = address
    else:
        mapped = getattr(parsed, "ipv4_mapped", None) or parsed
        network = str(ipaddress.ip_network((mapped, 64 if mapped.version == 6 else 32), strict=False))  # noqa: PLR2004 — IP versions
    return _hash(secret, f"address\0{local_date(now)}\0{network}")


def number_hash(secret: str, number: str) -> str:
    """Return the number of a record as it is counted."""
    return _hash(secret, f"number\0{number}")


def hit(uow: UnitOfWork, bucket: str, who: str) -> int:
    """Count one attempt and return how many there are in this hour, this one included."""
    start = _window(uow.clock.now())
    key = {"bucket": bucket, "who": who, "window_start": start}
    more = update(Attempts).filter_by(**key).values(count=Attempts.count + 1)
    if not uow.session.execute(more).rowcount:  # type: ignore[attr-defined]  # an UPDATE returns a CursorResult
        try:
            with uow.session.begin_nested():
                uow.session.add(Attempts(**key, count=1))
        except IntegrityError:
            # On servers with concurrent writers another worker has just made the row.
            uow.session.execute(more)
    return attempts(uow.session, bucket, who, uow.clock.now())


def attempts(session: Session, bucket: str, who: str, now: datetime) -> int:
    """Return how many attempts there were in this hour."""
    found = select(Attempts.count).filter_by(bucket=bucket, who=who, window_start=_window(now))
    return session.scalar(found) or 0


def minutes_left(now: datetime) -> int:
    """Return after how many minutes counting begins anew."""
    return ceil((_window(now) + WINDOW - now).total_seconds() / 60)


def too_often(now: datetime, contact: str) -> TooOften:
    """Return the error for somebody who has to wait; ``contact`` is another way to reach the office."""
    sentence = _("操作过于频繁，请在 {n} 分钟后再试。您填写的内容都还在。").format(n=minutes_left(now))
    return TooOften({"": [f"{sentence}{contact}"]})


def spend(uow: UnitOfWork, token: str, seal: Callable[[], str] = str) -> bool:
    """Use a token up; tell whether it was unused until now.

    :param seal: makes the sealed receipt to keep with it.
    """
    digest = hashlib.sha256(token.encode()).hexdigest()
    if uow.session.get(SpentToken, digest) is not None:
        return False
    uow.session.add(SpentToken(digest=digest, spent_at=uow.clock.now(), receipt=seal()))
    # A second use in the same moment fails here and not at the commit.
    uow.session.flush()
    return True


def spent(session: Session, token: str) -> SpentToken | None:
    """Return what is kept of a token that was used up, or nothing."""
    return session.get(SpentToken, hashlib.sha256(token.encode()).hexdigest())


def clean(uow: UnitOfWork) -> None:
    """Forget old counts and tokens."""
    limit = uow.clock.now() - KEPT
    uow.session.execute(delete(Attempts).where(Attempts.window_start < limit))
    uow.session.execute(delete(SpentToken).where(SpentToken.spent_at < limit))


def _window(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def _hash(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), f"throttle\0{text}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[
        :40
    ]
