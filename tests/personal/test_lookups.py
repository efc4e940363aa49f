"""Asking how a record stands: limited, and no answer tells which numbers exist."""

import json
import re
from pathlib import Path

import pytest

from cms.accounts.policy import MACHINE
from cms.intake.settings import TAB, IntakeSettings
from cms.personal.codes import new_code
from cms.settings.services import change

STRINGS = json.loads((Path(__file__).parents[1] / "data/hostile/strings.json").read_text("utf-8"))
HOSTILE = [*STRINGS["naughty"][:12], *STRINGS["sql"][:4], *STRINGS["templates"][:3], "９" * 5000, "\0", "\u202eV0001"]
FORM = {"name": "王小明", "id_number": "", "text": "想了解低保政策"}


@pytest.fixture
def ask(client, app, visits):
    app.config["WTF_CSRF_ENABLED"] = False

    def send(number, code, address="10.0.0.1"):
        return client.post(
            "/visits/status", data={"number": number, "code": code}, environ_overrides={"REMOTE_ADDR": address}
        )

    return send


@pytest.fixture
def record(client, ask):
    receipt = client.get(client.post("/visits/", data=FORM).location).text
    return re.findall(r'<span class="code">([^<]+)</span>', receipt)


def test_number_and_code_show_the_state_and_nothing_personal(ask, record):
    answer = ask(*record)

    assert answer.status_code == 200
    assert "等待答复" in answer.text
    assert "王小明" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_spellings_do_not_matter(ask, record):
    number, code = record

    assert "等待答复" in ask(f" {number.lower()} ", code.lower().replace("-", " ")).text
    assert "等待答复" in ask("Ｖ０００１", code).text


def test_wrong_number_and_wrong_code_get_the_same_answer(ask, record):
    number, code = record
    answers = [ask(number, new_code()), ask("V9999", code), ask("", ""), ask(number, "")]

    for answer in answers:
        assert answer.status_code == 422
        assert "编号或查询码不正确" in answer.text
    texts = {re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}
    assert len(texts) == 1


def test_one_address_asks_only_so_often(cms, ask, record):
    with cms.unit_of_work() as uow:
        change(uow, TAB, IntakeSettings(lookups_per_hour=3, contact="请致电 5812345。"), actor=MACHINE)
    for _ in range(3):
        assert ask(*record).status_code == 200

    refused = ask(*record)
    assert refused.status_code == 429
    assert "请致电 5812345。" in refused.text
    assert record[0] in refused.text
    assert ask(*record, address="10.0.0.2").status_code == 200
    cms.clock.advance(hours=1)
    assert ask(*record).status_code == 200


def test_codes_of_one_number_are_not_tried_out_from_many_addresses(ask, record):
    number, code = record
    for host in range(10):
        assert ask(number, new_code(), address=f"10.1.0.{host}").status_code == 422

    assert ask(number, code, address="10.2.0.1").status_code == 429


def test_numbers_that_do_not_exist_are_limited_just_the_same(ask, record):
    for host in range(10):
        assert ask("V9999", new_code(), address=f"10.1.0.{host}").status_code == 422

    assert ask("V9999", new_code(), address="10.2.0.1").status_code == 429


def test_hostile_numbers_and_codes_are_wrong_and_nothing_else(cms, ask, record):
    with cms.unit_of_work() as uow:
        change(uow, TAB, IntakeSettings(lookups_per_hour=100), actor=MACHINE)
    for text in HOSTILE:
        answer = ask(text, text)
        assert answer.status_code == 422, text
        assert "编号或查询码不正确" in answer.text, text
