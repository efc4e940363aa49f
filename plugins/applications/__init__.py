"""依申请公开: applications for information, answered inside the legal clocks."""

from cms.api import Plugin


class Applications(Plugin):
    """The register of applications."""


plugin = Applications()
