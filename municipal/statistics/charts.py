"""Charts as SVG, drawn here: a population pyramid, bars of change, a line of population, columns, shares (グラフ).

No script, no style attribute, no outside font. Every chart has a title and a description and stands beside the table
that says the same; colours differ in brightness, and patterns and words tell what they mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 720
_LEFT, _BAR = 64, 18


@dataclass(frozen=True)
class Bar:
    """One class of a pyramid: its name, men and women (階級)."""

    name: str
    men: int
    women: int


@dataclass(frozen=True)
class Column:
    """One value of a row of columns (柱)."""

    name: str
    value: int


@dataclass(frozen=True)
class Share:
    """One bar of several parts, in the order of their names (構成)."""

    name: str
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Point:
    """One month of a series: its name, what was added and removed, the population at its end (月)."""

    name: str
    added: int
    removed: int
    total: int


def _framed(chart_id: str, title: str, description: str, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg class="k-chart" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="{chart_id}-title {chart_id}-desc" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{chart_id}-title">{escape(title)}</title><desc id="{chart_id}-desc">{escape(description)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def _text(x: float, y: float, said: str, *, anchor: str = "start") -> str:
    return f'<text class="k-chart__text" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(said)}</text>'


def _rect(kind: str, x: float, y: float, width: float, height: float) -> str:
    return (
        f'<rect class="k-chart__{kind}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" '
        f'height="{max(height, 0):.1f}"/>'
    )


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<line class="k-chart__axis" x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"/>'


def steps(most: int) -> list[int]:
    """Round numbers for the marks of an axis from 0 up to ``most`` or a little more, four at most (目盛)."""
    size = 1
    for size in (base * 10**power for power in range(12) for base in (1, 2, 5)):
        if size * 4 >= most:
            break
    return [size * number for number in range(max(1, -(-most // size)) + 1)]


def pyramid(bars: Sequence[Bar], *, title: str, men: str, women: str, chart_id: str = "pyramid") -> str:
    """Men to the left, women to the right, the oldest on top (人口ピラミッド)."""
    top, middle, half = 34, WIDTH / 2, WIDTH / 2 - _LEFT
    marks = steps(max((max(bar.men, bar.women) for bar in bars), default=1))
    scale = (half - 8) / marks[-1]
    bottom = top + len(bars) * (_BAR + 4)
    parts = [_text(middle - _LEFT, 20, men, anchor="end"), _text(middle + _LEFT, 20, women)]
    for mark in marks:
        for x in (middle - _LEFT / 1.3 - mark * scale * 0.86, middle + _LEFT / 1.3 + mark * scale * 0.86):
            parts += [_line(x, top, x, bottom), _text(x, bottom + 16, f"{mark:,}", anchor="middle")]
    for place, bar in enumerate(reversed(bars)):
        y = top + place * (_BAR + 4)
        parts.append(_text(middle, y + _BAR - 4, bar.name, anchor="middle"))
        parts.append(_rect("men", middle - _LEFT / 1.3 - bar.men * scale * 0.86, y, bar.men * scale * 0.86, _BAR))
        parts.append(_rect("women", middle + _LEFT / 1.3, y, bar.women * scale * 0.86, _BAR))
    said = "、".join(f"{bar.name} {men}{bar.men:,} {women}{bar.women:,}" for bar in bars)
    return _framed(chart_id, title, said, int(bottom + 26), parts)


def changes(points: Sequence[Point], *, title: str, added: str, removed: str, chart_id: str = "changes") -> str:
    """What was added goes up, what was removed goes down, month by month (増減のグラフ)."""
    top, height = 30, 240
    marks = steps(max((max(point.added, point.removed) for point in points), default=1))
    scale, zero = (height / 2 - 6) / marks[-1], top + height / 2
    wide = (WIDTH - _LEFT) / max(len(points), 1)
    parts = []
    for mark in marks:
        for y in {zero - mark * scale, zero + mark * scale}:
            parts += [_line(_LEFT, y, WIDTH, y), _text(_LEFT - 6, y + 4, f"{mark:,}", anchor="end")]
    for place, point in enumerate(points):
        x = _LEFT + place * wide
        parts.append(_rect("men", x + wide * 0.15, zero - point.added * scale, wide * 0.3, point.added * scale))
        parts.append(_rect("women", x + wide * 0.55, zero, wide * 0.3, point.removed * scale))
        parts.append(_text(x + wide / 2, top + height + 18, point.name, anchor="middle"))
    parts += [_text(_LEFT + 4, 18, f"▲ {added}"), _text(_LEFT + 140, 18, f"▼ {removed}")]
    said = "、".join(f"{point.name} {added}{point.added:,} {removed}{point.removed:,}" for point in points)
    return _framed(chart_id, title, said, top + height + 30, parts)


def population(points: Sequence[Point], *, title: str, chart_id: str = "population") -> str:
    """The population at the end of each month as a line (人口の推移)."""
    top, height = 16, 180
    least, most = min((p.total for p in points), default=0), max((p.total for p in points), default=1)
    # The axis begins near the least, or nothing would move; the marks say so.
    span = steps(max(most - least, 4))
    floor = least - least % span[1]
    ceiling = floor + span[1] * max(1, -(-(most - floor) // span[1]))
    wide = (WIDTH - _LEFT - 24) / max(len(points) - 1, 1)
    scale = height / max(ceiling - floor, 1)

    def y_of(total: int) -> float:
        return top + height - (total - floor) * scale

    parts = []
    for mark in range(floor, ceiling + 1, span[1]):
        parts += [
            _line(_LEFT, y_of(mark), WIDTH, y_of(mark)),
            _text(_LEFT - 6, y_of(mark) + 4, f"{mark:,}", anchor="end"),
        ]
    way = " ".join(f"{_LEFT + 12 + place * wide:.1f},{y_of(point.total):.1f}" for place, point in enumerate(points))
    parts.append(f'<polyline class="k-chart__line" points="{way}"/>')
    for place, point in enumerate(points):
        x = _LEFT + 12 + place * wide
        parts.append(f'<circle class="k-chart__dot" cx="{x:.1f}" cy="{y_of(point.total):.1f}" r="4"/>')
        parts.append(_text(x, top + height + 20, point.name, anchor="middle"))
    said = "、".join(f"{point.name} {point.total:,}" for point in points)
    return _framed(chart_id, title, said, top + height + 32, parts)


def columns(values: Sequence[Column], *, title: str, chart_id: str = "columns") -> str:
    """One column for each value, upwards from 0; what is below 0 goes down (縦棒グラフ)."""
    left, top, height = 96, 16, 200
    marks = steps(max((abs(one.value) for one in values), default=1))
    is_crossed = any(one.value < 0 for one in values)
    scale = (height / 2 if is_crossed else height) / marks[-1]
    zero = top + (height / 2 if is_crossed else height)
    wide = (WIDTH - left) / max(len(values), 1)
    every = 2 if len(values) > 20 else 1
    parts = []
    for mark in [*marks, *((-mark for mark in marks[1:]) if is_crossed else ())]:
        y = zero - mark * scale
        parts += [_line(left, y, WIDTH, y), _text(left - 6, y + 4, f"{mark:,}", anchor="end")]
    for place, one in enumerate(values):
        x, tall = left + place * wide, abs(one.value) * scale
        parts.append(_rect("men", x + wide * 0.15, zero - (tall if one.value > 0 else 0), wide * 0.7, tall))
        if place % every == 0:
            parts.append(_text(x + wide / 2, top + height + 18, one.name, anchor="middle"))
    said = "、".join(f"{one.name} {one.value:,}" for one in values)
    return _framed(chart_id, title, said, top + height + 30, parts)


SHADES = ("men", "women", "rest")
"""How the parts of a share are filled, by their order: full, empty, grey."""


def shares(rows: Sequence[Share], *, title: str, names: Sequence[str], chart_id: str = "shares") -> str:
    """One bar for each row, divided into its parts from left to right (構成比のグラフ)."""
    left, top, pitch = 232, 40, _BAR + 12
    marks = steps(max((sum(row.parts) for row in rows), default=1))
    scale = (WIDTH - left - 64) / marks[-1]
    bottom = top + len(rows) * pitch
    parts = []
    for place, name in enumerate(names):
        parts += [_rect(SHADES[place], left + place * 150, 6, 14, 14), _text(left + place * 150 + 20, 18, name)]
    for mark in marks:
        x = left + mark * scale
        parts += [_line(x, top, x, bottom), _text(x, bottom + 16, f"{mark:,}", anchor="middle")]
    for place, row in enumerate(rows):
        x, y = float(left), top + place * pitch + 6
        parts.append(_text(left - 8, y + _BAR - 4, row.name, anchor="end"))
        for shade, value in zip(SHADES, row.parts, strict=False):
            if value > 0:
                parts.append(_rect(shade, x, y, value * scale, _BAR))
                x += value * scale
    said = "、".join(
        f"{row.name} " + " ".join(f"{name}{value:,}" for name, value in zip(names, row.parts, strict=True))
        for row in rows
    )
    return _framed(chart_id, title, said, bottom + 26, parts)
