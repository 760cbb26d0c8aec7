"""The two codes of a slip as pixels: eL-QR and convenience-store barcode (納付コードの図形)."""

import re
from functools import cache
from math import isqrt
from typing import Any

import zxingcpp

QUIET = 4
"""Modules of white around a QR code; the slip leaves more."""

_START_C, _FNC1, _STOP = 105, 102, 106


def qr(digits: str) -> tuple[int, bytes]:
    """A QR code of level M: modules a side, and rows of bits, 1 is black, each row from a byte on (QRコード)."""
    code = zxingcpp.create_barcode(digits, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False)
    pixels = bytes(memoryview(image))
    side = isqrt(len(pixels))
    width = (side + 7) // 8
    rows = []
    for start in range(0, side * side, side):
        row = 0
        for pixel in pixels[start : start + side]:
            row = row << 1 | (pixel < 128)
        rows.append((row << (width * 8 - side)).to_bytes(width, "big"))
    return side, b"".join(rows)


_PATTERNS = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231
113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211
212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131
113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111
314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211
241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141
214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214
211232 2331112
""".split()  # noqa: SIM905  (a table reads better than a hundred quotes)
"""Widths of bars and spaces of Code 128, value by value (ISO/IEC 15417, table 1)."""


@cache
def _bars(value: int) -> tuple[int, int]:
    """A pattern as a number whose bits are modules, and how many modules."""
    bits, length = 0, 0
    for at, width in enumerate(_PATTERNS[value]):
        size = int(width)
        bits = bits << size | (((1 << size) - 1) if at % 2 == 0 else 0)
        length += size
    return bits, length


def gs1_128(digits: str) -> tuple[int, bytes]:
    """GS1-128 of an even number of digits: modules, and one row of bits, 1 is black (GS1-128).

    Start C, FNC1, two digits a symbol, modulo 103, stop: 288 modules for 44 digits. Raises ValueError for anything
    but digits in pairs.
    """
    if not digits.isascii() or not digits.isdigit() or len(digits) % 2:
        raise ValueError("GS1-128 in code set C takes digits in pairs")
    values = [_START_C, _FNC1, *(int(digits[at : at + 2]) for at in range(0, len(digits), 2))]
    check = (values[0] + sum(place * value for place, value in enumerate(values[1:], start=1))) % 103
    bits = length = 0
    for value in (*values, check, _STOP):
        pattern, size = _bars(value)
        bits, length = bits << size | pattern, length + size
    width = (length + 7) // 8
    return length, (bits << (width * 8 - length)).to_bytes(width, "big")


def svg(pixels: tuple[int, int], data: bytes, size: tuple[int, int]) -> str:
    """A symbol as a picture for a page, ``size`` in its units, with the white around it (画面用の図形)."""
    width, height = pixels
    stride = (width + 7) // 8
    across, down = size[0] // width, size[1] // height
    bars = []
    for y in range(height):
        row = f"{int.from_bytes(data[y * stride : (y + 1) * stride], 'big'):0{stride * 8}b}"[:width]
        bars += [
            f"M{found.start() * across} {y * down}h{len(found[0]) * across}v{down}H{found.start() * across}z"
            for found in re.finditer("1+", row)
        ]
    margin = QUIET * across
    box = f"{-margin} {-margin} {size[0] + 2 * margin} {size[1] + 2 * margin}"
    white = f'<path fill="#fff" d="M{-margin} {-margin}h{size[0] + 2 * margin}v{size[1] + 2 * margin}H{-margin}z"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{white}<path d="{"".join(bars)}"/></svg>'
