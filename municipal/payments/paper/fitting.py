"""Text that must fit: made smaller, then broken, never cut (文字の収まり)."""

from collections.abc import Sequence

from .document import POINTS_PER_MM
from .letters import Letters

SMALLEST = 5.5
"""Text is narrowed to this size, in points, before it breaks; smaller nobody reads it."""

LEADING = 1.3
"""From one line to the next, in sizes of the text."""


def fitted(letters: Letters, said: str, width: float, size: float) -> list[tuple[str, float]]:
    """``said`` in lines no wider than ``width`` millimetres, each with its size in points (1行への収め).

    It is made smaller first, then broken; nothing is ever left out.
    """
    room = width * POINTS_PER_MM * 1000
    needed = letters.width(said)
    if needed * size <= room:
        return [(said, size)]
    if needed * SMALLEST <= room:
        return [(said, room / needed)]
    return [(line, SMALLEST) for line in broken(letters, said, width, SMALLEST)]


def broken(letters: Letters, said: str, width: float, size: float) -> list[str]:
    """``said`` in lines of that size no wider than ``width`` millimetres (折返し)."""
    room = width * POINTS_PER_MM * 1000 / size
    if letters.width(said) <= room:
        return [said]
    lines, line, used = [], "", 0
    for letter in said:
        wide = letters.width(letter)
        if line and used + wide > room:
            lines.append(line)
            line, used = "", 0
        line, used = line + letter, used + wide
    return [*lines, line]


def boxed(
    letters: Letters, paragraphs: Sequence[tuple[str, float]], width: float, height: float
) -> list[tuple[float, str, float]]:
    """Paragraphs, each with its size, in a box: the foot of each line, its text and its size (枠への収め).

    All are made smaller together until they fit, however small that is: what goes beyond the box is not seen at all.
    """
    scale = 1.0
    while True:
        lines = [
            (line, size * scale) for said, size in paragraphs for line in broken(letters, said, width, size * scale)
        ]
        if sum(size for _, size in lines) * LEADING <= height * POINTS_PER_MM:
            break
        scale *= 0.95
    found, foot = [], 0.0
    for line, size in lines:
        foot += size * LEADING / POINTS_PER_MM
        found.append((foot - size * (LEADING - 1) / POINTS_PER_MM, line, size))
    return found
