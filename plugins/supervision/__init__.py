"""监督保障: trainings, meetings, staff, funds and places of disclosure; 考核, 社会评议, 责任追究 (条例 art. 46–48)."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from flask import Blueprint

from cms.api import Importer, MenuItem, Plugin, Role

from . import desk
from .entries import PERMISSION
from .exchange import RECORD, export_entries, import_entry
from .figures import FIGURES
from .sheets import SHEETS


class Supervision(Plugin):
    """The registers behind parts 八 and 九 of the statistics table."""

    figures = FIGURES
    sheets = SHEETS
    permissions: ClassVar[Mapping[str, frozenset[Role]]] = {PERMISSION: frozenset({Role.OFFICER})}
    menu = (
        MenuItem(
            label="监督保障", endpoint="supervision_desk.index", permission=PERMISSION, icon="list", group="登记与统计"
        ),
    )  # fmt: skip
    importers: ClassVar[Mapping[str, Importer]] = {RECORD: import_entry}
    exporters = (export_entries,)

    def blueprints(self) -> Iterable[Blueprint]:
        """Return the pages of the desk."""
        return (desk.make_blueprint(),)


plugin = Supervision()
