"""The registers in the desk, and what the annual report makes of them."""

import io

import pytest
from cms_plugins.supervision.kinds import Kind

from cms.accounts.policy import MACHINE, Role

LINE = {
    "occurred_on": "2016-03-08", "subject": "新条例学习", "category": "", "quantity": "1", "people": "36", "amount": "",
    "until": "", "outcome": "", "source": "签到册第3页", "note": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_tokens(app):
    app.config["WTF_CSRF_ENABLED"] = False


def test_a_line_is_typed_summed_and_drilled_down(officer):
    saved = officer.post("/desk/supervision/training", data=LINE, follow_redirects=True)

    assert "已登记" in saved.text
    assert "接受培训</span><strong>36<small>人次" in saved.text
    assert "新条例学习" in officer.get("/desk/figures/trainings.people?year=2016").text


def test_what_was_typed_stays_when_it_will_not_do(officer, figure):
    wrong = officer.post(
        "/desk/supervision/training", data={**LINE, "people": "许多", "occurred_on": "2016-13-01", "source": ""}
    )

    assert wrong.status_code == 422
    for text in ("许多", "2016-13-01", "应为整数", "请填写日期", "请写明依据"):
        assert text in wrong.text
    assert figure("trainings.sessions") == (0, 0)


def test_a_file_that_proves_the_line_is_kept_with_it(officer):
    data = {**LINE, "file": (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "签到册.pdf")}

    page = officer.post("/desk/supervision/training", data=data, follow_redirects=True).text

    assert "附件</a>" in page
    with officer.get("/media/1/file", follow_redirects=True) as file:
        assert file.status_code == 200


def test_staff_who_leave_are_ended_and_mistakes_taken_back(officer, figure):
    for name in ("干事", "科员"):
        data = {**LINE, "subject": name, "category": "part_time", "occurred_on": "2015-01-01"}
        officer.post("/desk/supervision/staff", data=data)
    assert officer.post("/desk/supervision/lines/1/end", data={"until": "", "source": ""}).status_code == 422
    ended = officer.post(
        "/desk/supervision/lines/1/end", data={"until": "2016-05-01", "source": "调令"}, follow_redirects=True
    )
    assert "已登记终止日期" in ended.text
    assert figure("staff.part_time") == (1, 1)

    assert officer.post("/desk/supervision/lines/2/counter", data={"reason": ""}).status_code == 422
    officer.post("/desk/supervision/lines/2/counter", data={"reason": "重复登记"})
    page = officer.get("/desk/supervision/staff?year=2016").text

    assert figure("staff.part_time") == (0, 0)
    for text in ("已冲销", "冲销第 2 号", "终止第 1 号", "至 2016-05-01"):
        assert text in page
    assert officer.get("/desk/supervision/lines/2/counter").status_code == 404
    assert officer.get("/desk/supervision/lines/1/end").status_code == 404


@pytest.mark.parametrize("kind", list(Kind))
def test_every_register_has_its_page(officer, kind):
    page = officer.get(f"/desk/supervision/{kind.value}?year=2016")

    assert page.status_code == 200
    assert "登记一条" in page.text


def test_others_see_nothing_of_it(app, add, sign_in, client):
    add("training", people=1)
    paths = ["", "/training", "/lines/1/end", "/lines/1/counter"]

    for role in set(Role) - {Role.OFFICER}:
        person = sign_in(role, username=role.value)
        assert {person.get(f"/desk/supervision{path}").status_code for path in paths} == {403}
    assert {client.get(f"/desk/supervision{path}").status_code for path in paths} == {302}


def test_a_list_costs_the_same_queries_however_long_it_is(add, officer, queries):
    def cost_of_the_page():
        queries.clear()
        officer.get("/desk/supervision/training?year=2016")
        return len(queries)

    for _ in range(3):
        add("training", people=1)
    few = cost_of_the_page()
    for _ in range(40):
        add("training", people=1)

    assert cost_of_the_page() == few


@pytest.fixture
def report_of(app, cms):
    def report_of(year):
        from cms_plugins.disclosure_report.building import build
        from cms_plugins.disclosure_report.format_file import formats

        with app.app_context(), cms.reading() as session:
            return build(session, cms.contributions.figures, year=year, form=formats().for_year(year))

    return report_of


CELLS = ("S8.1", "S8.2", "S8.3", "S8.3.1", "S8.3.2", "S8.4", "S9.1", "S9.2", "S9.3")


def cells(report):
    found = {one.code: one for one in report.numbers()}
    return [None if found[code].value is None else float(found[code].value) for code in CELLS]


def test_the_report_takes_what_is_registered_and_does_not_guess_the_rest(add, report_of):
    assert cells(report_of(2016)) == [None] * 9

    add("office", "2010-01-01", "办公室")
    add("point", "2010-01-01", "档案室")
    add("staff", "2015-01-01", "专员", category="full_time", quantity=0)
    add("staff", "2015-01-01", "干事", category="part_time", quantity=2)
    add("funds", subject="没有列支", amount=0)
    add("meeting", category="work", quantity=3)
    add("training", people=36)

    assert cells(report_of(2016)) == [1, 1, 2, 0, 2, 0, 3, 1, 36]


def test_values_entered_by_hand_stand_while_nothing_is_registered(app, cms, add, report_of):
    from cms_plugins.disclosure_report.format_file import formats
    from cms_plugins.disclosure_report.lifecycle import open_report
    from cms_plugins.disclosure_report.manual import ManualInput, record_value

    form = formats().for_year(2016)
    with app.app_context(), cms.unit_of_work() as uow:
        open_report(uow, 2016, form, actor=MACHINE)
        given = ManualInput(code="S9.3", value="36", source="签到册")
        record_value(uow, cms.contributions.figures, form, 2016, given, actor=MACHINE)
    by_hand = next(one for one in report_of(2016).numbers() if one.code == "S9.3")
    assert (by_hand.value, by_hand.computed) == (36, None)

    add("training", people=30)
    contradicted = next(one for one in report_of(2016).numbers() if one.code == "S9.3")
    assert (contradicted.value, contradicted.computed) == (36, 30)
