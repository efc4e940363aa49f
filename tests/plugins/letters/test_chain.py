"""One letter from the citizen's form to the rated public answer."""

from datetime import date


def test_a_letter_is_written_answered_published_and_rated(client, write, act, answered, stored, people):
    number, code = answered()

    assert number == "XJ2016-00001"
    letter = stored(number)
    assert (letter.state, letter.answered_on, letter.was_late) == ("answered", date(2016, 6, 1), False)

    page = client.post("/letters/status", data={"number": number, "code": code}).text
    assert "请到社会救助股办理" in page

    assert client.get(f"/letters/{letter.id}.html").status_code == 404
    act(
        "publisher", number, "publish", title="低保怎样申请", text="怎样申请低保？", is_checked="1",
        answer="请到社会救助股办理，电话0734-5800120。",
    )  # fmt: skip
    page = client.get(f"/letters/{letter.id}.html").text
    assert "怎样申请低保？" in page
    assert "王小明" not in page
    assert "13800138000" not in page
    assert "低保怎样申请" in client.get("/letters/").text

    rated = {"code": code, "satisfaction": "satisfied", "note": ""}
    assert client.post(f"/letters/{letter.id}.html", data=rated).status_code == 302
    assert stored(number).satisfaction == "satisfied"
    assert "来信人评价：满意" in client.get(f"/letters/{letter.id}.html").text.replace("</h2>", "")
    for path in ("/desk/letters", f"/desk/letters/{letter.id}", "/desk/letter-statistics", "/desk/letter-tally",
                 "/desk/letter-tally/sheet", "/desk/letter-limits", "/desk/letters/new", "/desk/"):  # fmt: skip
        answer = people["officer"].get(path)
        assert answer.status_code == 200, (path, answer.text)
