"""Quick fixes in our own chapters: the place in the rendered text is found again in the text as written."""

from cms.api import Actor, Conflict, UnitOfWork
from cms.api import gettext as _

from .format_file import Format
from .lint.registry import Fix
from .report import Chapter, Report
from .texts import edited_texts, save_text
from .tokens import split


def fixed(chapter: Chapter, fix: Fix) -> str | None:
    """Return the chapter as written with the fix in it; nothing if the place is, or touches, a live number."""
    place = 0
    rendered = iter(chapter.paragraphs)
    raw_place = 0
    for line in chapter.text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            at = raw_place + line.index(stripped)
            for piece, fragment in zip(split(stripped), next(rendered), strict=True):
                raw = piece if isinstance(piece, str) else piece.text
                end = place + len(fragment.text)
                if isinstance(piece, str) and place <= fix.start and fix.end <= end:
                    start = at + fix.start - place
                    return chapter.text[:start] + fix.text + chapter.text[start + fix.end - fix.start :]
                place, at = end, at + len(raw)
            # The line end between paragraphs.
            place += 1
        raw_place += len(line)
    return None


def apply_fix(
    uow: UnitOfWork, report: Report, form: Format, code: str, fix: Fix, *, actor: Actor
) -> None:  # fmt: skip
    """Put a quick fix into a chapter of our own report and save it.

    :raises NotAllowed: without permission, or when the report is not open. :raises Conflict: if the place is a live
        number, or the chapter has changed.
    """
    chapter = next(one for one in report.chapters if one.code == code)
    text = fixed(chapter, fix)
    if text is None:
        raise Conflict(_("这里是引用的数字，请在编辑页修改引用或登记簿。"))
    row = edited_texts(uow.session, report.year).get(code)
    save_text(uow, form, report.year, code, text, actor=actor, version=row.version if row else 0)
