"""Files of the editions: what a mistake in one is told, and how a site corrects a value."""

import shutil
from datetime import date

import pytest

from cms.app import create_app
from cms.editions import loading
from cms.editions.loading import EditionError, bundled_editions, load_editions
from cms.web.doctor import examine
from cms.web.editions import edition_on


@pytest.fixture
def corrected(tmp_path):
    """Return a function that writes a file of the site and reads the editions with it."""

    def read(text, name="2019.toml"):
        (tmp_path / name).write_text(text, "utf-8")
        return load_editions(tmp_path)

    return read


def test_without_files_the_bundled_editions_stand(tmp_path):
    assert load_editions(tmp_path / "missing") is bundled_editions()


def test_a_site_corrects_values_by_naming_them(corrected):
    editions = corrected(
        '[clocks.correct_reply]\nn = 10\nunverified = false\n\n[answers.not_exist]\nremedy = "review_first"\n'
        '[results."A3.3.1"]\nground = "属于国家秘密。"\n'
    )
    new = editions.named("2019")

    assert (new.clocks["correct_reply"].n, new.clocks["correct_reply"].unverified) == (10, False)
    assert new.remedy(new.answer("not_exist"), date(2026, 1, 5)).code == "review_first_2024"
    assert new.result("A3.3.1").ground == "属于国家秘密。"
    assert editions.named("2007") == bundled_editions().named("2007")
    assert editions.overrides == (
        "2019: clocks.correct_reply.n", "2019: clocks.correct_reply.unverified", "2019: answers.not_exist.remedy",
        "2019: results.A3.3.1.ground",
    )  # fmt: skip
    assert bundled_editions().named("2019").clocks["correct_reply"].n == 15


def test_a_new_law_brings_a_remedy_with_a_date_of_its_own(corrected):
    editions = corrected(
        '[choice_2027]\nkind = "choice"\nin_force_from = 2027-07-01\nreview_days = 30\nlitigation_months = 6\n'
        'article = "新法"\ntext = "可以向{review_organ}申请行政复议。"\n',
        "remedies.toml",
    )
    new = editions.named("2019")

    assert new.remedy(new.answer("disclose"), date(2027, 6, 30)).code == "choice_2015"
    assert new.remedy(new.answer("disclose"), date(2027, 7, 1)).review_days == 30


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[clocks.answer\n", "2019.toml: "),
        ("[clocks.anwser]\nn = 3", "2019.toml: clocks.anwser: there is nothing of that form and name to correct"),
        ("[moves]\nA9 = 3", "2019.toml: moves.A9: must be a table"),
        ("clocks = 3", "2019.toml: clocks: there is nothing of that form and name to correct"),
        ("[clocks.answer]\nn = 0", "2019.toml: clocks.answer: "),
        ('[clocks.answer]\nn = "many"', "2019.toml: clocks.answer.n: Input should be a valid integer"),
        ("[clocks.answer]\ndays = 3", "2019.toml: clocks.answer.days: "),
        ('[results."A3.1"]\nlabel = 3', "2019.toml: results.A3.1.label: Input should be a valid string"),
        ('[answers.withhold]\nresults = ["A9"]', "answers.withhold.results: there is no result 'A9'"),
        ('[answers.withhold]\ngrounds = ["A3.1"]', "answers.withhold.grounds: result 'A3.1' has no ground"),
        ('[answers.disclose]\ntext = "{who}"', "answers.disclose.text: unknown token {who}"),
        ('[answers.disclose]\ntext = "{ground}"', "answers.disclose: grounds and the token {ground} need each other"),
        ('[answers.disclose]\nletter = ""', "answers.disclose: a letter needs a text, and a text a letter"),
        ('[answers.other]\nresults = ["A3.6.2"]', "results.A3.6.3: no answer ends in it"),
        ("in_force_from = 2019-06-01", "2007.toml: in_force_to must be the day before 2019-06-01"),
        ('[moves.A1]\nto = "S99"', "2019.toml: moves: A1 → S99"),
        ("[report_due]\ndepartment = [1]", "2019.toml: report_due.department"),
    ],
)
def test_mistakes_are_told_with_file_and_place(corrected, text, problem):
    with pytest.raises(EditionError) as refused:
        corrected(text)
    assert problem in str(refused.value)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("2030.toml", "", "2030.toml: there is no such file to correct; known are 2007, 2019, remedies"),
        ("remedies.toml", '[choice_2015]\ntext = "{nobody}"', "remedies.choice_2015.text: unknown token {nobody}"),
        ("remedies.toml", '[new]\nkind = "choice"', "remedies.toml: new.in_force_from: Field required"),
        ("remedies.toml", "new = 3", "remedies.toml: new: must be a table"),
    ],
)
def test_mistakes_in_other_files_are_told_too(corrected, name, text, problem):
    with pytest.raises(EditionError) as refused:
        corrected(text, name)
    assert problem in str(refused.value)


def test_each_site_has_its_own_editions(make_app, site, tmp_path):
    plain = make_app()
    other = shutil.copytree(site, tmp_path / "other")
    (other / "editions").mkdir()
    (other / "editions" / "2007.toml").write_text("[clocks.extend]\nn = 10\n", "utf-8")
    changed = make_app(site=other)

    found = {}
    for name, app in (("plain", plain), ("changed", changed)):
        with app.app_context():
            found[name] = edition_on(date(2016, 3, 1)).clocks["extend"].n
    assert found == {"plain": 15, "changed": 10}
    assert edition_on(date(2016, 3, 1)) is bundled_editions().named("2007")
    lines = {check.id: check.message for check in examine(changed.extensions["cms"])}
    assert lines["editions"] == "本站改动了 1 处：2007: clocks.extend.n"


def test_a_site_with_a_wrong_file_does_not_start(settings, site):
    (site / "editions").mkdir()
    (site / "editions" / "2019.toml").write_text("[clocks.answer]\nn = -1\n", "utf-8")

    with pytest.raises(EditionError, match=r"2019\.toml: clocks\.answer"):
        create_app(settings)


def test_bundled_files_are_part_of_the_product():
    assert sorted(path.name for path in loading.FOLDER.iterdir()) == ["2007.toml", "2019.toml", "remedies.toml"]
