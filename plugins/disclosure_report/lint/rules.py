"""The rules that need nothing but the text. The modules ``rules_*`` register theirs here."""

from decimal import Decimal

from .registry import Context, Registry

RULES: Registry[Context] = Registry()


def shown(amount: Decimal | None) -> str:
    """Return a number for people, without needless zeros."""
    return "—" if amount is None else f"{amount.normalize():f}"
