"""``cms search``: ask the index, look after it."""

import json

import click

from cms.cli.context import app_of, done, drain, opened
from cms.rest.search import answer
from cms.search.index import SearchQuery
from cms.search.projection import lag
from cms.search.projection import rebuild as rebuild_index
from cms.web.state import Cms

MOST = 100


class _QueryGroup(click.Group):
    """A group whose first word may also be a query: everything that is no subcommand is one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``find`` before a query."""
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["find", *args]
        return super().parse_args(ctx, args)


@click.group("search", cls=_QueryGroup)
def search() -> None:
    """Search the public items: cms search QUERY; or look after the index: rebuild, status."""


@search.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--type", "kind", help="Key of a content type.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, MOST))
@click.option("--json", "as_json", is_flag=True, help="Print what GET /api/v1/search answers.")
def find(query: tuple[str, ...], kind: str | None, limit: int, as_json: bool) -> None:  # noqa: FBT001 — a flag
    """Search the public items (the word "find" may be left out)."""
    app = app_of()
    state: Cms = app.extensions["cms"]
    asked = SearchQuery(text=" ".join(query).strip(), type=kind, per_page=limit)
    with app.test_request_context(base_url=state.settings.public_url):
        # An index of a server that is not running may be behind.
        drain(state)
        found = answer(asked)
    state.close()
    if as_json:
        done(json.dumps(found.model_dump(), ensure_ascii=False, indent=2))
        return
    for item in found.items:
        done(f"{item.published_on or '':10}  {item.title}\n            {item.url}")
    done(
        f"{found.total} found in {found.took_ms} ms"
        + (f"; did you mean {found.suggestion}?" if found.suggestion else "")
    )


@search.command()
def rebuild() -> None:
    """Build the index anew from the database, beside the one in use, then swap."""
    with opened() as cms:
        count = rebuild_index(cms.engine, cms.index, cms.types, cms.clock)
    done(f"indexed: {count}")


@search.command()
@click.option("--json", "as_json", is_flag=True, help="Print documents, lag, needs_rebuild.")
def status(as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """Say how many documents the index holds and how far it is behind."""
    with opened() as cms, cms.reading() as session:
        is_old = cms.index.needs_rebuild
        state = {"documents": 0 if is_old else cms.index.count(), "lag": lag(session), "needs_rebuild": is_old}
    if as_json:
        done(json.dumps(state))
        return
    done(f"documents: {state['documents']}\nchanges waiting: {state['lag']}")
    if is_old:
        done("the index has to be rebuilt: cms search rebuild")
