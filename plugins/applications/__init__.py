"""依申请公开: applications for information, answered inside the legal clocks (条例 arts 27 to 45)."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from flask import Blueprint

from cms.api import Plugin, Role

from . import models, site, terms
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
        TAB.permission: frozenset({Role.OFFICER, Role.SYSTEM_ADMIN}),
    }
    reserved_paths = frozenset({"applications"})

    def blueprints(self) -> Iterable[Blueprint]:
        """Return the public pages and those of the desk."""
        return (site.make_blueprint(),)


plugin = Applications()
