"""Sealing: what was sealed opens with its key and at its place, and tells nothing to anybody else."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cms.config import Settings, data_key_file
from cms.kernel.errors import ConfigError, Unavailable
from cms.personal.keyring import KeyMissing, Keyring, SealBroken, key_id_of

OLD, NEW = "o" * 40, "n" * 40
PLACE = "visits__visit.personal"


def ring(*keys):
    return Keyring(lambda: keys)


@given(st.dictionaries(st.text(), st.text()))
def test_what_was_sealed_is_opened(values):
    token = ring(NEW).seal(values, PLACE)

    assert ring(NEW).open(token, PLACE) == values


@given(st.binary(max_size=300))
def test_bytes_that_were_sealed_are_opened(content):
    sealed = ring(NEW).seal_bytes(content, PLACE)

    assert ring(NEW).open_bytes(sealed, PLACE) == content
    assert len(content) < 8 or content not in sealed


def test_sealed_text_shows_neither_the_values_nor_their_lengths():
    short, long = (ring(NEW).seal({"name": name}, PLACE) for name in ("王", "王小明明"))

    assert len(short) == len(long)
    assert "name" not in short
    assert ring(NEW).seal({"name": "王"}, PLACE) != short


def test_old_keys_open_and_the_newest_seals():
    token = ring(OLD).seal({"name": "王"}, PLACE)
    both = ring(NEW, OLD)

    assert both.open(token, PLACE) == {"name": "王"}
    assert key_id_of(both.seal({"name": "王"}, PLACE)) == both.newest == ring(NEW).newest != key_id_of(token)
    assert list(both.key_ids) == [*ring(NEW).key_ids, *ring(OLD).key_ids]


def test_missing_key_is_named_with_the_remedy():
    token = ring(OLD).seal({"name": "王"}, PLACE)

    with pytest.raises(KeyMissing, match=rf"缺少编号为 {key_id_of(token)} 的数据密钥.*keys/data_key.*CMS_DATA_KEY"):
        ring(NEW).open(token, PLACE)
    with pytest.raises(KeyMissing):
        ring(NEW).open_bytes(ring(OLD).seal_bytes(b"x", PLACE), PLACE)


def test_sealed_data_cannot_be_moved_to_another_column():
    keys = ring(NEW)

    with pytest.raises(SealBroken, match=r"visits__visit\.code"):
        keys.open(keys.seal({"name": "王"}, PLACE), "visits__visit.code")
    with pytest.raises(SealBroken):
        keys.open_bytes(keys.seal_bytes(b"x", PLACE), "visits__visit.code")


TOKEN = ring(NEW).seal({"name": "王"}, PLACE)


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from("abcXYZ019-_.=é "))
def test_any_change_is_noticed(place, letter):
    assume(TOKEN[place] != letter)
    changed = TOKEN[:place] + letter + TOKEN[place + 1 :]

    with pytest.raises((SealBroken, KeyMissing)):
        ring(NEW).open(changed, PLACE)


@given(st.text())
def test_text_that_was_never_sealed_is_refused(text):
    if text:
        with pytest.raises((SealBroken, KeyMissing)):
            ring(NEW).open(text, PLACE)
    else:
        assert ring(NEW).open(text, PLACE) == {}


@given(st.binary())
def test_bytes_that_were_never_sealed_are_refused(content):
    for sealed in (content, b"GKF1" + content, ring(NEW).seal_bytes(b"", PLACE)[:8] + content):
        with pytest.raises((SealBroken, KeyMissing)):
            ring(NEW).open_bytes(sealed, PLACE)


@pytest.mark.parametrize(
    ("kind", "spellings"),
    [
        (
            "id_number",
            ["11010519491231002X", " 110105 1949-1231 002x", "１１０１０５１９４９１２３１００２Ｘ", "110105491231002"],
        ),
        ("phone", ["13812345678", "+86 138-1234-5678", "0086 138 1234 5678", "138\u200b12345678", "8613812345678"]),
        ("phone", ["0734-5812345", "(0734) 5812345", "+86 734 5812345", "+86-0734-5812345"]),
        ("email", ["Wang@Example.cn", " wang@example.CN", "ｗａｎｇ＠example.cn"]),
        ("uscc", ["11430423006351234X", "11430423 0063 5123 4x"]),
        ("name", ["买买提·艾力", "买买提•艾力", "买买提 . 艾力", "买买提・艾力"]),
        ("case", ["ABC", "abc", "a b c"]),
    ],
)
def test_spellings_of_the_same_value_have_the_same_fingerprint(kind, spellings):
    assert len({ring(NEW).fingerprint(kind, one) for one in spellings}) == 1


def test_fingerprints_differ_by_value_by_kind_and_by_key():
    prints = [
        ring(NEW).fingerprint("phone", "13812345678"), ring(NEW).fingerprint("phone", "13812345679"),
        ring(NEW).fingerprint("id_number", "13812345678"), ring(OLD).fingerprint("phone", "13812345678"),
    ]  # fmt: skip

    assert len(set(prints)) == 4
    assert list(ring(NEW, OLD).fingerprints("phone", "138 1234 5678")) == [prints[0], prints[3]]


@pytest.mark.parametrize(("kind", "value"), [("phone", "无"), ("name", " \u200b"), ("id_number", "—"), ("other", "")])
def test_nothing_has_no_fingerprint(kind, value):
    assert ring(NEW).fingerprint(kind, value) == ""
    assert ring(NEW).fingerprints(kind, value) == ()


@given(st.text(), st.sampled_from(["id_number", "phone", "email", "uscc", "name", "other"]))
def test_fingerprint_fits_its_column(value, kind):
    assert len(ring(NEW).fingerprint(kind, value)) <= 48


def test_key_that_is_added_to_the_file_is_used_at_once(site):
    keys = Keyring.of(Settings.load(site, {}))
    token, first = keys.seal({"name": "王"}, PLACE), keys.newest
    file = data_key_file(site)

    added = file.with_name("new")
    added.write_text(f"{NEW}\n{file.read_text()}")
    added.replace(file)

    assert keys.newest == ring(NEW).newest != first
    assert keys.open(token, PLACE) == {"name": "王"}


def test_file_that_is_gone_while_the_site_runs_stops_nothing(site):
    keys = Keyring.of(Settings.load(site, {}))
    token = keys.seal({"name": "王"}, PLACE)
    data_key_file(site).unlink()

    assert keys.open(token, PLACE) == {"name": "王"}


@pytest.mark.parametrize("content", ["", "\n", "short\n", "坏" * 40, NEW + "\nshort\n"])
def test_broken_key_file_is_named(site, content):
    settings = Settings.load(site, {})
    data_key_file(site).write_text(content, "utf-8")

    with pytest.raises(Unavailable, match=r"数据密钥文件 .*keys/data_key"):
        Keyring.of(settings).seal({"name": "王"}, PLACE)


def test_keys_of_the_environment_come_before_the_file(site):
    keys = Keyring.of(Settings.load(site, {"CMS_DATA_KEY": f"{NEW}, {OLD}"}))

    assert list(keys.key_ids) == [*ring(NEW).key_ids, *ring(OLD).key_ids]


def test_key_file_is_for_its_owner_only(site):
    assert data_key_file(site).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({"CMS_DATA_KEY": f"{NEW},short"}, "data_key is too short"),
        ({"CMS_DATA_KEY": f"{OLD},{NEW}", "CMS_SECRET_KEY": NEW}, "secret_key and data_key are the same"),
    ],
)
def test_bad_keys_are_refused(site, variables, problem):
    with pytest.raises(ConfigError, match=problem):
        Settings.load(site, variables)


def test_keys_take_no_random_numbers_from_each_other():
    tokens = {ring(NEW).seal({"a": "b"}, PLACE) for _ in range(200)}

    assert len(tokens) == 200
    assert {token[:13] for token in tokens} == {f"gk1.{ring(NEW).newest}."}
