"""The upper half of a slip: the address in the window, what is to be paid, where, and what came together (お知らせ).

The window is that of a Japanese 長3 envelope (120 x 235 mm, window 90 x 45 mm, 20 mm from the left, 12 mm from the top:
measures of common makers, not of a standard). The sheet, folded in three, has 25 mm to move sideways and 21 mm
upwards in it; the address stands where the window shows it however the sheet lies, and nothing else ever does.
"""

from collections.abc import Iterator

from municipal.core.eras import wareki

from .document import Page
from .face import LARGE, PLAIN, SMALL, Face, draw_parts
from .fitting import boxed, fitted

WINDOW = (22.0, 13.0, 62.0, 23.0)
"""Left, top, width and height, in millimetres, of what is always seen."""

SEEN = (110.0, 57.0)
"""Right and below of this nothing is seen in whatever position."""

LEFT, RIGHT, MIDDLE = 20.0, 198.0, 118.0
ROWS_A_COLUMN = 12
TABLE_TOP, TABLE_HEIGHT = 98.0, 60.0
GAP = ("　", 4.0)


def draw(page: Page, face: Face) -> None:
    """Draw one slip in the order in which it is read: letter, then the three parts (券面の描画)."""
    _window(page, face)
    _sender(page, face)
    _demand(page, face)
    _ways(page, face)
    if face.overview:
        _overview(page, face)
    draw_parts(page, face)


def _window(page: Page, face: Face) -> None:
    page.begin("P")
    x, y, width, height = WINDOW
    said = [(line, 9.0) for line in (*face.address, face.care_of) if line]
    said += [(face.role, 8.0)] if face.role else []
    for foot, line, size in boxed(page.letters, [*said, (face.recipient, 12.0)], width, height):
        page.text(x, y + foot, line, size)


def _sender(page: Page, face: Face) -> None:
    page.begin("P")
    said = ((face.town, 12.0), (face.office, PLAIN), (f"発行日　{wareki(face.issued_on)}", PLAIN))
    y = 18.0
    for text, size in said:
        for line, small in fitted(page.letters, text, RIGHT - SEEN[0] - 4, size):
            page.right(RIGHT, y, line, small)
            y += 5.2


def _demand(page: Page, face: Face) -> None:
    page.begin("H1")
    title = f"{face.year}　{face.fee}　納付のお知らせ"
    for foot, line, size in boxed(page.letters, fitted(page.letters, title, RIGHT - LEFT, 15), RIGHT - LEFT, 9):
        page.text(LEFT, 62 + foot, line, size)
    page.begin("Artifact")
    page.line(LEFT, 72, RIGHT, 72, 0.3)
    page.box(LEFT, 75, RIGHT - LEFT, 14, gray=0.95)
    page.begin("P")
    cells = (
        ("期別", face.period, 22.0), ("納めていただく額", f"{face.yen:,}円", 56.0),
        ("納期限", wareki(face.due_on), 50.0), ("支払期限", f"{wareki(face.pay_until)}まで", 50.0),
    )  # fmt: skip
    x = LEFT + 3
    for label, value, width in cells:
        page.text(x, 79.5, label, SMALL)
        for line, size in fitted(page.letters, value, width - 3, 13):
            page.text(x, 86, line, size)
        x += width


def _ways(page: Page, face: Face) -> None:
    width = (MIDDLE - 8 if face.overview else RIGHT) - LEFT
    page.begin("H2")
    page.text(LEFT, TABLE_TOP, "納め方", LARGE)
    said = []
    for place, words in ways(face):
        said += [(f"■ {place}", PLAIN + 0.5), (words, PLAIN), GAP]
    said += [(f"・{note}", PLAIN - 0.5) for note in face.notes]
    for foot, line, size in boxed(page.letters, said, width, TABLE_HEIGHT - 3):
        page.begin("P")
        page.text(LEFT, TABLE_TOP + 2 + foot, line, size)


def ways(face: Face) -> Iterator[tuple[str, str]]:
    """Where this slip can be paid, and how (納め方)."""
    if face.barcode:
        yield f"コンビニエンスストア（{wareki(face.pay_until)}まで）", "切り離さずに、レジでお渡しください。"
    if face.el_qr:
        yield (
            "スマートフォン・インターネット",
            "eL-QRを決済アプリで読み取るか、地方税お支払サイトでeL番号を入れてください。領収証書は出ません。",
        )
    yield f"金融機関・{face.town}の窓口", "切り離さずに、お持ちください。"


def _overview(page: Page, face: Face) -> None:
    """All instalments that came together, in as many columns as they need."""
    page.begin("H2")
    page.text(MIDDLE, TABLE_TOP, f"お届けした納付書（{len(face.overview)}枚）", LARGE)
    columns = -(-len(face.overview) // ROWS_A_COLUMN)
    width = (RIGHT - MIDDLE) / columns
    for at, one in enumerate(face.overview):
        x, y = MIDDLE + at // ROWS_A_COLUMN * width, TABLE_TOP + 6 + at % ROWS_A_COLUMN * 4.6
        page.begin("P")
        cells = ((one.period, 0.18, False), (wareki(one.due_on), 0.45, False), (f"{one.yen:,}円", 0.37, True))
        for said, share, is_sum in cells:
            room = width * share
            for line, size in fitted(page.letters, said, room - 2, PLAIN):
                if is_sum:
                    page.right(x + room - 2, y, line, size)
                else:
                    page.text(x, y, line, size)
            x += room
    page.begin("Artifact")
    for row in range(min(len(face.overview), ROWS_A_COLUMN) + 1):
        page.line(MIDDLE, TABLE_TOP + 2.7 + row * 4.6, RIGHT, TABLE_TOP + 2.7 + row * 4.6, 0.1)
