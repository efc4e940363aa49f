"""Writing and editing: what is typed is stored as meant, or stays in the form."""

import io

from pages import fields, id_of, text
from PIL import Image

from cms.content import queries
from cms.content.snapshot import Snapshot
from cms.testing.factories import make_draft, make_published


def stored(cms, content_id):
    with cms.reading() as session:
        return Snapshot.from_json(queries.latest_revision(session, queries.get(session, content_id)).snapshot)


def png(colour="red"):
    file = io.BytesIO()
    Image.new("RGB", (8, 6), colour).save(file, "PNG")
    file.seek(0)
    return file


def permit(section, **more):
    return {
        "title": "最低生活保障办理", "section_id": str(section("permits")), "body": "<p>凡符合条件的。</p>",
        "code": "430423-01", **more,
    }  # fmt: skip


def test_new_item_offers_the_types_by_group(writer):
    page = writer.get("/desk/content/new")

    assert 'href="/desk/content/new/permit"' in page.text
    assert "政府信息（编入公开目录）" in page.text


def test_section_of_one_type_needs_no_choice(writer, section):
    number = section("posts")

    assert writer.get(f"/desk/content/new?section={number}").location == f"/desk/content/new/post?section={number}"


def test_short_form_shows_what_the_type_names_and_the_rest_waits(writer):
    page = writer.get("/desk/content/new/permit").text
    short, _more, rest = page.partition("<details")

    assert short.index('name="title"') < short.index('name="section_id"') < short.index('name="code"')
    assert short.index('name="code"') < short.index('name="body"') < short.index('name="materials-0-name"')
    for name in ("conditions", "kind", "visits", "source", "meta-source", "openness", "expires_at"):
        assert f'name="{name}"' not in short, name
        assert f'name="{name}"' in rest, name
    assert "信息公开目录" in rest
    assert "索引号" not in rest


def test_rows_have_three_spare_ones(writer):
    typed = fields(writer.get("/desk/content/new/permit"))

    assert [name for name in typed if name.startswith("materials-") and name.endswith("-name")] == [
        "materials-0-name", "materials-1-name", "materials-2-name",
    ]  # fmt: skip


def test_section_defaults_and_declared_defaults_are_filled_in(writer, cms, section):
    from cms.sections.models import Section

    with cms.unit_of_work() as uow:
        chosen = uow.session.get(Section, section("permits"))
        chosen.defaults = {"source": "办公室", "catalog_node": "21", "kind": "行政给付"}

    typed = fields(writer.get("/desk/content/new/permit"))

    assert typed["section_id"] == str(section("permits"))
    assert (typed["source"], typed["catalog_node"], typed["kind"]) == ("办公室", "21", "行政给付")
    assert typed["openness"] == "public"
    assert typed["online"] == "y"


def test_every_kind_of_field_is_stored(writer, cms, section):
    typed = permit(
        section, summary="摘要", keywords="低保、救助", source="县政府", expires_at="2016-12-31T18:00",
        conditions="一\n二", kind="行政给付", opens_on="2016-03-01", visits="1", online="y", aliases="低保，五保",
        **{"meta-source": "股室来稿", "doc_no": "衡民发〔2016〕12号",
           "materials-0-name": "户口簿", "materials-0-copies": "2", "materials-0-form": "原件",
           "materials-2-name": "身份证", "materials-2-needed": "y"},
    )  # fmt: skip

    answer = writer.post("/desk/content/new/permit", data=typed)

    assert answer.status_code == 302, text(answer)
    saved = stored(cms, id_of(answer))
    assert saved.keywords == ("低保", "救助")
    assert saved.expires_at.isoformat() == "2016-12-31T10:00:00+00:00"
    assert saved.parts["meta"] == {
        "code": "430423-01", "source": "股室来稿", "conditions": "一\n二", "kind": "行政给付",
        "opens_on": "2016-03-01", "visits": 1, "online": True, "aliases": ["低保", "五保"],
        "materials": [
            {"name": "户口簿", "copies": 2, "form": "原件", "needed": False},
            {"name": "身份证", "copies": None, "form": "", "needed": True},
        ],
    }  # fmt: skip
    assert saved.parts["catalogue"]["doc_no"] == "衡民发〔2016〕12号"
    assert saved.source == "县政府"
    assert saved.issuer == "衡山县民政局"


def test_form_gives_back_what_was_stored(writer, cms, section):
    typed = permit(section, kind="行政给付", visits="2", **{"materials-0-name": "户口簿", "materials-0-copies": "3"})
    number = id_of(writer.post("/desk/content/new/permit", data=typed))
    before = stored(cms, number)

    again = fields(writer.get(f"/desk/content/{number}/edit"))
    assert writer.post(f"/desk/content/{number}/edit", data={**again, "action": "save"}).status_code == 302

    assert stored(cms, number) == before


def test_summary_cut_from_the_text_follows_the_text(writer, cms, section):
    number = id_of(writer.post("/desk/content/new/permit", data=permit(section)))
    assert stored(cms, number).summary == "凡符合条件的。"

    typed = fields(writer.get(f"/desk/content/{number}/edit"))
    assert typed["summary"] == ""
    writer.post(f"/desk/content/{number}/edit", data={**typed, "body": "<p>改过的正文。</p>"})

    assert stored(cms, number).summary == "改过的正文。"


def test_invalid_input_keeps_everything_typed(writer, cms, section):
    typed = permit(
        section, title="", body="<p>写了很久的正文</p>", visits="三次", expires_at="下周", summary="我的摘要",
        **{"meta-source": "股室来稿", "materials-0-name": "户口簿", "materials-0-copies": "两份",
           "materials-1-name": "", "materials-1-copies": "5", "materials-3-name": "照片"},
    )  # fmt: skip

    page = writer.post("/desk/content/new/permit", data=typed)

    assert page.status_code == 422
    kept = fields(page)
    assert {name: kept.get(name) for name in typed} == typed
    said = text(page)
    for problem in (
        "请填写标题。", "“到场次数”应为整数。", "“下线时间”应为日期和时间", "“申请材料”第 1 行：“份数”应为整数。",
        "“申请材料”第 2 行缺少“名称”。",
    ):  # fmt: skip
        assert problem in said
    with cms.reading() as session:
        assert session.scalars(queries.desk_items()).all() == []


def test_errors_hang_on_their_fields_and_cells(writer, section):
    typed = permit(section, title="", visits="x", **{"materials-0-name": "", "materials-0-copies": "1"})

    page = writer.post("/desk/content/new/permit", data=typed).text

    assert 'href="#title"' in page
    assert 'aria-describedby="title-error"' in page
    assert 'href="#materials-0-name"' in page
    assert 'id="materials-0-name-error"' in page
    # What is wrong lies in the rest of the form: it stands open.
    assert '<details class="card more" open>' in page


def test_errors_of_a_field_named_like_a_core_field_reach_it(writer, section):
    page = writer.post("/desk/content/new/permit", data=permit(section, **{"meta-source": "长" * 41})).text

    assert 'href="#meta-source"' in page


def test_plain_text_without_scripts_becomes_paragraphs(writer, cms, section):
    answer = writer.post("/desk/content/new/permit", data=permit(section, body="第一段\n\n第二段 <3"))

    assert stored(cms, id_of(answer)).body == "<p>第一段</p><p>第二段 &lt;3</p>"


def test_unknown_section_department_and_type_are_refused(writer, section):
    page = writer.post("/desk/content/new/permit", data=permit(section, section_id="9999", department_id="777"))

    assert page.status_code == 422
    assert "请选择栏目。" in text(page)
    assert "所选的科室已不存在" in text(page)
    assert writer.post("/desk/content/new/nothing", data={}).status_code == 404


def test_somebody_elses_item_is_not_theirs_to_edit(writer, cms):
    number = make_draft(cms, "post", "别人的")

    assert writer.get(f"/desk/content/{number}/edit").status_code == 403
    assert writer.post(f"/desk/content/{number}/edit", data={"title": "改"}).status_code == 403


def test_conflict_keeps_the_text_and_shows_the_other_change(publisher, sign_in, cms):
    from cms.accounts.policy import Role

    number = make_draft(cms, "post", "原标题", body="<p>原文第一段</p>")
    mine = fields(publisher.get(f"/desk/content/{number}/edit"))
    other = sign_in(Role.EDITOR, username="wang")
    theirs = fields(other.get(f"/desk/content/{number}/edit"))
    other.post(f"/desk/content/{number}/edit", data={**theirs, "body": "<p>别人改的第一段</p>"})

    page = publisher.post(f"/desk/content/{number}/edit", data={**mine, "title": "我的标题"})

    assert page.status_code == 409
    assert fields(page)["title"] == "我的标题"
    assert fields(page)["body"] == "<p>原文第一段</p>"
    assert "wang 在 2016-06-01 10:00 保存过这条内容" in text(page)
    assert "<ins>别人改的</ins>" in page.text
    assert stored(cms, number).title == "原标题"

    again = publisher.post(f"/desk/content/{number}/edit", data=fields(page))
    assert again.status_code == 302
    assert stored(cms, number).title == "我的标题"


def test_version_survives_an_invalid_attempt(publisher, sign_in, cms):
    """An error shown meanwhile must not hide the conflict."""
    from cms.accounts.policy import Role

    number = make_draft(cms, "post", "原标题")
    mine = fields(publisher.get(f"/desk/content/{number}/edit"))
    invalid = publisher.post(f"/desk/content/{number}/edit", data={**mine, "title": ""})
    other = sign_in(Role.EDITOR, username="wang")
    other.post(f"/desk/content/{number}/edit", data=fields(other.get(f"/desk/content/{number}/edit")))

    again = publisher.post(f"/desk/content/{number}/edit", data={**fields(invalid), "title": "新"})

    assert (invalid.status_code, again.status_code) == (422, 409)


def test_files_sent_with_the_form_are_attached(writer, cms, section):
    typed = {**permit(section), "files": [(png(), "会场.png"), (io.BytesIO("名单".encode()), "名单.txt")]}

    number = id_of(writer.post("/desk/content/new/permit", data=typed, content_type="multipart/form-data"))

    assert [use.role.value for use in stored(cms, number).assets] == ["image", "attachment"]


def test_one_bad_file_loses_neither_the_good_one_nor_the_text(writer, section):
    typed = {**permit(section), "files": [(png(), "会场.png"), (io.BytesIO(b"MZ\x00"), "病毒.exe")]}

    page = writer.post("/desk/content/new/permit", data=typed, content_type="multipart/form-data")

    assert page.status_code == 422
    assert "病毒.exe：不支持这种文件" in text(page)
    assert fields(page)["assets"] == "1"
    assert fields(page)["title"] == "最低生活保障办理"


def test_files_have_order_caption_role_and_alternative_text(writer, cms, section):
    from cms.media.models import Asset

    ids = [writer.post("/desk/media/upload", data={"file": (png(c), f"{c}.png")}).json["id"] for c in ("red", "blue")]
    typed = permit(
        section, assets=[str(one) for one in reversed(ids)],
        **{f"assets-{ids[0]}-caption": "会场", f"assets-{ids[0]}-alt": "一间会议室"},
        **{f"assets-{ids[1]}-role": "image_cover"},
    )  # fmt: skip

    number = id_of(writer.post("/desk/content/new/permit", data=typed))

    saved = stored(cms, number)
    assert [(use.asset_id, use.role.value, use.caption) for use in saved.assets] == [
        (ids[1], "image", ""), (ids[0], "image", "会场"),
    ]  # fmt: skip
    assert saved.cover_id == ids[1]
    with cms.reading() as session:
        assert session.get(Asset, ids[0]).alt == "一间会议室"
    again = fields(writer.get(f"/desk/content/{number}/edit"))
    assert again["assets"] == [str(ids[1]), str(ids[0])]
    assert again[f"assets-{ids[1]}-role"] == "image_cover"
    without = {**again, f"assets-{ids[0]}-remove": "1"}
    writer.post(f"/desk/content/{number}/edit", data=without)
    assert [use.asset_id for use in stored(cms, number).assets] == [ids[1]]


def test_two_covers_and_forged_files_do_not_pass(writer, cms, section):
    ids = [writer.post("/desk/media/upload", data={"file": (png(c), f"{c}.png")}).json["id"] for c in ("red", "blue")]
    covers = {f"assets-{one}-role": "cover" for one in ids}

    page = writer.post("/desk/content/new/permit", data=permit(section, assets=ids, **covers))
    forged = writer.post("/desk/content/new/permit", data=permit(section, assets=["99999", "abc"]))

    assert "封面只能选一张图片。" in text(page)
    assert stored(cms, id_of(forged)).assets == ()


def test_upload_answers_as_the_editor_expects(writer):
    good = writer.post("/desk/media/upload", data={"file": (png(), "会场 全景.png")})
    bad = writer.post("/desk/media/upload", data={"file": (io.BytesIO(b"<svg onload=alert(1)>"), "图.svg")})
    none = writer.post("/desk/media/upload", data={})

    assert good.status_code == 201
    assert (good.json["id"], good.json["alt"], good.json["name"]) == (1, "", "会场_全景.png")
    assert (bad.status_code, list(bad.json)) == (422, ["error"])
    assert (none.status_code, list(none.json)) == (422, ["error"])


def test_links_are_stored_without_the_base_path(make_app, cms, settings):
    from cms.accounts.policy import Role
    from cms.testing.factories import PASSWORD, make_user

    app = make_app(public_url="http://gov.example/mzj")
    app.config["WTF_CSRF_ENABLED"] = False
    make_user(cms, "li", Role.EDITOR)
    client = app.test_client()
    base = {"base_url": "http://gov.example/"}
    entered = client.post("/mzj/desk/login?next=/desk/content", data={"username": "li", "password": PASSWORD}, **base)
    assert entered.location == "/mzj/desk/content"
    page = client.get("/mzj/desk/content/new/post", **base)
    typed = {**fields(page), "title": "带图", "body": '<p><img src="/mzj/media/7/a.png" alt="甲"></p>'}

    answer = client.post("/mzj/desk/content/new/post", data=typed, **base)

    assert answer.status_code == 302, text(answer)
    assert '<img src="/media/7/a.png" alt="甲">' in stored(cms, id_of(answer)).body
    shown = fields(client.get(f"/mzj/desk/content/{id_of(answer)}/edit", **base))
    assert 'src="/mzj/media/7/a.png"' in shown["body"]


HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "\x00\x08\ufffe", "\u202eoverride",
    "'; DROP TABLE content; --", "%s %d {0} {x}", "𠮷" * 40, "\r\n\r\n", "A" * 9_000,
)  # fmt: skip


def test_hostile_text_in_every_field_is_harmless(publisher, section):
    names = list(fields(publisher.get("/desk/content/new/permit")))
    for nasty in HOSTILE:
        typed = {name: nasty for name in names if name != "csrf_token"}
        page = publisher.post("/desk/content/new/permit", data={**typed, "assets": nasty})
        assert page.status_code in {302, 422}, (nasty, page.status_code)
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert ">49<" not in page.text
        plain = dict.fromkeys(("title", "summary", "keywords", "source", "issuer", "conditions", "body"), nasty)
        answer = publisher.post("/desk/content/new/permit", data={**permit(section), **plain})
        if answer.status_code == 302:
            number = id_of(answer)
            for tail in ("", "/edit", "/history", "/preview"):
                shown = publisher.get(f"/desk/content/{number}{tail}")
                assert shown.status_code == 200
                assert "<script>alert" not in shown.text
                assert "<img src=x" not in shown.text
    assert publisher.get("/desk/content?q=" + "%25" + "&state=%00&section=9e9&page=-5&type='").status_code == 200


def test_published_item_stays_as_it_is_while_it_is_edited(publisher, cms, client):
    number = make_published(cms, "post", "线上标题")
    typed = fields(publisher.get(f"/desk/content/{number}/edit"))

    publisher.post(f"/desk/content/{number}/edit", data={**typed, "title": "新标题"})

    assert "线上标题" in client.get(f"/posts/{number}.html").text
    assert "改动未发布" in publisher.get("/desk/content").text
