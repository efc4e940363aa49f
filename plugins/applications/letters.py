"""Letters of the organ as documents: answers and notices, in the layout of official letters, as HTML, .docx and PDF."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cms.api import (
    Align,
    AnswerKind,
    Block,
    Document,
    Edition,
    Letterhead,
    PageNumbers,
    Paragraph,
    RemedyKind,
    Signature,
    excerpt,
)
from cms.api import gettext as _

#: How long a description may be where it stands for a missing title.
_SUBJECT = 80
_FULL_STOPS = "。！？；：.!?;:"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter, ready to be set: what it says, to whom, from whom, of which day."""

    organ: str
    title: str
    addressee: str
    paragraphs: Sequence[str]
    number: str = ""
    dated: date | None = None
    contact: str = ""

    def as_json(self) -> str:
        """Return the letter as text, for sealing."""
        plain = {**self.__dict__, "paragraphs": list(self.paragraphs)}
        return json.dumps({**plain, "dated": self.dated.isoformat() if self.dated else ""}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Letter":
        """Return the letter that :meth:`as_json` wrote."""
        raw = json.loads(text)
        return cls(**{**raw, "dated": date.fromisoformat(raw["dated"]) if raw["dated"] else None})

    def document(self) -> Document:
        """Return the letter as a document that the writers of the product understand."""
        blocks: list[Block] = [
            Letterhead(self.organ, self.number),
            Paragraph(self.title, align=Align.CENTER, keep_with_next=True),
            Paragraph(f"{self.addressee}：", indent=False),
            *(Paragraph(text) for text in self.paragraphs),
        ]
        if self.contact:
            blocks.append(Paragraph(self.contact))
        if self.dated is not None:
            blocks.append(Signature(self.organ, self.dated))
        return Document(title=self.title, blocks=blocks, show_title=False, page_numbers=PageNumbers.NONE)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What an officer says in an answer, beside the words of the law."""

    information: str
    access: str = ""
    reason: str = ""
    organ: str = ""
    grounds: Sequence[str] = ()


def tokens(kind: AnswerKind) -> frozenset[str]:
    """Return what the legal text of a kind of answer leaves open."""
    return frozenset(
        name for name in ("information", "access", "reason", "organ", "ground") if f"{{{name}}}" in kind.text
    )


def needed(kind: AnswerKind) -> frozenset[str]:
    """Return what has to be filled in: ways of access, and reasons where no ground of the law gives them."""
    left_open = tokens(kind)
    return (left_open & {"access", "ground"}) | (left_open & {"reason"} if "ground" not in left_open else frozenset())


def legal_paragraphs(edition: Edition, kind: AnswerKind, said: Said) -> list[str]:
    """Return the legal text of the answer with everything filled in, as paragraphs."""
    ground = "".join(edition.result(code).ground for code in said.grounds)
    filled = {
        "information": said.information, "access": _sentence(said.access) + "\n", "ground": ground,
        "reason": ("\n" if ground else "") + _sentence(said.reason), "organ": "\n" + _sentence(said.organ),
    }  # fmt: skip
    text = kind.text
    for name, value in filled.items():
        text = text.replace(f"{{{name}}}", value)
    return [line.strip() for line in text.split("\n") if line.strip()]


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in _FULL_STOPS + "）)”" else f"{text}。"


def remedy_paragraph(
    edition: Edition, kind: AnswerKind, dated: date, *, review_organ: str, court: str
) -> tuple[str, bool]:
    """Return the remedy paragraph of an answer of that day, and whether it sends to 行政复议 first."""
    remedy = edition.remedy(kind, dated)
    if remedy is None:
        return "", False
    text = remedy.text.replace("{review_organ}", review_organ or _("行政复议机关"))
    text = text.replace("{court}", court or _("有管辖权的人民法院"))
    return text, remedy.kind is RemedyKind.REVIEW_FIRST


def subject_of(title: str, doc_no: str, text: str) -> str:
    """Return what an application asks for, as letters name it."""
    if title and doc_no:
        return f"{title}（{doc_no}）"
    return title or doc_no or excerpt(text, _SUBJECT)


def chinese_day(day: date) -> str:
    """Return a day as official documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"
