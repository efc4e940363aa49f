"""Personal data in the desk: shown once, for a reason, with a line in the access log; files likewise."""

from collections.abc import Iterator, Mapping, Sequence

from flask import Response, request
from flask.typing import ResponseReturnValue

from cms.api import (
    Invalid,
    Problem,
    current_actor,
    get_cms,
    note_access,
    read_session,
    render_in_desk,
    require,
    sealed_response,
)  # fmt: skip
from cms.api import gettext as _

from . import dues, handling, terms
from .desk_pages import Fact, RevealPage, crumbs, show_url
from .history import get
from .models import Application, Consultation
from .requests import parties_of
from .terms import id_kinds

_COLUMNS = (
    (Application.applicant, "申请人"), (Application.agent, "代理人"), (Application.co_applicants, "共同申请人"),
)  # fmt: skip


def personal(application_id: int) -> ResponseReturnValue:
    """Ask why, then show who asks."""
    problems: list[Problem] = []
    groups: list[tuple[str, Sequence[Fact]]] = []
    one = get(read_session(), application_id)
    if request.method == "POST":
        try:
            groups = _revealed(application_id, request.form.get("why", ""))
        except Invalid as refused:
            problems = [Problem(line, target="why") for lines in refused.errors.values() for line in lines]
    page = RevealPage(
        title=_("个人信息"), crumbs=crumbs(one), problems=problems, groups=groups, back=show_url(one.id),
        lead=_("查看个人信息须写明理由；谁、何时、为什么查看，都会记入访问记录。"), what=_("查看"),
    )  # fmt: skip
    answer = Response(render_in_desk(page), 422 if problems else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _revealed(application_id: int, why: str) -> list[tuple[str, Sequence[Fact]]]:
    cms, actor = get_cms(), current_actor()
    require(actor, "personal.reveal")
    groups: list[tuple[str, Sequence[Fact]]] = []
    with cms.unit_of_work() as uow:
        one = get(uow.session, application_id)
        for column, label in _COLUMNS:
            values = cms.keyring.open(getattr(one, column.key), column)
            if column is Application.co_applicants:
                groups += [(_("共同申请人 {n}").format(n=at), list(_facts(party)))
                           for at, party in enumerate(parties_of(values), 1)]  # fmt: skip
            elif values:
                groups.append((_(label), list(_facts(values))))
        text = cms.keyring.open(one.particulars, Application.particulars).get("text", "")
        if text:
            groups.append((_("特征描述"), [Fact("", text)]))
        for consultation in dues.Proceedings.of(uow.session, application_id).consultations:
            values = cms.keyring.open(consultation.party, Consultation.party)
            groups.append((_("征求意见对象"), list(_facts(values))))
        # One look is one line, whatever is shown.
        note_access(uow, terms.subject_of(one), [name for name, _list in groups], actor=actor, why=why)
    return groups


def _labels() -> Mapping[str, str]:
    return {
        "name": _("姓名或者名称"), "id_kind": _("证件类型"), "id_number": _("证件号码"),
        "uscc": _("统一社会信用代码"), "legal_representative": _("法定代表人"), "contact": _("联系人"),
        "phone": _("联系电话"), "email": _("电子邮箱"), "address": _("通信地址"), "postcode": _("邮政编码"),
    }  # fmt: skip


def _facts(values: Mapping[str, str]) -> Iterator[Fact]:
    for name, label in _labels().items():
        if values.get(name):
            yield Fact(label, id_kinds().get(values[name], values[name]) if name == "id_kind" else values[name])


def file(application_id: int, file_id: int) -> ResponseReturnValue:
    """Ask why, then send a file."""
    one = get(read_session(), application_id)
    problems: list[Problem] = []
    if request.method == "POST":
        cms = get_cms()
        try:
            with cms.unit_of_work() as uow:
                opened = handling.open_any(
                    uow, cms, get(uow.session, application_id), file_id, actor=current_actor(),
                    why=request.form.get("why", ""),
                )  # fmt: skip
        except Invalid as refused:
            problems = [Problem(line, target="why") for lines in refused.errors.values() for line in lines]
        else:
            return sealed_response(opened)
    page = RevealPage(
        title=_("打开文件"), crumbs=crumbs(one), problems=problems, groups=[], back=show_url(one.id),
        lead=_("文件加密保存；打开须写明理由，并记入访问记录。"), what=_("下载"),
    )  # fmt: skip
    return render_in_desk(page), 422 if problems else 200
