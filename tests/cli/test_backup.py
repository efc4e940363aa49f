"""A backup taken while the site runs makes the same site somewhere else."""

import tarfile

import pytest
from click.testing import CliRunner

from cms.accounts.policy import MACHINE
from cms.app import create_app
from cms.cli import cli
from cms.config import Settings
from cms.content.snapshot import AssetUse
from cms.media.services import add_asset
from cms.testing.factories import make_published


def run(site, *arguments):
    return CliRunner(env={"CMS_SITE": str(site), "CMS_SEARCH_URL": "memory:"}).invoke(
        cli, [str(one) for one in arguments]
    )


@pytest.fixture
def archive(app, cms, site, tmp_path):
    with cms.unit_of_work() as uow:
        asset = add_asset(uow, cms.store, actor=MACHINE, filename="名单.txt", content="附件内容".encode())
    make_published(cms, "news", "要备份的一条", assets=(AssetUse(asset_id=asset.id),))
    (site / "config.toml").write_text('public_url = "http://localhost"\n')
    result = run(site, "backup", tmp_path / "site.tar.gz")
    assert result.exit_code == 0, result.output
    return tmp_path / "site.tar.gz"


def test_restored_site_is_the_same(archive, site, tmp_path):
    result = run(tmp_path / "other", "restore", archive)

    assert result.exit_code == 0, result.output
    restored = Settings.load(tmp_path / "other", {}, search_url="memory:")
    assert restored.secret_key == Settings.load(site, {}).secret_key
    app = create_app(restored)
    client = app.test_client()
    assert "要备份的一条" in client.get("/news/1.html").text
    assert client.get("/media/1/名单.txt", buffered=True).data.decode() == "附件内容"
    app.extensions["cms"].close()
    assert (tmp_path / "other" / "keys" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_backup_is_for_its_owner_only(archive):
    assert archive.stat().st_mode & 0o777 == 0o600


def test_restore_never_overwrites_a_site(archive, site):
    result = run(site, "restore", archive)

    assert result.exit_code == 1
    assert "is not empty" in str(result.exception)


def test_half_a_backup_is_refused_and_leaves_nothing(archive, tmp_path):
    half = tmp_path / "half.tar.gz"
    half.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])

    result = run(tmp_path / "other", "restore", half)

    assert result.exit_code == 1
    assert "is not a whole backup" in str(result.exception)
    assert not (tmp_path / "other").exists()


def test_archive_that_climbs_out_is_refused(tmp_path):
    evil = tmp_path / "evil.tar.gz"
    (tmp_path / "payload").write_text("x")
    with tarfile.open(evil, "w:gz") as archive:
        archive.add(tmp_path / "payload", "../../escaped")

    result = run(tmp_path / "folder" / "other", "restore", evil)

    assert result.exit_code == 1
    assert not (tmp_path / "escaped").exists()
