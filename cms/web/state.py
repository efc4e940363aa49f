"""The one state object of an app, ``app.extensions["cms"]``. There is no other: two apps share nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cms.config import Settings
from cms.content.types import TypeRegistry
from cms.db.extension import db
from cms.db.uow import UnitOfWork, unit_of_work
from cms.editions.edition import Editions
from cms.editions.loading import bundled_editions
from cms.kernel.clock import Clock
from cms.kernel.hooks import HookBus
from cms.media.store import FileStore
from cms.personal.files import SealedFiles
from cms.personal.keyring import Keyring
from cms.pluginkit.loader import Failure, Loaded
from cms.pluginkit.plugin import Contributions
from cms.pluginkit.state import set_failure
from cms.search.index import SearchIndex
from cms.theming.themes import Theme


@dataclass(repr=False)
class Cms:
    """Everything that belongs to one app. Shown by the folder of its site: what it holds is long, and partly secret."""

    settings: Settings
    contributions: Contributions
    clock: Clock
    engine: Engine
    store: FileStore
    keyring: Keyring
    #: What citizens sent us.
    sealed_files: SealedFiles
    index: SearchIndex
    themes: Sequence[Theme]
    #: The editions of the regulation with what this site corrects.
    editions: Editions = field(default_factory=bundled_editions)
    loaded: Sequence[Loaded] = ()
    failures: Sequence[Failure] = ()
    #: Value of the plugin stamp that this app was built from.
    stamp: int = 0
    #: Digests of static files, and addresses of the theme's files: they do not change while an app lives.
    asset_digests: dict[str, str] = field(default_factory=dict)
    theme_files: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Cms({str(self.settings.site)!r})"

    @property
    def bus(self) -> HookBus:
        """Return the app's hook bus."""
        return self.contributions.bus

    @property
    def types(self) -> TypeRegistry:
        """Return the app's content types."""
        return self.contributions.types

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """Open a unit of work on this app's database; handlers that failed in it are noted afterwards."""
        try:
            with unit_of_work(self.engine, self.bus, self.clock) as uow:
                yield uow
        finally:
            self._note_failures()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a read session outside a request."""
        with Session(self.engine) as session:
            yield session

    def failing(self) -> dict[str, tuple[str, str]]:
        """Return problem and traceback of the plugins that this app had to leave out, by key."""
        return {failure.key: (failure.problem, failure.traceback) for failure in self.failures}

    def _note_failures(self) -> None:
        failures, self.bus.failures = self.bus.failures, []
        if failures:
            with unit_of_work(self.engine, self.bus, self.clock) as uow:
                for failure in failures:
                    set_failure(uow, failure.owner, f"a handler of {failure.hook} failed", failure.traceback)

    def close(self) -> None:
        """Give back what the app holds open; called when it has been replaced and its last request is done."""
        self.index.close()
        self.engine.dispose()


def get_cms() -> Cms:
    """Return the state of the present app."""
    state = current_app.extensions["cms"]
    assert isinstance(state, Cms)  # noqa: S101 — tells the type checker what create_app() has put there
    return state


def read_session() -> Session:
    """Return the read session of the present request."""
    return db.session()
