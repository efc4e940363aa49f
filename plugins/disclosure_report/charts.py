"""Year-on-year charts of a report: bars as plain numbers that a template draws, and the table that says the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .format_file import ChartSpec, Format, SeriesSpec
from .report import Report, plain

#: Size of the drawing, in its own units.
WIDTH, HEIGHT = 640, 260
_TOP, _BOTTOM, _SIDE = 28, 34, 12
#: Share of a year's room that its bars take.
_FILLED = 0.72
_WIDEST = 64.0


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A bar: where it stands, how large it is, which series it belongs to, and what is written above it."""

    x: float
    y: float
    width: float
    height: float
    series: int
    text: str

    @property
    def middle(self) -> float:
        """Return the middle of its width, for the text above."""
        return round(self.x + self.width / 2, 1)

    @property
    def above(self) -> float:
        """Return the base line of the text above it."""
        return round(self.y - 6, 1)


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart with its data.

    :param years: oldest first, with the middle of their room. :param rows: label of each series and its values as
        shown, empty where a year's is not known.
    """

    title: str
    unit: str
    years: Sequence[tuple[int, float]]
    bars: Sequence[Bar]
    rows: Sequence[tuple[str, Sequence[str]]]
    base: float = HEIGHT - _BOTTOM


def charts_of(report: Report, form: Format) -> list[Chart]:
    """Return the charts for which at least two years are known, the year of ``report`` among them."""
    own = {number.code: number.value for number in report.numbers() if number.value is not None}
    known: dict[int, Mapping[str, Decimal]] = {**report.history, report.year: {**own, **report.corrected}}
    charts = (_chart(spec, known) for spec in form.charts)
    return [chart for chart in charts if chart is not None and chart.years[-1][0] == report.year]


def _chart(spec: ChartSpec, known: Mapping[int, Mapping[str, Decimal]]) -> Chart | None:
    years = sorted(
        year for year, values in known.items() if any(_value(one, values) is not None for one in spec.series)
    )
    if len(years) < 2:  # noqa: PLR2004 — one year has nothing to compare with
        return None
    values = [[_value(one, known[year]) for year in years] for one in spec.series]
    series = [
        (one.label, line) for one, line in zip(spec.series, values, strict=True) if any(v is not None for v in line)
    ]
    room = (WIDTH - 2 * _SIDE) / len(years)
    return Chart(
        title=spec.title, unit=spec.unit,
        years=[(year, round(_SIDE + room * (place + 0.5), 1)) for place, year in enumerate(years)],
        bars=_bars([line for _label, line in series], room),
        rows=[(label, [plain(value) if value is not None else "" for value in line]) for label, line in series],
    )  # fmt: skip


def _value(series: SeriesSpec, values: Mapping[str, Decimal]) -> Decimal | None:
    return next((values[code] for code in series.codes if code in values), None)


def _bars(lines: Sequence[Sequence[Decimal | None]], room: float) -> list[Bar]:
    most = max((value for line in lines for value in line if value is not None), default=Decimal())
    width = min(room * _FILLED / len(lines), _WIDEST)
    inside = HEIGHT - _TOP - _BOTTOM
    bars = []
    for series, line in enumerate(lines):
        for place, value in enumerate(line):
            if value is not None:
                height = round(float(value / most) * inside, 1) if most > 0 else 0.0
                begin = _SIDE + room * (place + 0.5) - width * len(lines) / 2
                bars.append(
                    Bar(x=round(begin + width * series, 1), y=round(HEIGHT - _BOTTOM - height, 1),
                        width=round(width - 2, 1), height=height, series=series, text=plain(value))
                )  # fmt: skip
    return bars
