"""What the child process does to make a PDF: WeasyPrint, without network, with a Chinese typeface or not at all."""

import ctypes
import json
from collections.abc import Callable

from cms.documents.child import ChildError

#: Reasons why there is no PDF.
NO_WEASYPRINT, NO_PANGO, NO_FONT = "no-weasyprint", "no-pango", "no-font"


def prepared() -> Callable[[bytes], bytes]:
    """Load what is needed and return the function from a page to a PDF.

    :raises ChildError: with one of the reasons above.
    """
    try:
        import weasyprint  # noqa: PLC0415 — slow
        from weasyprint.urls import URLFetcher  # noqa: PLC0415 — slow
    except ImportError as error:
        raise ChildError(NO_WEASYPRINT) from error
    except OSError as error:
        raise ChildError(NO_PANGO) from error
    if not chinese_families():
        raise ChildError(NO_FONT)

    def write(page: bytes) -> bytes:
        fetcher = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
        html = weasyprint.HTML(string=page.decode(), url_fetcher=fetcher)
        # Tags let screen readers follow headings and tables; hints are attributes such as the first number of a list.
        made: bytes = html.write_pdf(pdf_tags=True, presentational_hints=True)
        return made

    # Style sheets and typefaces are read at the first page; a child that waits has done so.
    write("<p>公开</p>".encode())
    return write


def examined(_data: bytes) -> bytes:
    """Return the Chinese typefaces that PDFs can be set in, as JSON.

    :raises ChildError: with one of the reasons above.
    """
    prepared()
    return json.dumps(chinese_families(), ensure_ascii=False).encode()


class _FontSet(ctypes.Structure):
    _fields_ = (("number", ctypes.c_int), ("size", ctypes.c_int), ("fonts", ctypes.POINTER(ctypes.c_void_p)))


def chinese_families() -> list[str]:
    """Return the names of the installed typefaces that cover simplified Chinese, as fontconfig knows them."""
    try:
        library = ctypes.CDLL("libfontconfig.so.1")
    except OSError:
        return []
    library.FcNameParse.restype = library.FcObjectSetCreate.restype = ctypes.c_void_p
    library.FcFontList.restype = ctypes.POINTER(_FontSet)
    pattern = ctypes.c_void_p(library.FcNameParse(b":lang=zh-cn"))
    wanted = ctypes.c_void_p(library.FcObjectSetCreate())
    library.FcObjectSetAdd(wanted, b"family")
    found = library.FcFontList(None, pattern, wanted).contents
    name, names = ctypes.c_char_p(), set()
    for number in range(found.number):
        font = ctypes.c_void_p(found.fonts[number])
        for place in range(_MOST_NAMES):
            if library.FcPatternGetString(font, b"family", place, ctypes.byref(name)) != 0:
                break
            names.add((name.value or b"").decode("utf-8", "replace"))
    return sorted(names)


#: A typeface has a name in each language; nobody has more.
_MOST_NAMES = 20
