"""From the writer to the public, and back."""

import pytest
from pages import fields, id_of, text
from sqlalchemy import select

from cms.accounts.policy import Role
from cms.content.enums import Exclusion, State
from cms.content.models import Publication
from cms.testing.factories import make_draft, make_published, make_section


def write(client, section, title="低保新标准", action="submit", **more):
    typed = {"title": title, "section_id": str(section), "body": "<p>月标准提高到 350 元。</p>", **more}
    return id_of(client.post("/desk/content/new/post", data={**typed, "action": action}))


def review(client, number, conclusion="approve", disclosure="公开", comment=""):
    typed = fields(client.get(f"/desk/content/{number}/review"))
    given = {**typed, "disclosure": disclosure, "comment": comment, "conclusion": conclusion}
    return client.post(f"/desk/content/{number}/review", data=given)


def publish(client, number, **when):
    return client.post(f"/desk/content/{number}/publish", data=when or {"when": "now"})


@pytest.fixture
def strict(cms):
    """A section that asks for three signatures."""
    return make_section(cms, "strict", "重要文件", default_type="post", review_steps=3)


def test_writer_reviewer_publisher(writer, reviewer, publisher, client, section, content):
    number = write(writer, section("posts"))
    assert content(number).state is State.REVIEW
    assert client.get(f"/posts/{number}.html").status_code == 404

    assert review(reviewer, number, comment="同意").location == "/desk/review"
    assert content(number).state is State.APPROVED
    assert publish(publisher, number).location == f"/desk/content/{number}"

    assert content(number).state is State.PUBLISHED
    assert "低保新标准" in client.get(f"/posts/{number}.html").text
    page = text(writer.get(f"/desk/content/{number}"))
    for happened in ("首次发布 publisher", "审核通过 reviewer · 第 1 版 · 公开审查：公开", "保存第 1 版 writer"):
        assert happened in page


def test_nobody_signs_their_own_or_twice(sign_in, writer, strict, content):
    one, two, three = (sign_in(Role.REVIEWER, username=name) for name in ("zhao", "qian", "sun"))
    own = write(one, strict, "自己写的")
    refused = review(one, own)
    assert refused.status_code == 422
    assert "不能审核自己撰写或修改的内容" in text(refused)

    number = write(writer, strict)
    review(one, number)
    again = review(one, number)
    assert again.status_code == 422
    assert "同一人不能担任两个环节的审核" in text(again)
    assert content(number).review_step == 1
    review(two, number)
    assert content(number).state is State.REVIEW
    review(three, number)
    assert content(number).state is State.APPROVED


def test_queue_shows_what_this_person_may_sign(reviewer, sign_in, writer, section):
    mine = write(writer, section("posts"), "等审核员签")
    other = sign_in(Role.REVIEWER, username="qian")
    own = write(reviewer, section("posts"), "审核员自己写的")

    page = reviewer.get("/desk/review").text
    first, _mark, second = page.partition("须由他人审核")

    assert "待我审核（1）" in page
    assert f"/desk/content/{mine}/review" in first
    assert f"/desk/content/{own}/review" in second
    assert "待我审核（2）" in other.get("/desk/review").text


def test_next_item_follows_a_signature(reviewer, writer, section, clock):
    first = write(writer, section("posts"), "甲")
    clock.advance(minutes=1)
    second = write(writer, section("posts"), "乙")

    assert review(reviewer, first).location == f"/desk/content/{second}/review"
    assert review(reviewer, second).location == "/desk/review"


def test_sent_back_with_a_reason_and_handed_in_again(reviewer, writer, section, content):
    number = write(writer, section("posts"))

    silent = review(reviewer, number, "return")
    assert silent.status_code == 422
    assert "请写明退回的原因。" in text(silent)
    review(reviewer, number, "return", comment="第二段电话号码有误")

    assert content(number).state is State.RETURNED
    assert "第二段电话号码有误" in text(writer.get("/desk/"))
    form = writer.get(f"/desk/content/{number}/edit")
    assert "退回意见 第二段电话号码有误" in text(form)
    writer.post(f"/desk/content/{number}/edit", data={**fields(form), "note": "改了电话", "action": "submit"})
    assert content(number).state is State.REVIEW
    assert "改了电话" in text(writer.get(f"/desk/content/{number}/history"))


def test_disclosure_must_be_concluded(reviewer, writer, section, content):
    number = write(writer, section("posts"))

    assert "请选择公开审查结论。" in text(review(reviewer, number, disclosure=""))
    kept = review(reviewer, number, disclosure="不公开", comment="含个人信息")
    assert "公开审查结论不是“公开”的内容不能通过" in text(kept)
    assert fields(kept)["comment"] == "含个人信息"
    assert fields(kept)["disclosure"] == "不公开"
    assert content(number).state is State.REVIEW


def test_review_shows_the_difference_to_what_is_public(publisher, reviewer, cms, content):
    number = make_published(cms, "post", "标题", body="<p>月标准 320 元。</p>")
    typed = fields(publisher.get(f"/desk/content/{number}/edit"))
    publisher.post(f"/desk/content/{number}/edit", data={**typed, "body": "<p>月标准 350 元。</p>", "action": "submit"})

    page = reviewer.get(f"/desk/content/{number}/review").text

    assert "月标准 3<del>2</del><ins>5</ins>0 元。" in page
    assert "<dt>标题</dt>" not in page


def test_reviewer_does_not_sign_what_changed_meanwhile(reviewer, writer, section, content):
    number = write(writer, section("posts"))
    seen = fields(reviewer.get(f"/desk/content/{number}/review"))
    form = fields(writer.get(f"/desk/content/{number}/edit"))
    writer.post(f"/desk/content/{number}/edit", data={**form, "title": "换了", "action": "submit"})

    page = reviewer.post(f"/desk/content/{number}/review", data={**seen, "disclosure": "公开", "conclusion": "approve"})

    assert page.status_code == 422
    assert "内容有新的修改" in text(page)
    assert content(number).review_step == 0


def test_draft_for_a_stricter_section_needs_that_sections_signatures(publisher, cms, strict, content):
    easy = make_section(cms, "easy", "随手", default_type="post", review_steps=0)
    number = make_published(cms, "post", "搬家", section_id=easy)
    typed = fields(publisher.get(f"/desk/content/{number}/edit"))
    publisher.post(f"/desk/content/{number}/edit", data={**typed, "section_id": str(strict)})

    page = publish(publisher, number)

    assert page.status_code == 422
    assert "须经初审、复审、终审后才能发布" in text(page)
    assert content(number).section_id == easy


def test_section_without_review_is_published_at_once(publisher, cms, content):
    easy = make_section(cms, "easy", "随手", default_type="post", review_steps=0)
    number = write(publisher, easy, action="save")
    assert "发布" in text(publisher.get(f"/desk/content/{number}"))

    publish(publisher, number)

    assert content(number).state is State.PUBLISHED


def test_empty_text_is_saved_but_not_handed_in(writer, section, content):
    number = write(writer, section("posts"), body="")

    assert content(number).state is State.DRAFT
    assert "草稿已保存，但还不能提交：正文是空的。" in text(writer.get(f"/desk/content/{number}/edit"))


def test_schedule_and_drain_publish(publisher, reviewer, writer, section, content, clock, drain, client):
    number = write(writer, section("posts"))
    review(reviewer, number)

    past = publish(publisher, number, when="later", at="2016-06-01T09:59")
    odd = publish(publisher, number, when="later", at="明天")
    assert "定时发布的时间应晚于现在。" in text(past)
    assert fields(past)["at"] == "2016-06-01T09:59"
    assert (past.status_code, odd.status_code) == (422, 422)
    publish(publisher, number, when="later", at="2016-06-01T18:00")
    assert content(number).state is State.SCHEDULED
    assert "将于 2016-06-01 18:00 自动发布。" in text(publisher.get(f"/desk/content/{number}"))

    clock.advance(hours=7, minutes=59)
    drain()
    assert client.get(f"/posts/{number}.html").status_code == 404
    clock.advance(minutes=1)
    drain()
    assert client.get(f"/posts/{number}.html").status_code == 200


def test_missed_schedule_is_shown_to_the_publisher(publisher, reviewer, writer, section, clock):
    number = write(writer, section("posts"))
    review(reviewer, number)
    publish(publisher, number, when="later", at="2016-06-01T18:00")
    assert "定时发布没有完成" not in text(publisher.get("/desk/"))

    clock.advance(hours=9)

    assert "定时发布没有完成" in text(publisher.get("/desk/"))


def test_withdrawn_item_answers_410_and_keeps_its_log(publisher, cms, client, content):
    number = make_published(cms, "post", "发错了")

    silent = publisher.post(f"/desk/content/{number}/withdraw", data={"reason": " "})
    assert silent.status_code == 422
    assert "请写明撤回的原因" in text(silent)
    done = publisher.post(f"/desk/content/{number}/withdraw", data={"reason": "发错栏目", "exclusion": "误发"})

    assert done.location == f"/desk/content/{number}"
    assert client.get(f"/posts/{number}.html").status_code == 410
    assert content(number).state is State.WITHDRAWN
    assert "发错栏目；不计入统计：误发" in text(publisher.get(f"/desk/content/{number}"))
    with cms.reading() as session:
        line = session.scalars(select(Publication).order_by(Publication.id.desc())).first()
    assert (line.reason, line.exclusion) == ("发错栏目", Exclusion.MISTAKE)
    assert publisher.post(f"/desk/content/{number}/withdraw", data={"reason": "再来"}).status_code == 422


def test_recycle_bin(writer, section, content):
    number = write(writer, section("posts"), "不要了", action="save")
    assert "移入回收站" in text(writer.get(f"/desk/content/{number}/delete"))

    writer.post(f"/desk/content/{number}/delete")

    assert "不要了" not in text(writer.get("/desk/content"))
    assert "不要了" in text(writer.get("/desk/content?deleted=1"))
    stopped = writer.post(f"/desk/content/{number}/edit", data={"title": "偷改", "section_id": section("posts")})
    assert stopped.status_code == 403
    assert "这条内容在回收站中" in text(stopped)
    writer.post(f"/desk/content/{number}/submit")
    assert content(number).state is State.DRAFT
    writer.post(f"/desk/content/{number}/undelete")
    assert "不要了" in text(writer.get("/desk/content"))


def test_public_item_cannot_be_deleted(publisher, cms, content):
    number = make_published(cms, "post")

    assert publisher.post(f"/desk/content/{number}/delete").status_code == 403
    assert content(number).deleted_at is None


def test_history_compares_and_restores(publisher, cms):
    number = make_published(cms, "post", "第一个标题", body="<p>甲</p>")
    for title in ("第二个标题", "第三个标题"):
        typed = fields(publisher.get(f"/desk/content/{number}/edit"))
        publisher.post(f"/desk/content/{number}/edit", data={**typed, "title": title})

    usual = publisher.get(f"/desk/content/{number}/history").text
    chosen = publisher.get(f"/desk/content/{number}/history?old=2&new=3").text
    assert "第<del>一</del><ins>三</ins>个标题" in usual
    assert "第<del>二</del><ins>三</ins>个标题" in chosen

    done = publisher.post(f"/desk/content/{number}/restore/1")

    assert done.location == f"/desk/content/{number}/edit"
    assert fields(publisher.get(done.location))["title"] == "第一个标题"
    assert "恢复自第 1 版" in text(publisher.get(f"/desk/content/{number}/history"))
    assert publisher.post(f"/desk/content/{number}/restore/99").status_code == 404


def test_preview_shows_the_draft_in_the_clothes_of_the_site(publisher, cms, client):
    number = make_published(cms, "post", "线上标题", body="<p>旧</p>")
    typed = fields(publisher.get(f"/desk/content/{number}/edit"))
    publisher.post(f"/desk/content/{number}/edit", data={**typed, "title": "新标题", "body": "<p>新</p>"})

    page = publisher.get(f"/desk/content/{number}/preview")
    old = publisher.get(f"/desk/content/{number}/preview?revision=1")

    assert "新标题" in page.text
    assert "线上标题" in old.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert client.get(f"/desk/content/{number}/preview").location.startswith("/desk/login")
    assert "新标题" not in client.get(f"/posts/{number}.html").text


def test_files_of_a_draft_are_seen_in_the_desk_only(writer, client):
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PNG")
    file.seek(0)
    url = writer.post("/desk/media/upload", data={"file": (file, "a.png")}).json["url"]

    with writer.get(url) as seen:
        assert seen.mimetype == "image/png"
    assert client.get(url).status_code == 404


def test_item_of_a_type_that_is_gone_can_still_be_looked_at(publisher, cms, content):
    number = make_draft(cms, "post", "孤儿")
    with cms.unit_of_work() as uow:
        from cms.content.models import Content

        uow.session.get_one(Content, number).type = "ghost"

    assert "ghost（类型未启用）" in publisher.get("/desk/content").text
    assert publisher.get(f"/desk/content/{number}").status_code == 200
    assert publisher.get(f"/desk/content/{number}/history").status_code == 200
    assert publisher.get(f"/desk/content/{number}/edit").status_code == 404
