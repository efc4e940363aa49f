"""A report with the three tables of the format in force, and the programs that look at files of ours."""

import shutil
import subprocess
from datetime import date
from decimal import Decimal

import pytest

from cms.api import (
    BulletedList,
    Cell,
    Document,
    Heading,
    Letterhead,
    NumberedList,
    Paragraph,
    Run,
    Signature,
    Table,
)

TEXT = (
    "2024年，我局坚持以习近平新时代中国特色社会主义思想为指导，认真落实党中央、国务院决策部署，持续加强政府信息公开工作，"
    "较好地保障了公众的知情权、参与权、表达权和监督权，全年没有发生泄密事件。"
)
GROUPS = {
    "（三）不予公开": (
        "1.属于国家秘密", "2.其他法律行政法规禁止公开", "3.危及“三安全一稳定”", "4.保护第三方合法权益",
        "5.属于三类内部事务信息", "6.属于四类过程性信息", "7.属于行政执法案卷", "8.属于行政查询事项",
    ),
    "（四）无法提供": (
        "1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确",
    ),
    "（五）不予处理": (
        "1.信访举报投诉类申请", "2.重复申请", "3.要求提供公开出版物", "4.无正当理由大量反复申请",
        "5.要求行政机关确认或重新出具已获取信息",
    ),
    "（六）其他处理": (
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "3.其他",
    ),
}  # fmt: skip
RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


def head(text, **spans):
    return Cell(text, is_header=True, **spans)


def proactive():
    """Return Table 2: sub-headings across the whole table."""

    def one(article, label, *rows):
        return [[head(article, colspan=4)], [head("信息内容"), head(label, colspan=3)],
                *([head(name), Cell(value, colspan=3)] for name, value in rows)]  # fmt: skip

    return Table([
        [head("第二十条第（一）项", colspan=4)],
        [head("信息内容"), head("本年制发件数"), head("本年废止件数"), head("现行有效件数")],
        [head("规章"), Cell(0), Cell(0), Cell(0)],
        [head("行政规范性文件"), Cell(50), Cell(227), Cell(420)],
        *one("第二十条第（五）项", "本年处理决定数量", ("行政许可", 1573179)),
        *one("第二十条第（六）项", "本年处理决定数量", ("行政处罚", 2676474), ("行政强制", 29351)),
        *one("第二十条第（八）项", "本年收费金额（单位：万元）", ("行政事业性收费", Decimal("72701.2578"))),
    ], head=0)  # fmt: skip


def requests():
    """Return Table 3: three rows of headers, spans both ways, 25 rows of seven numbers, each number another one."""
    numbers = iter(range(1000, 2000))

    def seven():
        return [Cell(next(numbers)) for _column in range(7)]

    carried = [
        [head("一、本年新收政府信息公开申请数量", colspan=3), *seven()],
        [head("二、上年结转政府信息公开申请数量", colspan=3), *seven()],
    ]
    results = [
        [head("（一）予以公开", colspan=2), *seven()],
        [head("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", colspan=2), *seven()],
        *(
            [*([head(group, rowspan=len(labels))] if number == 0 else []), head(label), *seven()]
            for group, labels in GROUPS.items() for number, label in enumerate(labels)
        ),
        [head("（七）总计", colspan=2), *seven()],
    ]  # fmt: skip
    results[0].insert(0, head("三、本年度办理结果", rowspan=len(results)))
    rule = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    return Table([
        [head(rule, colspan=3, rowspan=3), head("申请人情况", colspan=7)],
        [head("自然人", rowspan=2), head("法人或其他组织", colspan=5), head("总计", rowspan=2)],
        [head(name) for name in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")],
        *carried,
        *results,
        [head("四、结转下年度继续办理", colspan=3), *seven()],
    ], widths=[8, 14, 30, 7, 7, 7, 9, 9, 7, 7])  # fmt: skip


def cases():
    """Return Table 4: headers of which some end one row before others."""
    return Table([
        [head("行政复议", colspan=5), head("行政诉讼", colspan=10)],
        [*(head(name, rowspan=2) for name in RESULTS), head("未经复议直接起诉", colspan=5), head("复议后起诉", colspan=5)],
        [head(name) for name in RESULTS * 2],
        [Cell(number) for number in range(15)],
    ])  # fmt: skip


@pytest.fixture(scope="session")
def report():
    """Return an annual report with everything a document can hold but pictures."""
    return Document(
        title="衡山县民政局2024年政府信息公开工作年度报告", author="衡山县民政局", blocks=[
            Letterhead("衡山县民政局", "衡民发〔2025〕1号"),
            Heading("一、总体情况"),
            Heading("（一）主动公开", 2),
            Paragraph([TEXT * 3, Run("共71条", bold=True), "，见", Run("网站", link="https://example.gov.cn/?a=1&b=2"), "。"]),
            NumberedList(["第一项任务", "第二项任务"], start=3),
            BulletedList(["甲类", "乙类"]),
            Heading("二、主动公开政府信息情况"), proactive(),
            Heading("三、收到和处理政府信息公开申请情况"), requests(),
            Heading("四、政府信息公开行政复议、行政诉讼情况"), cases(),
            Heading("五、存在的主要问题及改进情况"), Paragraph(TEXT * 2),
            Heading("六、其他需要报告的事项"), Paragraph("无。"),
            Signature("衡山县民政局", date(2025, 1, 20)),
        ],
    )  # fmt: skip


def grid_of(table):
    """Return a table as a rectangle of strings: what every reader has to find again."""
    from cms.documents.blocks import shown

    rows = [[""] * table.columns for _row in table.rows]
    for placed in table.placed:
        for row, column in placed.area:
            rows[row][column] = shown(placed.cell.value)
    return tuple(map(tuple, rows))


@pytest.fixture(scope="session")
def grids(report):
    """Return the three tables of the report as rectangles."""
    return [grid_of(table) for table in report.tables()]


@pytest.fixture(scope="session")
def pdf(need):
    """Skip where no PDF can be made; ``CMS_TEST_REQUIRE=pdf`` forbids the excuse."""
    from cms.documents.writers.pdf import pdf_state

    problem = pdf_state().problem
    if problem:
        need("pdf", problem)


@pytest.fixture(scope="session")
def office(need, tmp_path_factory):
    """Return a function that turns a Word document into PDF by LibreOffice."""
    program = shutil.which("soffice")
    if program is None:
        need("office", "no LibreOffice: apt-get install libreoffice-writer-nogui")
    profile = tmp_path_factory.mktemp("profile")

    def convert(content):
        folder = tmp_path_factory.mktemp("office")
        (folder / "document.docx").write_bytes(content)
        done = subprocess.run(
            [program, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "pdf", "--outdir",
             str(folder), str(folder / "document.docx")],
            capture_output=True, text=True, check=False, timeout=180,
        )  # fmt: skip
        made = folder / "document.pdf"
        assert made.exists(), done.stderr
        return made.read_bytes()

    return convert
