"""A backup does not give away the personal data in it: the data keys go to a file of their own."""

import tarfile

import pytest
from click.testing import CliRunner

from cms.accounts.policy import MACHINE
from cms.api import Subject, keep_file, open_file, seal_into
from cms.app import create_app
from cms.cli import cli
from cms.config import Settings, data_key_file
from cms.personal import rotation

ID = "11010519491231002X"


def run(site, *arguments, **environ):
    runner = CliRunner(env={"CMS_SITE": str(site), "CMS_SEARCH_URL": "memory:", **environ})
    return runner.invoke(cli, [str(one) for one in arguments])


@pytest.fixture
def filled(cms, visits):
    with cms.unit_of_work() as uow:
        visit = visits.Visit(outcome="")
        seal_into(cms.keyring, visit, visits.Visit.personal, {"name": "王小明", "id_number": ID})
        uow.session.add(visit)
        keep_file(
            uow, cms.sealed_files, subject=Subject("visit", 1), purpose="identity", filename="a.txt",
            content="内容".encode(),
        )  # fmt: skip


def read_back(site, visits):
    app = create_app(Settings.load(site, {}, search_url="memory:"))
    cms = app.extensions["cms"]
    try:
        with cms.unit_of_work() as uow:
            visit = uow.session.get_one(visits.Visit, 1)
            file = open_file(uow, cms.sealed_files, 1, subject=Subject("visit", 1), actor=MACHINE, why="核对")
            return cms.keyring.open(visit.personal, visits.Visit.personal)["name"], file.content.decode()
    finally:
        cms.close()


def test_the_backup_holds_no_data_key_and_the_file_beside_it_does(cms, filled, site, tmp_path):
    result = run(site, "backup", tmp_path / "site.tar.gz")

    assert "keep it apart from the backup" in result.output
    with tarfile.open(tmp_path / "site.tar.gz") as archive:
        names = archive.getnames()
        stored = b"".join(archive.extractfile(one).read() for one in archive.getmembers() if one.isfile())
    assert "keys/secret_key" in names
    assert "keys/data_key" not in names
    assert data_key_file(site).read_bytes().strip() not in stored
    assert len([name for name in names if name.startswith("sealed/") and len(name) > 60]) == 1
    keys = tmp_path / "site.tar.gz.keys"
    assert keys.read_text().split() == data_key_file(site).read_text().split()
    assert keys.stat().st_mode & 0o777 == 0o600


def test_restored_site_opens_everything_with_its_keys(cms, visits, filled, site, tmp_path):
    run(site, "backup", tmp_path / "site.tar.gz")

    result = run(tmp_path / "other", "restore", tmp_path / "site.tar.gz")

    assert result.exit_code == 0, result.output
    assert "cannot be opened" not in result.stderr
    assert read_back(tmp_path / "other", visits) == ("王小明", "内容")
    assert data_key_file(tmp_path / "other").stat().st_mode & 0o777 == 0o600


def test_keys_may_lie_elsewhere(cms, visits, filled, site, tmp_path):
    (tmp_path / "safe").mkdir()
    run(site, "backup", tmp_path / "site.tar.gz", "--keys", tmp_path / "safe" / "keys.txt")
    assert not (tmp_path / "site.tar.gz.keys").exists()

    result = run(tmp_path / "other", "restore", tmp_path / "site.tar.gz", "--keys", tmp_path / "safe" / "keys.txt")

    assert result.exit_code == 0, result.output
    assert read_back(tmp_path / "other", visits) == ("王小明", "内容")


def test_restore_without_keys_says_what_is_missing_and_keys_can_be_added(cms, visits, filled, site, tmp_path):
    run(site, "backup", tmp_path / "site.tar.gz")
    keys = tmp_path / "site.tar.gz.keys"
    keys.rename(tmp_path / "elsewhere")

    result = run(tmp_path / "other", "restore", tmp_path / "site.tar.gz")

    assert result.exit_code == 0
    assert f"3 pieces of personal data cannot be opened without the data keys {cms.keyring.newest}" in result.stderr
    file = data_key_file(tmp_path / "other")
    assert str(file) in result.stderr
    with file.open("a") as added:
        added.write("\n" + (tmp_path / "elsewhere").read_text())
    assert read_back(tmp_path / "other", visits) == ("王小明", "内容")
    assert "MISSING" not in run(tmp_path / "other", "data-key", "status").output


def test_keys_of_the_environment_are_not_copied(filled, site, tmp_path):
    result = run(site, "backup", tmp_path / "site.tar.gz", CMS_DATA_KEY="e" * 48)

    assert "data keys: in CMS_DATA_KEY, not in the backup" in result.output
    assert not (tmp_path / "site.tar.gz.keys").exists()


def test_keys_in_the_configuration_are_pointed_out(filled, site, tmp_path):
    (site / "config.toml").write_text(f'data_key = "{"c" * 48}"\n')

    assert "data keys: in config.toml, and so in the backup" in run(site, "backup", tmp_path / "site.tar.gz").output


def test_backup_waits_for_no_rotation(filled, site, tmp_path):
    with rotation.rotation_lock(site):
        result = run(site, "backup", tmp_path / "site.tar.gz")

    assert result.exit_code == 1
    assert "data-key.lock is held" in str(result.exception)
    assert not (tmp_path / "site.tar.gz").exists()
