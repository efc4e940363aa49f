"""Measure making and reading documents: a report of 13 pages with three tables. Prints figures, asserts nothing.

PDF is made in a child process. "Cold" starts one; "warm" finds one that waits, as all but the first request do unless
they follow each other faster than a child loads.

    python bench/documents.py [--times N]
"""

import argparse
import io
import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable
from datetime import date

import psutil
import pypdf

from cms.documents.blocks import Cell, Document, Heading, Paragraph, Signature, Table
from cms.documents.readers.files import read_document
from cms.documents.writers import pdf
from cms.documents.writers.docx import as_docx
from cms.documents.writers.html import as_html, as_html_page
from cms.documents.writers.text import as_text
from cms.documents.writers.xlsx import Sheet, as_xlsx

TEXT = (
    "全年围绕中心工作，坚持以公开为常态、不公开为例外，依法及时公开行政权力运行、社会救助、养老服务、殡葬管理、婚姻登记、"
    "慈善事业和资金使用等方面的政府信息，做到事项清楚、口径一致、更新及时，群众查得到、看得懂、用得上。"
)
COLUMNS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")


def table(rows: int) -> Table:
    """Return a table like Table 3 of the report: headers on two sides, merged cells, seven columns of numbers."""
    head = [Cell("项目", is_header=True, colspan=2), *(Cell(name, is_header=True) for name in COLUMNS)]
    lines: list[list[Cell]] = [head]
    for number in range(rows):
        group = (
            [Cell(f"第{number // 6 + 1}类", is_header=True, rowspan=min(6, rows - number))] if number % 6 == 0 else []
        )
        cells = [Cell(number * 7 + column) for column in range(len(COLUMNS))]
        lines.append([*group, Cell(f"{number + 1}.属于应当统计的情形", is_header=True), *cells])
    return Table(lines, widths=[9, 30, *[8.5] * 7])


def report() -> Document:
    """Return a report of 12 chapters, some 9,000 characters and three tables: 13 pages."""
    blocks: list[object] = []
    for chapter in range(12):
        blocks += [Heading(f"第{chapter + 1}部分 公开情况"), *[Paragraph(TEXT) for _n in range(4)]]
        if chapter in {2, 5, 8}:
            blocks.append(table(12))
    blocks.append(Signature("衡山县民政局", date(2025, 1, 20)))
    return Document(title="衡山县民政局2024年政府信息公开工作年度报告", blocks=blocks)  # type: ignore[arg-type]  # blocks all


def spent(call: Callable[[], object], times: int) -> str:
    """Return wall time of the first call, and wall and CPU time of the following ones (medians)."""
    wall, cpu = [], []
    for _time in range(times + 1):
        begin, begin_cpu = time.perf_counter(), time.process_time() + children()
        call()
        wall.append((time.perf_counter() - begin) * 1000)
        cpu.append((time.process_time() + children() - begin_cpu) * 1000)
    return f"{wall[0]:.0f}, then {statistics.median(wall[1:]):.0f} ms, {statistics.median(cpu[1:]):.0f} ms CPU"


def children() -> float:
    """Return the CPU seconds of the children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def line(what: str, value: str, goal: str = "") -> None:
    print(f"{what:40} {value:>34}   {goal}")


def measure_pdf(document: Document, times: int) -> bytes:
    """Measure PDFs with a waiting child and without, and what they leave behind."""
    process = psutil.Process()
    before = process.memory_info().rss
    begin = time.perf_counter()
    made = pdf.as_pdf(document)
    line("PDF, cold", f"{time.perf_counter() - begin:.2f} s")
    warm, cpu = [], []
    for _time in range(times):
        loaded = wait_for_rest(process)
        begin, begin_cpu = time.perf_counter(), children() + loaded
        pdf.as_pdf(document)
        warm.append(time.perf_counter() - begin)
        cpu.append(children() - begin_cpu)
    line("PDF, warm child", f"{statistics.median(warm):.2f} s, {statistics.median(cpu):.2f} s CPU", "goal ≤ 0.6 s")
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        anchor = pool.apply(plain_weasyprint, [as_html_page(document)])
    line("WeasyPrint alone, without tags", f"{anchor:.2f} s CPU", f"PDF is {statistics.median(cpu) / anchor:.1f} ×")
    pages = len(pypdf.PdfReader(io.BytesIO(made)).pages)
    line("PDF, pages and size", f"{pages} pages, {len(made) / 1000:.0f} KB")
    line("caller, growth", f"{(process.memory_info().rss - before) / 1e6:.1f} MB", "limit 60 MB")
    line("child, peak memory", f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000:.0f} MB")
    return made


def plain_weasyprint(page: str) -> float:
    """Return the CPU seconds that WeasyPrint itself takes for the page, loaded and without tags; the anchor."""
    import weasyprint  # noqa: PLC0415 — in a process of its own

    weasyprint.HTML(string=page).write_pdf()
    begin = time.process_time()
    weasyprint.HTML(string=page).write_pdf()
    return time.process_time() - begin


def wait_for_rest(process: psutil.Process) -> float:
    """Wait until the children of this process have loaded what they need; return the CPU seconds that took."""
    last = -1.0
    while True:
        used = sum(sum(child.cpu_times()[:2]) for child in process.children())
        if used == last:
            return used
        last = used
        time.sleep(0.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    times = parser.parse_args().times
    document = report()
    docx = as_docx(document)
    line("characters", str(len(as_text(document))))
    for what, call, goal in (
        ("DOCX", lambda: as_docx(document), "goal ≤ 100 ms for 10 pages"),
        ("XLSX, three sheets", lambda: as_xlsx([Sheet("表", table) for table in document.tables()]), ""),
        ("HTML fragment", lambda: as_html(document), ""),
        ("HTML page", lambda: as_html_page(document), ""),
        ("plain text", lambda: as_text(document), ""),
        ("read DOCX", lambda: read_document(docx, ""), ""),
        ("read HTML", lambda: read_document(as_html_page(document).encode(), ""), ""),
    ):
        line(what, spent(call, times), goal)
    made = measure_pdf(document, times)
    line("read PDF (child process)", spent(lambda: read_document(made, ""), max(times // 3, 1)))


if __name__ == "__main__":
    main()
