"""Answers: every kind has its letter, its row, its remedy of the day; nobody signs their own; what is signed is frozen."""

import io
from datetime import date

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import select

from cms.api import Invalid, NotAllowed, as_docx, as_pdf, editions
from cms.settings.services import SiteSettings, save


def new(desk, one, **given):
    from cms_plugins.applications import answering
    from cms_plugins.applications.responses import AnswerInput

    return desk.run(answering.save_draft, one, AnswerInput(**given))


def letter(desk, one, *, dated=date(2026, 3, 20), **given):
    from cms_plugins.applications.answer_letters import letter_of
    from cms_plugins.applications.responses import AnswerInput

    with desk.cms.reading() as session:
        return letter_of(session, desk.cms.keyring, desk.get(one), AnswerInput(**given), dated=dated)


@pytest.fixture
def named(cms):
    from cms_plugins.applications.settings import ApplicationSettings

    with cms.unit_of_work() as uow:
        save(uow, SiteSettings(site_name="衡山县民政局网站", organ_name="衡山县民政局"))
        save(uow, ApplicationSettings(office_code="衡民", review_organ="衡山县人民政府", court="衡山县人民法院"))


def complete(kind):
    """Return an input that has everything the kind may ask for."""
    return {
        "kind": kind.code, "result": kind.results[0], "grounds": kind.grounds[:1], "provided": "见附件",
        "reasons": "经检索，没有相关记录", "organ": "县财政局，电话0734-5810000",
    }  # fmt: skip


@pytest.mark.parametrize("edition", ["2019", "2007"])
def test_every_kind_of_answer_gives_a_whole_letter(desk, on, named, edition):
    day = on("2026-03-02" if edition == "2019" else "2016-06-01")
    one = desk.received(made_on=day)
    kinds = [kind for found in editions() if found.id == edition for kind in found.answers if kind.letter]
    assert len(kinds) >= 8

    for kind in kinds:
        made = letter(desk, one, dated=day, **complete(kind))
        text = "".join(made.paragraphs)
        assert made.title == kind.letter
        assert made.addressee == "王小明"
        assert "{" not in text, kind.code
        assert made.paragraphs[0].startswith(f"本机关于{day.year}年{day.month}月{day.day}日收到您提出的")
        assert "2025年城乡低保资金发放情况（衡民发〔2025〕12号）" in text
        assert "行政复议" in made.paragraphs[-1]
        assert not any("\n" in line or not line.strip() for line in made.paragraphs)


def test_rows_that_can_be_picked_are_the_21_rows_of_the_report(desk):
    edition = next(one for one in editions() if one.id == "2019")

    picked = {result for kind in edition.answers for result in kind.results}

    assert picked == {result.code for result in edition.results}
    assert len(picked) == 21


@pytest.mark.parametrize(
    ("received", "dated", "kind", "first"),
    [
        ("2026-03-02", date(2026, 3, 20), "withhold", True), ("2026-03-02", date(2026, 3, 20), "disclose", False),
        ("2023-12-20", date(2023, 12, 29), "withhold", False), ("2023-12-20", date(2024, 1, 2), "withhold", True),
    ],
)  # fmt: skip
def test_remedy_follows_the_law_of_the_day_of_the_answer(desk, on, named, received, dated, kind, first):
    one = desk.received(made_on=on(received))

    made = letter(desk, one, dated=dated, kind=kind, result="A3.3.6" if kind == "withhold" else "A3.1",
                  grounds=("A3.3.6",) if kind == "withhold" else (), provided="见附件")  # fmt: skip

    assert ("应当先" in made.paragraphs[-1]) == first
    assert "衡山县人民政府" in made.paragraphs[-1]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "nothing"}, "kind"), ({"kind": "withhold"}, "result"), ({"kind": "withhold", "result": "A3.1"}, "result"),
        ({"kind": "partial", "provided": "正文"}, "grounds"), ({"kind": "partial", "grounds": ("A3.4.1",)}, "grounds"),
        ({"kind": "disclose", "provided": ""}, "provided"), ({"kind": "not_exist"}, "reasons"),
        ({"kind": "disclose", "provided": "长" * 5001}, "provided"), ({"kind": "lapsed_fee"}, "kind"),
    ],
)  # fmt: skip
def test_what_an_answer_lacks_is_said_at_its_field(desk, change, field):
    with pytest.raises(Invalid) as refused:
        new(desk, desk.received(), **change)

    assert field in refused.value.errors


def test_reason_of_a_refusal_follows_from_its_row(desk, named):
    one = desk.received()
    answer = new(desk, one, kind="withhold", result="A3.3.7")

    assert answer.grounds == ["A3.3.7"]
    assert "行政执法案卷" in "".join(letter(desk, one, kind="withhold", result="A3.3.7", grounds=["A3.3.7"]).paragraphs)


def test_nobody_reviews_or_signs_their_own_answer(desk, cms):
    from cms_plugins.applications import answering
    from cms_plugins.applications.history import get
    from cms_plugins.applications.settings import ApplicationSettings

    from cms.accounts.policy import Role
    from cms.testing.factories import make_user

    both = make_user(cms, "both", Role.OFFICER, Role.PUBLISHER)
    one = desk.received()
    from cms_plugins.applications.responses import AnswerInput

    answer = desk.run(answering.save_draft, one, AnswerInput(kind="disclose", provided="见附件"), actor=both)

    def act(service, actor, **more):
        with cms.unit_of_work() as uow:
            application = get(uow.session, one)
            found = answering.get_answer(uow.session, application, answer.id)
            if service is answering.sign:
                service(uow, cms.keyring, application, found, actor=actor, **more)
            else:
                service(uow, application, found, actor=actor, **more)

    act(answering.submit_answer, both)
    with pytest.raises(NotAllowed, match="公开审查"):
        act(answering.sign, desk.head)
    with pytest.raises(NotAllowed, match="拟稿人"):
        act(answering.review, both, note="可以公开")
    with pytest.raises(NotAllowed):
        act(answering.review, desk.officer, note="可以公开")
    act(answering.review, desk.reviewer, note="可以公开")
    with pytest.raises(NotAllowed, match="拟稿人"):
        act(answering.sign, both)
    with cms.unit_of_work() as uow:
        save(uow, ApplicationSettings(sign_by_other=False))
    act(answering.sign, both)


def test_signed_letter_is_numbered_and_frozen(desk, cms, named):
    from cms_plugins.applications.answer_letters import letter_of
    from cms_plugins.applications.models import Answer

    one = desk.received()
    answer_id = desk.answer(one, served=False)
    with cms.unit_of_work() as uow:
        save(uow, SiteSettings(site_name="新网站", organ_name="改名后的机关"))
        application = desk.get(one)
        answer = uow.session.get(Answer, answer_id)
        answer.provided = "后来改动的文字"
        made = letter_of(uow.session, cms.keyring, application, answer, dated=date(2030, 1, 1))

    assert (made.number, made.organ, made.dated) == ("衡民公开〔2026〕第1号", "衡山县民政局", date(2026, 3, 2))
    assert not any("后来改动" in line for line in made.paragraphs)


def test_letter_is_a_word_file_and_a_pdf_with_the_same_words(desk, named):
    one = desk.received()
    made = letter(desk, one, kind="disclose", provided="见附件")

    word = "".join(paragraph.text for paragraph in Document(io.BytesIO(as_docx(made.document()))).paragraphs)
    pdf = "".join(page.extract_text() for page in PdfReader(io.BytesIO(as_pdf(made.document()))).pages)

    for text in ("政府信息公开答复书", "王小明", "申请编号：2026-0001", "2026年3月20日"):
        assert text in word.replace("\n", "")
        assert text in pdf.replace("\n", "").replace(" ", "")


def test_returned_answer_keeps_its_number_and_loses_its_signature(desk, cms):
    from cms_plugins.applications import answering
    from cms_plugins.applications.history import get

    one = desk.received()
    answer_id = desk.answer(one, served=False)
    with cms.unit_of_work() as uow:
        application = get(uow.session, one)
        answer = answering.get_answer(uow.session, application, answer_id)
        number = answer.number
        answering.return_answer(uow, application, answer, actor=desk.head, note="请补充理由")

    desk.answer(one, provided="补充后的内容")
    with cms.reading() as session:
        (found,) = answering.answers_of(session, one)
    assert (found.number, found.state, desk.get(one).result) == (number, "served", "A3.1")


def test_refused_reasons_are_answered_by_one_letter_only(desk):
    from cms_plugins.applications import answering, inquiries
    from cms_plugins.applications.models import InquiryKind

    one = desk.received()
    desk.run(inquiries.ask, one, InquiryKind.REASON, text="请说明理由")

    assert [kind.code for kind in answering.kinds_for(desk.get(one))] == ["bulk"]
    desk.answer(one, kind="bulk", reasons="所述理由不合理", provided="")
    assert desk.get(one).result == "A3.5.4"


@given(st.text(max_size=200), st.text(max_size=60))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_makes_a_letter_that_can_be_written(desk, text, organ):
    from cms_plugins.applications.letters import Said, legal_paragraphs

    edition = next(one for one in editions() if one.id == "2019")
    for kind in edition.answers:
        if kind.letter:
            said = Said(information=text, access=text, reason=text, organ=organ, grounds=kind.grounds[:1])
            assert all(line.strip() for line in legal_paragraphs(edition, kind, said))


def test_redone_answer_leaves_the_first_result_alone(desk, cms, on):
    from cms_plugins.applications import casework
    from cms_plugins.applications.history import Entry
    from cms_plugins.applications.models import Application

    from .test_chain import table

    one = desk.received()
    desk.answer(one, kind="withhold", result="A3.3.6", provided="")
    before = table(cms, "applications.t3", 2026)
    on("2026-06-01")
    again = desk.run(casework.reopen, one, due_on=date(2026, 6, 30), entry=Entry(note="衡政复决字〔2026〕1号"))
    assert (again.id, again.state, again.next_on) == (one, "reprocessing", date(2026, 6, 30))
    desk.answer(one)

    assert table(cms, "applications.t3", 2026) == before
    with cms.reading() as session:
        assert len(session.scalars(select(Application)).all()) == 1


def test_site_may_count_a_redone_answer_as_a_new_application(desk, cms, on):
    from cms_plugins.applications import casework
    from cms_plugins.applications.history import Entry
    from cms_plugins.applications.settings import ApplicationSettings

    from .test_chain import table

    with cms.unit_of_work() as uow:
        save(uow, ApplicationSettings(redo_counts=True))
    one = desk.received()
    desk.answer(one)
    on("2026-06-01")
    again = desk.run(casework.reopen, one, due_on=date(2026, 6, 30), entry=Entry(note="衡政复决字〔2026〕1号"))

    assert (again.number, again.predecessor_id, again.due_on) == ("2026-0002", one, date(2026, 6, 30))
    assert table(cms, "applications.t3", 2026) == {("A1", "NP"): 2, ("A3.1", "NP"): 1, ("A4", "NP"): 1}
    desk.answer(again.id)
    assert table(cms, "applications.t3", 2026) == {("A1", "NP"): 2, ("A3.1", "NP"): 2}
