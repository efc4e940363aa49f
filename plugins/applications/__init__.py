"""依申请公开: applications for information, answered inside the legal clocks (条例 arts 27 to 45)."""

from collections.abc import Mapping
from typing import ClassVar

from cms.api import Plugin, Role

from . import models, terms
from .figures import CROSSTABS, FIGURES, METRICS
from .settings import TAB

__all__ = ["models", "plugin"]

_SIGNERS = frozenset({Role.REVIEWER, Role.PUBLISHER})


class Applications(Plugin):
    """The register of applications."""

    metrics = METRICS
    figures = FIGURES
    crosstabs = CROSSTABS
    settings = (TAB,)
    permissions: ClassVar[Mapping[str, frozenset[Role]]] = {
        terms.VIEW: _SIGNERS | {Role.OFFICER},
        terms.HANDLE: frozenset({Role.OFFICER}),
        terms.SIGN: _SIGNERS,
        terms.PERSONAL: frozenset({Role.OFFICER}),
        TAB.permission: frozenset({Role.OFFICER, Role.SYSTEM_ADMIN}),
    }
    reserved_paths = frozenset({"applications"})


plugin = Applications()
