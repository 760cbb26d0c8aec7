"""What the checker does not accept, said in both languages (受け付けられない理由)."""

from __future__ import annotations


class RefusedInput(Exception):  # noqa: N818  (a refusal is an answer, not an error)
    """Something given to a command that cannot be used, and why; printed as it stands (受け付けられない入力)."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(f"{ja}\n{en}")
        self.ja = ja
        self.en = en
