"""The site's own words: synonyms and dictionary beside those that come with the product, edited in the desk."""

import re
from dataclasses import dataclass
from typing import ClassVar

from cms.accounts.policy import Actor, require
from cms.audit.services import record
from cms.db.uow import UnitOfWork
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.search.segment import Segmenter, word_list
from cms.search.synonyms import Synonyms
from cms.settings.declaration import SettingKind, setting
from cms.settings.services import APP_STAMP, changed_names, load, save, touch

MOST_LINES = 5_000
_SHORTEST, _LONGEST = 2, 30
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, kw_only=True)
class SearchWords:
    """Words of this site for its search."""

    key: ClassVar[str] = "search_words"

    synonyms: str = setting(
        "", "同义词", kind=SettingKind.TEXT, length=200_000,
        help="每行一组，用等号连接，例如：低保 = 最低生活保障。以 # 开头的行是说明。保存后立即生效。",
    )  # fmt: skip
    dictionary: str = setting(
        "", "专用词", kind=SettingKind.TEXT, length=200_000,
        help="每行一个或以空格分开，例如本地地名、机构和项目名称，2 到 30 个字；检索时作为整体。重建索引后完全生效。",
    )  # fmt: skip

    def all_synonyms(self) -> Synonyms:
        """Return the groups of the product and of this site."""
        return Synonyms.load("\n".join([*word_list("synonyms"), self.synonyms]))

    def words(self) -> list[str]:
        """Return the words that the segmenter shall keep whole."""
        return [word for _number, word in _words(self.dictionary)]

    def segmenter(self) -> Segmenter:
        """Return a segmenter that knows this site's words."""
        return Segmenter([*self.all_synonyms().words(), *self.words()])


def change_words(uow: UnitOfWork, words: SearchWords, *, actor: Actor) -> None:
    """Store the site's words; every worker rebuilds its app with them.

    :raises NotAllowed: if ``actor`` may not. :raises Invalid: with the lines that cannot be used, by field.
    """
    require(actor, "search.manage")
    if errors := problems(words):
        raise Invalid(errors)
    names = changed_names(load(uow.session, SearchWords), words)
    if not names:
        return
    save(uow, words)
    touch(uow, APP_STAMP)
    record(uow, "search.words", actor_id=actor.id, subject_type="settings", subject_id=words.key, names=names)


def problems(words: SearchWords) -> dict[str, list[str]]:
    """Return what is wrong with ``words``, by field."""
    lines = [
        _("第 {n} 行“{line}”不能用：每行至少两个词，用等号连接，每个词不超过 30 个字。").format(
            n=number, line=line[:40]
        )
        for number, line in Synonyms.problems(words.synonyms)
    ]
    single = [
        _("第 {n} 行“{word}”不能用：词长为 2 到 30 个字。").format(n=number, word=word[:40])
        for number, word in _words(words.dictionary)
        if not _SHORTEST <= len(word) <= _LONGEST
    ]
    found = {"synonyms": lines[:20], "dictionary": single[:20]}
    for name, text in (("synonyms", words.synonyms), ("dictionary", words.dictionary)):
        if text.count("\n") >= MOST_LINES:
            found[name].append(_("最多 {n} 行。").format(n=MOST_LINES))
    return {name: each for name, each in found.items() if each}


def _words(text: str) -> list[tuple[int, str]]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.lstrip().startswith("#"):
            found += [(number, word) for word in _SPACE.split(line) if word]
    return found
