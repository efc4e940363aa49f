"""Pages of lists."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from urllib.parse import urlencode

from flask import request

PER_PAGE = 20


@dataclass(frozen=True)
class Paging:
    """Where a list stands; ``url_of`` gives the address of another page with the same filters."""

    page: int
    pages: int
    total: int
    url_of: Callable[[int], str]
    per_page: int = PER_PAGE

    @property
    def offset(self) -> int:
        """Return how many records lie before this page."""
        return (self.page - 1) * self.per_page


def paging(total: int, per_page: int = PER_PAGE) -> Paging:
    """Return the page that the request asks for; a number beyond the end gives the last one."""
    pages = max(1, ceil(total / per_page))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)

    def url_of(number: int) -> str:
        kept = {name: value for name, value in request.args.items() if value and name != "page"}
        return f"{request.root_path}{request.path}?{urlencode({**kept, 'page': number})}"

    return Paging(page, pages, total, url_of, per_page)
