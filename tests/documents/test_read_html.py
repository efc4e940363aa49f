"""Web pages: what a reader sees of them."""

import pytest

from cms.api import Invalid, ReadKind, read_document


def read(html):
    return read_document(html.encode(), "page.html")


def rows(html):
    return read(html).tables[0].rows


def test_paragraphs_headings_and_tables_keep_their_order():
    page = read(
        "<html><head><title> 年度 报告 </title></head><body><h1>标<br>题</h1><p>第一段，<b>粗</b>&nbsp;体。</p>"
        "<table><tr><th>甲</th><th>乙</th></tr><tr><td>1</td><td>2</td></tr></table><div>尾<br><br>再尾</div></body></html>"
    )

    assert (page.kind, page.title) == (ReadKind.HTML, "年度 报告")
    assert [(one.level, one.text) for one in page.paragraphs] == [
        (1, "标 题"), (0, "第一段，粗 体。"), (0, "尾"), (0, "再尾"),
    ]  # fmt: skip
    assert page.text == "标 题\n第一段，粗 体。\n甲\t乙\n1\t2\n尾\n再尾"
    assert page.text[page.tables[0].start : page.tables[0].end] == "甲\t乙\n1\t2"


def test_what_nobody_sees_is_dropped():
    page = read(
        "<body><nav>菜单</nav><script>var a='脚本'</script><style>p{}</style><noscript>请开启脚本</noscript>"
        "<p hidden>藏一</p><p style='color:red; DISPLAY : none'>藏二</p><span aria-hidden='true'>▶</span><template>板</template>"
        "<select><option>选</option></select><button>打印</button><!-- 注 --><p>正文</p>"
        "<table><tr style='display:none'><td>藏行</td></tr><tr><td>甲</td><td hidden>藏格</td><td>乙</td></tr></table></body>"
    )

    assert page.text == "正文\n甲\t乙"


def test_page_furniture_is_left_to_the_caller():
    page = read("<body><header>网站名</header><p>正文</p><aside>相关阅读</aside><footer>版权</footer></body>")

    assert [one.text for one in page.paragraphs] == ["网站名", "正文", "相关阅读", "版权"]


def test_merged_cells_stand_in_every_place_they_cover():
    table = read(
        "<table><caption>附表</caption><thead><tr><th rowspan=2>项目<th colspan=2>件数<tr><th>上年<th>本年</thead>"
        "<tbody><tr><td>低保<td>8<td>1200</table>"
    ).tables[0]

    assert table.rows == (("项目", "件数", "件数"), ("项目", "上年", "本年"), ("低保", "8", "1200"))
    assert table.caption == "附表"
    assert [(cell.text, cell.row, cell.column, cell.rowspan, cell.colspan, cell.is_header) for cell in table.spans][:3] == [
        ("项目", 0, 0, 2, 1, True), ("件数", 0, 1, 1, 2, True), ("上年", 1, 1, 1, 1, True),
    ]  # fmt: skip


def test_rows_and_columns_of_layout_are_left_out():
    assert rows(
        "<table><tr><td colspan=50>通栏</td></tr><tr></tr><tr><td>甲</td><td colspan=49>乙</td></tr></table>"
    ) == (("通栏", "通栏"), ("甲", "乙"))


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ("rowspan=0", (("甲", "1"), ("甲", "2"), ("", "3"))),  # to the end of its group
        ("rowspan=99", (("甲", "1"), ("甲", "2"), ("", "3"))),
        ("rowspan=x colspan=0", (("甲", "1"), ("2", ""), ("", "3"))),
        ("colspan=1001", (("甲", "1"), ("2", ""), ("", "3"))),
        ("rowspan=-2 colspan=2.5", (("甲", "甲", "1"), ("2", "", ""), ("", "3", ""))),
    ],
)
def test_odd_spans_are_read_as_browsers_do(spans, expected):
    assert rows(f"<table><tbody><tr><td {spans}>甲<td>1<tr><td>2<tbody><tr><td><td>3</table>") == expected


def test_foot_comes_last_wherever_it_is_written():
    assert rows("<table><tfoot><tr><td>合计<td>3<tbody><tr><td>甲<td>1</table>") == (("甲", "1"), ("合计", "3"))


def test_lines_inside_a_cell_are_kept():
    assert rows("<table><tr><td><p>甲</p><p>乙\n丙</p></td><td>丁<br>戊</td></tr></table>") == (
        ("甲\n乙 丙", "丁\n戊"),
    )


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td><p>正文</p><table><tr><td>甲<td>乙</table></td></tr></table>",
        "<table role=presentation><tr><td>正文<td></table><table><tr><td>甲<td>乙</table>",
        "<table><tr><td>正文</td></tr></table><table><tr><td>甲<td>乙</table>",
    ],
)
def test_layout_tables_are_text(page):
    found = read(page)

    assert [one.text for one in found.paragraphs] == ["正文"]
    assert [table.rows for table in found.tables] == [(("甲", "乙"),)]


def test_numbers_of_lists_are_said_unless_the_author_wrote_them():
    page = read("<ol start=3><li>甲<li><p>乙</p><li value=9>丙</ol><ol><li>一、丁</ol><ul><li>戊</ul>")

    assert [one.text for one in page.paragraphs] == ["3. 甲", "4. 乙", "9. 丙", "一、丁", "戊"]


def test_declared_encoding_is_not_believed():
    page = '<html><head><meta charset="utf-8"></head><body><p>通知公告</p></body></html>'

    assert read_document(page.encode("gb18030"), "a.html").text == "通知公告"


@pytest.mark.parametrize("name", ["a.txt", "a.docx", "a"])
def test_content_tells_that_it_is_a_page(name):
    assert read_document(b"<div>\n<p>a</p></div>", name).kind is ReadKind.HTML


def test_text_with_angle_brackets_is_text():
    assert read_document("<关于年检的通知> 3<5".encode(), "a.html").kind is ReadKind.TXT


@pytest.mark.parametrize(
    "page",
    [
        "<body>" + "<div>" * 300 + "深" + "</div>" * 300 + "<p>后文</p>",
        "<table>" + "<tr><td colspan=1000 rowspan=65000>x" * 600 + "</table>",
        "<table>" + "<tr>" + "<td>x" * 1001 + "</table>",
        ("<table><tr>" + "<td rowspan=65000>x" * 900 + "<tr><td>y" * 300 + "</table>") * 3,
    ],
    ids=["deep", "spans", "wide", "many"],
)
def test_page_that_cannot_be_read_whole_is_refused(page):
    with pytest.raises(Invalid, match=r"层次过多|表格过大"):
        read(page)
