"""Which step leads where, and who may take it: the published table and nothing beside it (申請の状態遷移)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from municipal.procedures.catalogue import Text, table

SUBMITTED, CORRECTION = "submitted", "correction"
APPLICANT, CLERK, DECIDER, SYSTEM = "applicant", "clerk", "decider", "system"
DECISIONS = frozenset({"approve", "reject", "return"})
"""Steps by which the office decides; they need a permission of their own."""


@dataclass(frozen=True)
class Step:
    """One line of the table: from a state, by somebody, to a state (状態遷移)."""

    workflow: str
    state: str
    action: str
    role: str
    to: str
    needs_reason: bool
    label: Text

    @property
    def is_decision(self) -> bool:
        """Whether the office decides by it (決定か)."""
        return self.action in DECISIONS


@cache
def steps() -> tuple[Step, ...]:
    """Every step of every workflow, in the order of the table (状態遷移表)."""
    return tuple(
        Step(
            row["workflow"], row["state"], row["action"], row["role"], row["to"], row["needs_reason"] == "yes",
            Text(row["label_ja"], row["label_ja_easy"], row["label_en"], row["label_ko"]),
        )
        for row in table("workflows") if row["action"]
    )  # fmt: skip


def from_here(workflow: str, state: str, roles: Iterable[str] = ()) -> list[Step]:
    """The steps open in a state, those of ``roles`` only where any are given (選べる処理)."""
    wanted = set(roles)
    return [
        one for one in steps()
        if (one.workflow, one.state) == (workflow, state) and (not wanted or one.role in wanted)
    ]  # fmt: skip


def step_of(workflow: str, state: str, action: str) -> Step | None:
    """The step with this name from a state; None where the table has none (処理の照合)."""
    return next((one for one in from_here(workflow, state) if one.action == action), None)


@cache
def moves() -> tuple[str, ...]:
    """Every permitted change of state of a case as ``workflow:from:to``, for the database (許される状態の変化)."""
    return tuple(sorted({f"{one.workflow}:{one.state}:{one.to}" for one in steps() if one.state != "draft"}))


@cache
def outward() -> dict[tuple[str, str], tuple[str, Text]]:
    """What an applicant is told of each state of each workflow: the word and its texts (外部向けの状態)."""
    words = {row["outward"]: Text(row["ja"], row["ja_easy"], row["en"], row["ko"]) for row in table("outward")}
    return {(row["workflow"], row["state"]): (row["outward"], words[row["outward"]]) for row in table("workflows")}


def is_over(workflow: str, state: str) -> bool:
    """Whether nothing follows any more (終結か)."""
    return not from_here(workflow, state)


@cache
def open_states() -> tuple[str, ...]:
    """The states of a case after which something follows (処理中の状態)."""
    return tuple(sorted({row["state"] for row in table("workflows") if row["action"]} - {"draft"}))


@cache
def final_states() -> tuple[str, ...]:
    """The states after which nothing follows, in any workflow (終結の状態)."""
    return tuple(sorted({row["state"] for row in table("workflows") if not row["action"]}))
