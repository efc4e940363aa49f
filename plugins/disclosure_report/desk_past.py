"""Entering the published report of a past year in the desk: as JSON, or its tables and texts by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cms.api import Invalid, NotAllowed, Page, add_asset, current_actor, get_cms, read_session, render_in_desk
from cms.api import gettext as _

from . import past
from .contract_file import flat, numbers_of, read_contract
from .desk_grid import TableForm, entry_grid, fill, spec_of, typed_values
from .desk_pages import NAME, Crumb, crumbs
from .format_file import Format, formats
from .models import PastReport
from .outputs import table_values
from .report import plain


@dataclass(frozen=True)
class ListField:
    """A row of a list as a field; a heading has no code."""

    code: str
    label: str
    unit: str
    typed: str
    problems: Sequence[str]


@dataclass(frozen=True)
class TextField:
    """A chapter as a field."""

    code: str
    title: str
    typed: str


@dataclass(frozen=True, kw_only=True)
class PastPage(Page):
    """``/desk/report/past/<year>``. Nothing is entered where ``is_frozen``: the report of the year was made here."""

    template: ClassVar[str] = "desk/disclosure_report/past.html"
    crumbs: Sequence[Crumb]
    lead: str
    year: int
    stored: PastReport | None
    is_frozen: bool
    tables: Sequence[TableForm]
    lists: Sequence[ListField]
    texts: Sequence[TextField]
    pasted: Mapping[str, str]
    source: str
    problems: Mapping[str, Sequence[str]]


@dataclass
class _Typed:
    values: dict[str, str]
    texts: dict[str, str]
    errors: dict[str, list[str]]
    pasted_into: str = ""


def edit(year: int) -> ResponseReturnValue:
    """Show what is known of the report of a past year, and take it in.

    ``action=upload`` takes a JSON file, ``action=paste-CODE`` fills a table from a pasted block, ``action=save`` stores
    the fields.
    """
    form = formats().for_year(year)
    session = read_session()
    stored = past.newest(session, year)
    typed = _stored(stored)
    if request.method == "POST":
        action = request.form.get("action", "save")
        typed = _from_form(form, year)
        try:
            if action.startswith("paste-"):
                _paste(form, year, action.removeprefix("paste-"), typed)
            else:
                _take(form, year, typed, is_upload=action == "upload")
        except Invalid as error:
            typed.errors = error.errors
        except NotAllowed as error:
            typed.errors = {"file": list(error.problems)}
        else:
            if not action.startswith("paste-"):
                flash(_("已保存 {year} 年度的已公布报告。").format(year=year), "success")
                return redirect(url_for(f"{NAME}.past", year=year))
    page = PastPage(
        title=_("{year}年度已公布的报告").format(year=year), crumbs=crumbs(), year=year, stored=stored,
        lead=_("在本系统之外公布的报告录入后，下一年度的上年结转、同比和问题整改就有了依据。"),
        is_frozen=past.is_frozen(session, year), tables=_tables(form, year, typed), lists=_lists(form, year, typed),
        texts=[TextField(one.code, one.title, typed.texts.get(one.code, "")) for one in form.chapters if not one.table],
        pasted={typed.pasted_into: request.form.get(f"pasted-{typed.pasted_into}", "")} if typed.errors else {},
        source=request.form.get("source", stored.source if stored else ""), problems=typed.errors,
    )  # fmt: skip
    return render_in_desk(page), 422 if typed.errors else 200


def _stored(row: PastReport | None) -> _Typed:
    if row is None:
        return _Typed({}, {}, {})
    values = {code: plain(value) for code, value in numbers_of(flat(row.tables)).items()}
    return _Typed(values, {one["code"]: one["text"] for one in row.chapters}, {})


def _from_form(form: Format, year: int) -> _Typed:
    codes = [cell.code for table in form.tables_of(year) for cell in table.as_entered().cells() if not cell.parts]
    texts = {one.code: request.form.get(f"text-{one.code}", "") for one in form.chapters if not one.table}
    return _Typed(typed_values(codes), texts, {})


def _paste(form: Format, year: int, code: str, typed: _Typed) -> None:
    spec = spec_of(form.tables_of(year), code)
    values, errors = fill(spec, typed.values, name=f"pasted-{code}")
    typed.values, typed.pasted_into = values, code
    if errors:
        raise Invalid({f"{name}-{code}": lines for name, lines in errors.items()})


def _take(form: Format, year: int, typed: _Typed, *, is_upload: bool) -> None:
    cms, actor = get_cms(), current_actor()
    upload = request.files.get("file" if is_upload else "evidence")
    content = upload.read() if upload is not None and upload.filename else b""
    source = request.form.get("source", "")
    if is_upload:
        found = read_contract(content, formats())
        if found.year != year:
            raise Invalid({"file": [_("文件是 {n} 年度的报告，这里录入 {m} 年度。").format(n=found.year, m=year)]})
        given = past.PastInput(source=source, tables=found.tables, figures=found.figures, chapters=found.chapters)
    else:
        chapters = [
            {"code": one.code, "title": one.title, "text": typed.texts[one.code]} for one in form.chapters
            if typed.texts.get(one.code, "").strip()
        ]  # fmt: skip
        tables = {
            table.code: table_values(table) for table in past.tables_from(read_session(), form, year, typed.values)
        }
        given = past.PastInput(source=source, tables=tables, figures={}, chapters=chapters)
    with cms.unit_of_work() as uow:
        if content and not is_upload:
            asset = add_asset(
                uow, cms.store, actor=actor, filename=(upload.filename if upload else "") or "", content=content,
                max_mb=cms.settings.max_upload_mb,
            )  # fmt: skip
            given = past.with_evidence(given, asset.id)
        past.record_past(uow, form, year, given, actor=actor)


def _tables(form: Format, year: int, typed: _Typed) -> list[TableForm]:
    found = []
    for table in past.tables_from(read_session(), form, year, {}):
        if table.blocks:
            codes = [number.code for number in table.cells.values() if not number.parts]
            problems = {code: lines for code, lines in typed.errors.items() if code in codes}
            pasted = typed.errors.get(f"pasted-{table.code}")
            found.append(
                TableForm(
                    code=table.code, title=table.title, grid=entry_grid(table),
                    typed={code: typed.values.get(code, "") for code in codes},
                    problems=problems | ({"pasted": pasted} if pasted else {}),
                )
            )  # fmt: skip
    return found


def _lists(form: Format, year: int, typed: _Typed) -> list[ListField]:
    fields = []
    for row in (row for table in form.tables_of(year) if table.is_list for row in table.rows):
        code = row.code if not row.is_heading and not row.sum else ""
        fields.append(
            ListField(code, row.label, row.unit, typed.values.get(row.code, ""), typed.errors.get(row.code, []))
        )
    return fields
