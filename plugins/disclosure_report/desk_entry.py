"""Entering values by hand in the desk: one with its evidence and history, or all of them on one page."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from cms.api import Invalid, NotFound, add_asset, current_actor, get_cms, read_session, render_in_desk
from cms.api import gettext as _

from . import manual
from .desk_pages import (
    EntryRow,
    ManualForm,
    ManualPage,
    ValuesPage,
    crumbs,
    current_of,
    report_url,
    show_errors,
    tab_of,
)  # fmt: skip
from .reports import Current


def enter(year: int, code: str) -> ResponseReturnValue:
    """Enter a value by hand, or take it back."""
    found = current_of(year)
    about = manual.enterable(found.form, year).get(code)
    if about is None:
        raise NotFound(code)
    form = ManualForm(request.form)
    if request.method == "POST":
        try:
            _record(found, year, code, form)
        except Invalid as error:
            show_errors(form, error)
        else:
            flash(_("已保存。"), "success")
            return redirect(report_url(year, tab_of(found.report, code), code))
    number = next(one for one in found.report.numbers() if one.code == code)
    past = manual.history(read_session(), year, code)
    page = ManualPage(
        title=_("填报：{label}").format(label=about.label), crumbs=crumbs(year), year=year, about=about, number=number,
        lead=_("{code}，单位：{unit}").format(code=code, unit=about.unit), form=form, history=past,
        can_withdraw=bool(past) and past[0].value is not None,
    )  # fmt: skip
    return render_in_desk(page), 422 if form.errors else 200


def _record(found: Current, year: int, code: str, form: ManualForm) -> None:
    cms, actor = get_cms(), current_actor()
    upload = request.files.get("file")
    is_withdrawal = request.form.get("action") == "withdraw"
    with cms.unit_of_work() as uow:
        evidence_id = None
        if upload is not None and upload.filename and not is_withdrawal:
            evidence_id = add_asset(
                uow, cms.store, actor=actor, filename=upload.filename, content=upload.read(),
                max_mb=cms.settings.max_upload_mb,
            ).id  # fmt: skip
        given = manual.ManualInput(
            code=code, value="" if is_withdrawal else form.value.data or "", source=form.source.data or "",
            reason=form.reason.data or "", evidence_id=evidence_id,
        )  # fmt: skip
        if not given.value and not is_withdrawal:
            raise Invalid({"value": [_("请填写数值。")]})
        manual.record_value(uow, cms.contributions.figures, found.form, year, given, actor=actor)


def enter_all(year: int) -> ResponseReturnValue:
    """Enter every value that only people know, on one page; all of it is saved, or nothing."""
    found = current_of(year)
    known = get_cms().contributions.figures
    unknown = {number.code for number in found.report.numbers() if number.value is None}
    codes = [
        code for code, about in manual.enterable(found.form, year).items()
        if code in unknown or manual.only_people_know(known, about)
    ]  # fmt: skip
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        common = request.form.get("source", "")
        lines = [
            manual.ManualInput(
                code=code, value=request.form.get(f"value-{code}", "").strip(),
                source=request.form.get(f"source-{code}", "").strip() or common,
            ) for code in codes
        ]  # fmt: skip
        cms = get_cms()
        try:
            with cms.unit_of_work() as uow:
                count = manual.record_changes(
                    uow, cms.contributions.figures, found.form, year, lines, actor=current_actor()
                )
        except Invalid as error:
            errors = error.errors
        else:
            flash(_("已保存 {n} 项。").format(n=count), "success")
            return redirect(report_url(year))
    page = ValuesPage(
        title=_("填报数据"), crumbs=crumbs(year), year=year, rows=_rows(found, year, codes, errors),
        lead=_("每一项都要写明依据；依据相同的，可以只在下面填一次。"), source=request.form.get("source", ""),
    )  # fmt: skip
    return render_in_desk(page), 422 if errors else 200


def _rows(found: Current, year: int, codes: list[str], errors: dict[str, list[str]]) -> list[EntryRow]:
    known = manual.valid_values(read_session(), year)
    about = manual.enterable(found.form, year)
    rows = []
    for code in codes:
        stored = known.get(code)
        problems = [line for name in ("value", "source", "code") for line in errors.get(f"{code}.{name}", [])]
        rows.append(
            EntryRow(
                code=code, label=about[code].label, unit=about[code].unit, problems=problems,
                value=request.form.get(f"value-{code}", (stored.value or "") if stored else ""),
                source=request.form.get(f"source-{code}", stored.source if stored else ""),
            )
        )  # fmt: skip
    return rows
