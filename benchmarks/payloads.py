"""The codes of slips as digits: composing them, and judging every rule (納付コードの組立てと判定)."""

from datetime import date

from benchmarks.measuring import Table, in_turn
from benchmarks.slips import payload
from municipal.conformance.findings import Exit
from municipal.conformance.slips import judge_text

CODES, GOAL_A_SECOND = 20_000, 20_000
TODAY = date(2026, 11, 29)


def measure(codes: int = CODES, rounds: int = 5) -> list[Table]:
    """eL-QR codes a second of processor time: made, judged, and both (計測)."""
    table = Table(
        "Payloads of eL-QR codes",
        ("what", "codes", "codes / CPU s"),
        note="255 digits each; judged by every rule of the checker, which finds nothing but that they are specimens.",
    )
    made = [payload(serial) for serial in range(codes)]
    right = [judge_text(digits, today=TODAY) for digits in made[:: max(1, codes // 100)]]
    composing, judging, both = in_turn(
        rounds,
        lambda: [payload(serial) for serial in range(codes)],
        lambda: [judge_text(digits, today=TODAY) for digits in made],
        lambda: [judge_text(payload(serial), today=TODAY) for serial in range(codes)],
    )
    table.add("composed", f"{codes:,}", f"{codes / min(composing.cpu):,.0f}")
    table.add("judged", f"{codes:,}", f"{codes / min(judging.cpu):,.0f}")
    speed = codes / min(both.cpu)
    is_right = all(one.exit_status is Exit.NOTHING_FOUND for one in right)
    table.add("composed and judged", f"{codes:,}", f"{speed:,.0f}", is_met=speed >= GOAL_A_SECOND and is_right)
    return [table]
