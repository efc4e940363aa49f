"""Filters of a query, and the counts of an answer by type, section and year."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from cms.search.columns import Columns
from cms.search.index import SearchQuery


class Filter:
    """The filters of a query, and the facets: each counts as if its own filter were not set."""

    def __init__(self, query: SearchQuery) -> None:
        self.query = query
        self.dated = query.since is not None or query.until is not None
        self.since = query.since.toordinal() if query.since else 1
        self.until = query.until.toordinal() if query.until else dt.date.max.toordinal()

    def count(self, columns: Columns, found: Iterable[int], facets: dict[str, Counter[str]]) -> list[int]:
        """Return the documents of ``found`` that pass all filters, and add to ``facets``."""
        query = self.query
        active = [query.types is None or place.type in query.types for place in columns.place]
        typed = [query.type is None or place.type == query.type for place in columns.place]
        placed = [query.section is None or query.section in place.sections for place in columns.place]
        places = columns.places
        shown = [doc for doc in found if active[places[doc]]] if query.types is not None else list(found)
        both = [one and other for one, other in zip(typed, placed, strict=True)]
        undated = [doc for doc in shown if both[places[doc]]]
        in_time = [doc for doc in shown if self.since <= columns.days[doc] <= self.until] if self.dated else shown
        for number, count in Counter(map(columns.years.__getitem__, undated)).items():
            if number:
                facets["year"][str(number)] += count
        for ref, count in Counter(map(places.__getitem__, in_time)).items():
            place = columns.place[ref]
            if placed[ref]:
                facets["type"][place.type] += count
            if typed[ref]:
                for section in place.sections:
                    facets["section"][section] += count
        return [doc for doc in in_time if both[places[doc]]]
