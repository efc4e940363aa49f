"""The empty table of a sheet: headings, drop-downs, and what to write where."""

import io

from sqlalchemy.orm import Session

from cms.kernel.i18n import gettext as _
from cms.sheets.files import MAX_ROWS
from cms.sheets.spec import CellKind, SheetSpec


def template_xlsx(session: Session, spec: SheetSpec) -> bytes:
    """Return an .xlsx to fill in; its first sheet is what an import reads, the others explain it.

    Cells of days and texts are formatted so that programs do not rewrite what is typed.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 — slow
    from xlsxwriter.utility import xl_range_abs  # noqa: PLC0415 — slow

    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, guide, offered = (book.add_worksheet(name) for name in (_("录入"), _("填写说明"), _("选项")))
    head = book.add_format({"bold": True, "bg_color": "#F2F2F2", "border": 1})
    day, text = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "@"})
    formats = {CellKind.DAY: day, CellKind.TEXT: text, CellKind.CHOICE: text}
    guide.set_column(0, 3, 30)
    guide.write_row(0, 0, [_("列"), _("是否必填"), _("内容"), _("说明")], head)
    for number, column in enumerate(spec.columns):
        sheet.write_string(0, number, column.label, head)
        sheet.set_column(number, number, 18, formats.get(column.kind))
        needed = _("必填") if column.is_required else _("可不填")
        guide.write_row(number + 1, 0, [column.label, needed, column.kind.value, column.help])
        if column.choices:
            labels = [label for _value, label in column.choices(session)]
            offered.write_column(0, number, [column.label, *labels])
            if labels:
                cells = xl_range_abs(1, number, len(labels), number)
                sheet.data_validation(
                    1, number, MAX_ROWS, number, {"validate": "list", "source": f"='{offered.get_name()}'!{cells}"}
                )
    sheet.freeze_panes(1, 0)
    book.close()
    return file.getvalue()
