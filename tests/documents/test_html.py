"""Documents as HTML: for pages of the site, and standing alone."""

import re
from datetime import date

import pytest
from lxml import html

from cms.api import (
    BulletedList,
    Cell,
    Document,
    Heading,
    Image,
    Letterhead,
    NumberedList,
    PageBreak,
    Paragraph,
    Run,
    Signature,
    Table,
    Title,
    as_html,
    as_html_page,
)
from cms.content.markup import sanitise

PNG = b"\x89PNG\r\n\x1a\n..."


def of(*blocks, **more):
    return as_html(Document(title="题", blocks=blocks, show_title=False, **more))


def test_fragment_has_no_styles_and_no_scripts_whatever_the_text_says(report):
    nasty = Paragraph(["<script>alert(1)</script>", Run("点", link="javascript:alert(1)"), '" onclick="x'])

    fragment = as_html(report) + of(nasty, Heading("<b>", 2), Table([[Cell("</td><script>")]], caption="<i>"))

    assert not re.search(r"<script|<style|\sstyle=|<b>|<i>", fragment)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;点&quot; onclick=&quot;x" in fragment


def test_headings_begin_below_those_of_the_page(report):
    found = html.fragment_fromstring(as_html(report), create_parent="div")

    assert [element.tag for element in found.iter("h1", "h2", "h3", "h4")] == ["h2", "h3", "h4", *["h3"] * 5]


def test_table_names_what_each_header_speaks_for(report):
    found = html.fragment_fromstring(as_html(report), create_parent="div").xpath("//table")[1]

    headers = {"".join(cell.itertext()): cell.get("scope") for cell in found.iter("th")}
    assert len(found.xpath("./thead/tr")) == 3
    assert headers["申请人情况"] == headers["法人或其他组织"] == "colgroup"
    assert headers["自然人"] == headers["其他"] == "col"
    assert headers["三、本年度办理结果"] == headers["（三）不予公开"] == "rowgroup"
    assert headers["1.属于国家秘密"] == "row"
    corner = found.xpath("./thead/tr[1]/th[1]")[0]
    assert (corner.get("colspan"), corner.get("rowspan")) == ("3", "3")


def test_every_block_has_its_element():
    made = of(
        Letterhead("衡山县民政局", "衡民发〔2025〕1号"), NumberedList(["甲", "乙"], start=3), BulletedList(["丙"]), PageBreak(),
        Image(PNG, "照片", width=25.4), Paragraph(["一", Run("二", bold=True, underline=True, link="/x")], indent=False),
        Signature("衡山县民政局", date(2025, 1, 5)),
    )  # fmt: skip

    head, number = (f'<p class="doc-{name} align-center">' for name in ("mark", "number"))
    assert made.splitlines() == [
        f'<div class="doc-letterhead">{head}衡山县民政局</p>{number}衡民发〔2025〕1号</p></div>',
        '<ol start="3"><li>甲</li><li>乙</li></ol>',
        "<ul><li>丙</li></ul>",
        '<hr class="doc-page-break">',
        '<p class="align-center"><img src="data:image/png;base64,iVBORw0KGgouLi4=" alt="照片" width="96"></p>',
        '<p class="align-justify noindent">一<a href="/x"><u><strong>二</strong></u></a></p>',
        '<p class="doc-signature align-right">衡山县民政局<br><time datetime="2025-01-05">2025年1月5日</time></p>',
    ]


def test_pictures_can_have_addresses_on_the_site():
    document = Document(title="题", blocks=[Image(PNG, "照片")])

    assert 'src="/media/1/a.png"' in as_html(document, image_address=lambda _image: "/media/1/a.png")


def test_fragment_survives_the_allow_list_of_rich_text(report):
    """Published as a content item, tables keep their spans and scopes, and text its alignment."""
    kept = sanitise(as_html(report))

    for part in ('colspan="3" rowspan="3"', 'scope="rowgroup"', 'class="align-justify indent"', "<caption>"):
        assert (part in kept) == (part in as_html(report))


def test_page_stands_alone(report):
    page = html.document_fromstring(as_html_page(report))

    assert page.get("lang") == "zh-CN"
    assert page.findtext(".//title") == report.title
    assert [element.text for element in page.iter("h1")] == [report.title]
    assert not page.xpath("//link | //script | //@style | //img")
    assert "size: 210mm 297mm; margin: 37mm 26mm 35mm 28mm;" in page.findtext(".//style")


def test_page_gives_columns_their_widths():
    document = Document(title="题", blocks=[Table([[Cell("甲"), Cell("乙")]], widths=[1, 3])])

    assert ".doc-table-1 col:nth-child(2) { width: 75.0000%; }" in as_html_page(document)
    assert "<col>" not in as_html(Document(title="题", blocks=[Table([[Cell("甲")]])]))


@pytest.mark.parametrize("footer", ['"; } body { display: none }', "</style><script>", "第一页\n\\"])
def test_footer_cannot_leave_its_string(footer):
    page = as_html_page(Document(title="题", blocks=[Paragraph("文")], footer=footer))

    assert "display: none" not in page
    assert "<script" not in page


def test_chapters_stand_below_a_title_wherever_it_is():
    assert of(Letterhead("局"), Title("答复书"), Heading("一")).splitlines()[1:] == [
        '<h2 class="doc-title">答复书</h2>', '<h3 class="doc-heading-1">一</h3>',
    ]  # fmt: skip
    assert of(Heading("一")) == '<h2 class="doc-heading-1">一</h2>\n'
