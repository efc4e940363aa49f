"""Hostile texts and files in every field of the sheet form: a clear answer, nothing kept, nothing lost, no crash."""

import io
import json
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cms.accounts.policy import Role
from cms.kernel.text import clean, one_line
from cms.registers.models import Tally

from .test_desk import PAGE, Form

DATA = Path(__file__).parents[1] / "data" / "hostile"
STRINGS = json.loads((DATA / "strings.json").read_text("utf-8"))
FILES = sorted(path for path in (DATA / "files").iterdir() if path.name != "README.md")
TEXT_CELLS = ("source", "topic", "note", "external_id")
OTHER_CELLS = ("metric", "occurred_on", "quantity", "channel", "department_id")


@pytest.fixture
def editor(sign_in):
    return sign_in(Role.EDITOR)


@pytest.fixture
def count(cms):
    def count():
        with cms.reading() as session:
            return session.scalar(select(func.count()).select_from(Tally))

    return count


@pytest.mark.parametrize("kind", STRINGS)
def test_texts_of_all_kinds_come_back_as_they_were_typed(editor, count, kind):
    texts = STRINGS[kind]
    rows = {
        f"rows-{index}-{name}": text
        for index, text in enumerate(texts) for name in (*TEXT_CELLS, *OTHER_CELLS)
    }  # fmt: skip
    answer = editor.post(PAGE, data={**rows, "step": "check"})
    fields = Form(answer.text).fields

    assert answer.status_code == 422
    assert count() == 0
    said = [text for text in map(clean, texts) if text]
    for name in (*TEXT_CELLS, *OTHER_CELLS):
        shown = [fields[f"rows-{index}-{name}"].replace("\r", "\n") for index in range(len(said))]
        assert shown == [text.replace("\r", "\n") for text in said], name


def test_texts_of_all_kinds_in_the_other_fields_of_the_form_are_answered(editor, count):
    for text in (text for texts in STRINGS.values() for text in texts):
        for name in ("evidence", "paste", "rest", "follows", "origin", "checked", "form_id", "step", "unscan"):
            answer = editor.post(PAGE, data={"rows-0-note": "手写", name: text})
            assert answer.status_code in {200, 422}, (name, text)
            assert "手写" in answer.text, (name, text)
            if name == "evidence":
                assert Form(answer.text).fields[name] == one_line(text)
            if name == "paste" and clean(text):
                assert clean(text) in unescape(answer.text).replace("\r\n", "\n"), text
    assert count() == 0


@pytest.mark.parametrize("field", ["file", "scans"])
def test_a_hostile_file_is_refused_at_its_field_or_kept_sealed_as_a_scan(editor, count, field):
    for path in FILES:
        for name in (path.name, "台账.xlsx", "台账.csv"):
            data = {field: (io.BytesIO(path.read_bytes()), name), "rows-0-note": "手写的备注", "step": "check"}
            answer = editor.post(PAGE, data=data)
            is_refused = f'aria-describedby="{field}-hint {field}-error"' in answer.text
            # The desk never reads a scan; it sends it back as a download.
            is_kept = f"去掉 {name}" in answer.text

            assert (answer.status_code, "手写的备注" in answer.text) == (422, True)
            assert is_refused != is_kept, (path.name, name)
            assert is_refused or field == "scans", (path.name, name)
    assert count() == 0
