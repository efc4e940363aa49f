import pytest

from cms.accounts.policy import Role
from cms.content.models import Content
from cms.search.projection import lag
from cms.sections.queries import tree
from cms.testing.factories import make_section

FORM = {
    "title": "工作动态", "segment": "gzdt", "parent_id": "", "column_type": "工作动态", "description": "民政工作",
    "keywords": "民政,动态", "in_navigation": "y", "default_type": "", "department_id": "", "update_days": "14",
    "review_steps": "2", "openness": "public", "catalog_node": "20.02", "source": "本单位",
}  # fmt: skip


@pytest.fixture
def client(sign_in):
    return sign_in(Role.SYSTEM_ADMIN)


def sections(cms):
    with cms.reading() as session:
        return {one.path: one for one in tree(session).walk()}


def test_a_section_keeps_everything_that_was_typed(client, cms):
    parent = make_section(cms, "xwzx", "新闻中心")

    answer = client.post("/desk/sections/new", data={**FORM, "parent_id": str(parent)})

    assert (answer.status_code, answer.location) == (302, "/desk/sections")
    saved = sections(cms)["xwzx/gzdt"]
    assert (saved.title, saved.column_type, saved.review_steps, saved.update_days) == ("工作动态", "工作动态", 2, 14)
    assert saved.in_navigation is True
    assert saved.defaults == {"openness": "public", "catalog_node": "20.02", "source": "本单位"}
    page = client.get(f"/desk/sections/{saved.id}").text
    assert 'value="gzdt"' in page
    assert '<option selected value="20.02">' in page


def test_wrong_input_comes_back_with_all_that_was_typed(client, cms):
    before = set(sections(cms))

    answer = client.post(
        "/desk/sections/new",
        data={**FORM, "title": "", "segment": "工作 动态", "update_days": "0", "description": "说明<b>"},
    )

    assert answer.status_code == 422
    for text in (
        "请填写栏目名称。",
        "地址用小写字母",
        "更新期限为 1 到 3650 天",
        "工作 动态",
        "说明&lt;b&gt;",
        "本单位",
    ):
        assert text in answer.text
    assert set(sections(cms)) == before


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"segment": "search"}, "是系统保留的"),
        ({"segment": "taken"}, "同级栏目中已有地址"),
        ({"update_days": "两周"}, "请填写数字。"),
        ({"default_type": "no-such"}, "没有这个内容类型"),
        ({"parent_id": "999"}, "所选的上级栏目已不存在"),
        ({"department_id": "999"}, "所选的科室已不存在"),
        ({"review_steps": "4"}, "审核级数为 0 到 3"),
    ],
)
def test_each_rule_has_its_sentence(client, cms, changed, sentence):
    make_section(cms, "taken")

    answer = client.post("/desk/sections/new", data={**FORM, **changed})

    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_section_cannot_move_below_itself(client, cms):
    top = make_section(cms, "a", "甲")
    below = make_section(cms, "a/b", "乙")

    answer = client.post(f"/desk/sections/{top}", data={**FORM, "segment": "a", "parent_id": str(below)})

    assert answer.status_code == 422
    assert "栏目不能移到自己的下级。" in answer.text


def test_order_buttons_move_a_section_among_its_siblings(client, cms):
    first, second = make_section(cms, "one-a", "一"), make_section(cms, "two-b", "二")
    before = [one for one in sections(cms) if one in {"one-a", "two-b"}]

    client.post(f"/desk/sections/{second}/move", data={"step": "up"})

    assert before == ["one-a", "two-b"]
    assert [one for one in sections(cms) if one in before] == ["two-b", "one-a"]
    assert first != second


def put_item(cms, section_id, *, live):
    with cms.unit_of_work() as uow:
        item = Content(type="note", section_id=section_id, title="一条", created_at=uow.clock.now())
        item.updated_at = uow.clock.now()
        item.live_revision_id = 1 if live else None
        uow.session.add(item)


def test_moving_a_section_moves_what_is_below_and_announces_its_public_items(client, cms):
    top = make_section(cms, "a", "甲")
    below = make_section(cms, "a/b", "乙")
    put_item(cms, below, live=True)
    put_item(cms, below, live=False)

    client.post(f"/desk/sections/{top}", data={**FORM, "segment": "a"})
    with cms.reading() as session:
        assert lag(session) == 0
    client.post(f"/desk/sections/{top}", data={**FORM, "segment": "z"})

    assert {"z", "z/b"} <= set(sections(cms))
    with cms.reading() as session:
        assert lag(session) == 1


def test_only_empty_sections_can_be_deleted(client, cms):
    top, below = make_section(cms, "a", "甲"), make_section(cms, "a/b", "乙")
    full = make_section(cms, "c", "丙")
    put_item(cms, full, live=False)

    refused = [client.post(f"/desk/sections/{one}/delete", follow_redirects=True) for one in (top, full)]
    client.post(f"/desk/sections/{below}/delete")
    client.post(f"/desk/sections/{top}/delete")

    assert all("还有内容或下级栏目，不能删除" in answer.text for answer in refused)
    assert {"a", "a/b", "c"} & set(sections(cms)) == {"c"}


def test_a_department_can_be_added_ordered_and_removed(client, cms):
    client.post("/desk/departments/new", data={"name": "办公室", "phone": "0734-1", "duties": "综合"})
    client.post("/desk/departments/new", data={"name": "救助股", "phone": "", "duties": ""})
    again = client.post("/desk/departments/new", data={"name": "办公室", "phone": "0734-2", "duties": "重复"})
    assert again.status_code == 422
    assert "科室“办公室”已存在。" in again.text
    assert "0734-2" in again.text

    client.post("/desk/departments/2/move", data={"step": "up"})
    page = client.get("/desk/departments").text
    assert page.index("救助股") < page.index("办公室")

    client.post("/desk/departments/1/delete")
    assert "办公室" not in client.get("/desk/departments").text.split("科室“办公室”已删除。")[1]
