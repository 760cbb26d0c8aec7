"""Numbers that a slip of the eye or the finger makes of another (読み違いの番号)."""


def near_numbers(number: str) -> set[str]:
    """All that differ in one digit, or have two neighbours exchanged (1桁違い・隣どうしの入替わり)."""
    wrong = {
        number[:at] + digit + number[at + 1 :]
        for at in range(len(number))
        for digit in "0123456789"
    }  # fmt: skip
    swapped = {number[:at] + number[at + 1] + number[at] + number[at + 2 :] for at in range(len(number) - 1)}
    return (wrong | swapped) - {number}
