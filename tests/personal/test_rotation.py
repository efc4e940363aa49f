"""Changing the data keys: everything opens before, while and after, also when the process is killed in between."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from cms.accounts.policy import MACHINE
from cms.api import Subject, code_matches, keep_file, open_file, same, seal_code, seal_into
from cms.cli import cli
from cms.config import Settings, data_key_file
from cms.kernel.errors import CmsError
from cms.personal import rotation
from cms.personal.keyring import Keyring, key_id_of
from cms.pluginkit.services import disable
from cms.web.doctor import Level, examine

ROOT = Path(__file__).parents[2]
ID = "11010519491231002X"
CODE = "7KMX-2QHA-9TRD"


@pytest.fixture
def run(site):
    def command(*arguments, code=0, **environ):
        runner = CliRunner(env={"CMS_SITE": str(site), "CMS_SEARCH_URL": "memory:", **environ})
        result = runner.invoke(cli, ["data-key", *arguments], catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result.stdout

    return command


@pytest.fixture
def records(cms, visits):
    """Seal five hundred visitors, with codes, and three files."""
    with cms.unit_of_work() as uow:
        for number in range(500):
            visit = visits.Visit(outcome="", number=f"V{number}")
            seal_into(cms.keyring, visit, visits.Visit.personal, {"name": f"第{number}人", "id_number": ID})
            visit.code = seal_code(cms.keyring, CODE, visits.Visit.code) if number < 10 else ""
            uow.session.add(visit)
        for number in range(3):
            keep_file(
                uow, cms.sealed_files, subject=Subject("visit", 1), purpose="identity", filename=f"{number}.txt",
                content=f"内容{number}".encode(),
            )  # fmt: skip


def check_all(cms, visits):
    """Open everything; find everybody by fingerprint."""
    with cms.reading() as session:
        rows = session.query(visits.Visit).order_by(visits.Visit.id).all()
        names = [cms.keyring.open(row.personal, visits.Visit.personal)["name"] for row in rows]
        found = session.query(visits.Visit).filter(same(cms.keyring, visits.Visit.id_print, ID)).count()
    assert names == [f"第{number}人" for number in range(500)]
    assert found == 500
    assert all(code_matches(cms.keyring, row.code, CODE, visits.Visit.code) for row in rows[:10])
    with cms.unit_of_work() as uow:
        for number in (1, 2, 3):
            opened = open_file(
                uow, cms.sealed_files, number, subject=Subject("visit", 1), actor=MACHINE, why="核对"
            )  # fmt: skip
            assert opened.content.decode() == f"内容{number - 1}"
            assert opened.name == f"{number - 1}.txt"


def keys_in_use(cms):
    with cms.reading() as session:
        return rotation.usage(session).key_ids


def test_rotation_seals_everything_anew_while_the_site_serves(cms, visits, records, run, site):
    old = cms.keyring.newest

    output = run("rotate")

    assert "sealed anew: 513 texts, 3 files" in output
    assert cms.keyring.newest != old
    assert keys_in_use(cms) == {cms.keyring.newest}
    assert len([file for file in (site / "sealed").rglob("*") if file.is_file()]) == 3
    check_all(cms, visits)


def test_old_key_is_dropped_only_when_nothing_needs_it(cms, visits, records, run, settings):
    old = cms.keyring.newest
    with cms.unit_of_work() as uow:
        rotation.add_key(uow, settings)
    assert run("prune") == "every key is needed\n"
    assert list(cms.keyring.key_ids)[1:] == [old]

    run("rotate")
    assert run("prune") == f"dropped: {old}\n"

    assert old not in cms.keyring.key_ids
    assert len(data_key_file(settings.site).read_text().split()) == 1
    assert data_key_file(settings.site).stat().st_mode & 0o777 == 0o600
    check_all(cms, visits)


def test_status_tells_what_each_key_has_sealed(cms, visits, records, run):
    old = cms.keyring.newest
    assert run("status") == f"{old}  seals; 513 texts, 3 files\n"

    run("rotate")

    state = json.loads(run("status", "--json"))
    assert state["keys"] == [
        {"id": cms.keyring.newest, "texts": 513, "files": 3, "uses": 516}, {"id": old, "texts": 0, "files": 0, "uses": 0},
    ]  # fmt: skip
    assert state["missing"] == state["strays"] == {}


def test_rotations_are_in_the_audit_log_without_the_keys(cms, visits, records, run, settings):
    run("rotate")
    run("prune")

    with cms.reading() as session:
        log = str(session.execute(text("SELECT action, subject_id, details FROM audit_entry")).all())
    assert "data_key.add" in log
    assert "data_key.drop" in log
    assert data_key_file(settings.site).read_text().strip() not in log


KILLED = """
    import os, signal, sys
    from contextlib import contextmanager
    from pathlib import Path
    from cms.cli.context import units_of
    from cms.cli.data_keys import with_all_plugins
    from cms.config import Settings
    from cms.personal import rotation
    from cms.personal.files import SealedFiles
    from cms.personal.keyring import Keyring

    settings = with_all_plugins(Settings.load(Path(sys.argv[1]), {}))
    written = 0
    with units_of(settings) as open_unit:
        @contextmanager
        def counted():
            global written
            with open_unit() as uow:
                before = rotation.usage(uow.session).texts
                yield uow
                # Batches that found nothing to seal are not counted: their number is that of the plugins' columns.
                written += rotation.usage(uow.session).texts != before
                if written == int(sys.argv[2]):
                    # Before the commit: the batch is lost, those before it stay.
                    os.kill(os.getpid(), signal.SIGKILL)

        with open_unit() as uow:
            rotation.add_key(uow, settings)
        rotation.reseal_all(counted, SealedFiles.of(settings, Keyring.of(settings)))
"""


@pytest.mark.parametrize(("killed_at", "done_before"), [(1, 0), (2, 1)])
def test_rotation_that_was_killed_goes_on_where_it_stopped(
    cms, visits, records, run, site, killed_at, done_before, monkeypatch
):
    old = cms.keyring.newest
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    process = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(site), str(killed_at)], cwd=ROOT, check=False
    )
    assert process.returncode == -9
    newest = cms.keyring.newest
    with cms.reading() as session:
        texts = rotation.usage(session).texts
    assert texts[old] + texts[newest] == 513
    assert (texts[newest] > 0) == bool(done_before)
    check_all(cms, visits)

    output = run("rotate")

    assert output.startswith(f"an earlier rotation to {newest} goes on\n")
    assert cms.keyring.newest == newest
    assert keys_in_use(cms) == {newest}
    assert len([file for file in (site / "sealed").rglob("*") if file.is_file()]) <= 6
    check_all(cms, visits)


def test_columns_of_disabled_plugins_are_sealed_anew_too(cms, visits, records, run, settings):
    with cms.unit_of_work() as uow:
        disable(uow, "visits", actor=MACHINE, site=settings.site)

    run("rotate")

    assert keys_in_use(cms) == {cms.keyring.newest}
    check_all(cms, visits)


def test_key_that_is_still_needed_by_a_plugin_whose_files_are_gone_stays(cms, visits, records, run):
    with cms.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE gone__letter (id INTEGER PRIMARY KEY, sender TEXT)")
        connection.execute(
            text("INSERT INTO gone__letter (sender) VALUES (:token)"),
            {"token": cms.keyring.seal({"name": "王"}, "gone__letter.sender")},
        )
    old = cms.keyring.newest

    run("rotate")

    assert "gone__letter.sender  is sealed but belongs to no installed plugin" in run("status")
    assert run("prune") == "every key is needed\n"
    assert old in cms.keyring.key_ids


def test_keys_of_the_environment_are_changed_by_whoever_set_them(cms, visits, records, run, settings):
    first, second = data_key_file(settings.site).read_text().strip(), run("generate").strip()

    with pytest.raises(CmsError, match="put a new one before them"):
        run("rotate", CMS_DATA_KEY=first)
    run("rotate", CMS_DATA_KEY=f"{second},{first}")
    with pytest.raises(CmsError, match=rf"take the keys {cms.keyring.newest} out of CMS_DATA_KEY"):
        run("prune", CMS_DATA_KEY=f"{second},{first}")

    cms.keyring = Keyring.of(Settings.load(settings.site, {"CMS_DATA_KEY": second}))
    cms.sealed_files = type(cms.sealed_files)(cms.sealed_files.store, cms.keyring)
    check_all(cms, visits)


def test_lost_key_is_named_and_nothing_is_destroyed(cms, visits, records, run, settings):
    file = data_key_file(settings.site)
    lost, old = file.read_text(), cms.keyring.newest
    file.write_text("n" * 48 + "\n")

    assert f"{old}  MISSING; 516 things cannot be opened" in run("status", code=1)
    run("rotate", code=1)
    file.write_text(file.read_text() + lost)

    assert run("rotate").startswith("an earlier rotation")
    assert keys_in_use(cms) == {cms.keyring.newest}
    check_all(cms, visits)


def test_doctor_tells_how_the_keys_are(cms, visits, records, run, settings):
    def said():
        return next((one.level, one.message) for one in examine(cms) if one.id == "data_key")

    assert said() == (Level.OK, "516 项个人信息已加密")
    with cms.unit_of_work() as uow:
        rotation.add_key(uow, settings)
    assert said() == (Level.WARN, "516 项个人信息仍由旧密钥加密")
    lost = cms.keyring.key_ids[1]
    file = data_key_file(settings.site)
    rotation.write_keys(file, file.read_text().split()[:1])
    assert said() == (Level.FAIL, f"缺少密钥 {lost}，516 项个人信息无法读取")


def test_two_rotations_do_not_meet(run, site, visits):
    with rotation.rotation_lock(site), pytest.raises(CmsError, match=r"data-key\.lock is held"):
        run("rotate")


def test_record_that_was_damaged_is_reported_and_holds_up_nobody(cms, visits, records, run):
    with cms.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE visits__visit SET personal = substr(personal, 1, 60) WHERE id = 7")

    run("rotate", code=1)

    with cms.reading() as session:
        texts = rotation.usage(session).texts
    assert texts[cms.keyring.newest] == 512
    assert texts.total() == 513


KEYS = st.lists(st.text(alphabet="abcdef0123456789", min_size=32, max_size=40), min_size=1, max_size=4, unique=True)


@given(KEYS, st.dictionaries(st.text(max_size=10), st.text(max_size=30), max_size=4), st.data())
def test_whatever_some_key_has_sealed_any_ring_with_that_key_opens(keys, values, data):
    position = data.draw(st.integers(0, len(keys) - 1))
    token = Keyring(lambda: keys[position:]).seal(values, "a.b")
    ring = Keyring(lambda: tuple(keys))

    assert ring.open(token, "a.b") == values
    assert key_id_of(token) == ring.key_ids[position]
    renewed = ring.seal(ring.open(token, "a.b"), "a.b")
    assert Keyring(lambda: keys[:1]).open(renewed, "a.b") == values
