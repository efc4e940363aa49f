"""The register leaves a site and comes to another one whole: states, limits, history, sealed persons."""

import json
from datetime import date

import pytest
from sqlalchemy import func, select

from cms.accounts.policy import MACHINE
from cms.cli.exchange import export, import_
from cms.exchange.exporting import CONTENT, PERSONAL, REGISTERS, export_file
from cms.kernel.errors import Invalid


@pytest.fixture
def exported(cms, tmp_path, answered, act, write, enter):
    """Fill the register and export it; give the file."""
    number, _code = answered()
    act("publisher", number, "publish", title="低保", text="内容", answer="答复", is_checked="1")
    second, _code = write(title="再问一次")
    act("officer", second, "dismiss", verdict="duplicate", note="重复", duplicate_of=number)
    enter("post", "complaint", on=date(2015, 3, 2), answered_on=date(2015, 3, 9), answer="已答复")
    with cms.unit_of_work() as uow:
        from cms_plugins.letters.clocks import LimitSpec
        from cms_plugins.letters.limits import set_limit

        set_limit(uow, LimitSpec(channel="post", n=7, basis="内部规定", valid_from=date(2016, 6, 1)), actor=MACHINE)
    file = tmp_path / "all.jsonl"
    with cms.reading() as session:
        export_file(session, cms.store, file, frozenset({CONTENT, REGISTERS, PERSONAL}), cms.contributions.exporters)
    return file


def register_of(session):
    from cms_plugins.letters.exchange import export_letters

    return [json.dumps(record, ensure_ascii=False, sort_keys=True) for record in export_letters(session)]


def test_the_register_comes_back_as_it_was(cms, exported, make_app):
    with cms.reading() as session:
        before = register_of(session)
    from cms_plugins.letters.models import Draft, Happening, Letter, Limit, Series

    # The same site, emptied: what remains are accounts, departments and keys.
    with cms.unit_of_work() as uow:
        for table in (Happening, Draft, Letter, Limit, Series):
            uow.session.query(table).delete()
    with make_app().app_context(), cms.unit_of_work() as uow:
        from cms_plugins.letters.exchange import import_letter, import_limit

        takers = {"letter": import_letter, "letter_limit": import_limit}
        for line in exported.read_text("utf-8").splitlines():
            record = json.loads(line)
            kind = record.pop("record", "")
            if kind in takers:
                assert takers[kind](uow, record, MACHINE) is True
    with make_app().app_context(), cms.unit_of_work() as uow:
        for line in exported.read_text("utf-8").splitlines():
            record = json.loads(line)
            if record.pop("record", "") == "letter":
                assert import_letter(uow, record, MACHINE) is False

    with cms.reading() as session:
        assert register_of(session) == before
        letter = session.scalars(select(Letter).where(Letter.number == "XJ2016-00001")).one()
        assert cms.keyring.open(letter.personal, Letter.personal)["name"] == "王小明"
        same_phone = session.scalars(select(Letter.number).where(Letter.sender_key == letter.sender_key)).all()
        assert same_phone == ["XJ2016-00001", "XJ2016-00002"]
        assert session.get(Series, 2016).last == 2


def test_the_commands_carry_letters_along(exported, runner, tmp_path, cms):
    from cms_plugins.letters.models import Letter

    file = tmp_path / "again.jsonl"
    assert "exported" in runner(export, str(file))
    assert file.read_text("utf-8").count('"record": "letter"') == 3
    assert "0 new" in runner(import_, str(file))
    with cms.reading() as session:
        assert session.scalar(select(func.count()).select_from(Letter)) == 3


def test_without_being_asked_for_personal_data_stay_behind_even_sealed(exported, runner, tmp_path):
    file = tmp_path / "plain.jsonl"
    runner(export, str(file))
    letters = [one for one in map(json.loads, file.read_text("utf-8").splitlines()) if one.get("record") == "letter"]

    assert [(one["personal"], one["code"]) for one in letters] == [("", "")] * 3
    assert exported.read_text("utf-8").count('"personal": "gk1.') == 3


def test_an_export_holds_no_personal_data_in_the_clear(exported):
    text = exported.read_text("utf-8")

    for secret in ("王小明", "13800138000", "新街12号"):
        assert secret not in text


PLAIN = {
    "channel": "mailbox_leader", "category": "consult", "title": "低保怎样申请", "text": "怎样申请？", "topic": "城乡低保",
    "received_on": "2016-03-01", "source": "书记县长信箱第1号", "wants_public": True, "answered_on": "2016-03-03",
    "answer": "请到窗口办理。", "published": {"title": "低保怎样申请"}, "external_id": "box-1", "name": "王小明",
}  # fmt: skip


def test_a_plain_record_of_an_old_letter_is_registered_answered_and_published(app, cms, client, stored):
    from cms_plugins.letters.exchange import import_letter

    with app.app_context(), cms.unit_of_work() as uow:
        assert import_letter(uow, PLAIN, MACHINE) is True
        assert import_letter(uow, PLAIN, MACHINE) is False

    letter = stored("XJ2016-00001")
    assert (letter.state, letter.published_at is not None, letter.was_late) == ("published", True, False)
    assert "请到窗口办理。" in client.get(f"/letters/{letter.id}.html").text


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"channel": "pigeon"}, "channel"), ({"category": ""}, "category"), ({"received_on": "1.3.2016"}, "received_on"),
        ({"received_on": ""}, "received_on"), ({"colour": "red"}, "colour"), ({"source": ""}, "source"),
        ({"title": ""}, "title"), ({"answered_on": "2016-02-01"}, "answered_on"), ({"history": []}, "number"),
        ({"published": {"text": "电话13800138000"}}, "text"),
    ],
)  # fmt: skip
def test_a_wrong_record_is_refused_by_key(app, cms, changes, key):
    from cms_plugins.letters.exchange import import_letter

    raw = {**PLAIN, **changes}
    if "history" in changes:
        raw = {"history": [], "external_id": "x"}
    with pytest.raises(Invalid) as refused, app.app_context(), cms.unit_of_work() as uow:
        import_letter(uow, raw, MACHINE)

    assert key in refused.value.errors
