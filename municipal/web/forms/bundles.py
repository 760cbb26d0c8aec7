"""The people whom the forms of a bundle may name, typed once (手続一式の関係する人)."""

from collections.abc import Mapping

from municipal.procedures.catalogue import Field, Text

NAME = "someone"
PEOPLE_FIELD = Field(
    NAME, "people",
    Text("関係する人（一覧にいない人）", "かんけいする 人（いない 人だけ）", "People concerned (who are not listed)",
         "관계자(목록에 없는 사람)"),
    Text("申請で名前を書く人を、ここで一度だけ入れます。あとの画面では選ぶだけです。",
         "名前を 書く 人を、ここで 1回だけ 入れます。あとは えらぶだけです。",
         "Name here once everybody whom the forms ask for; on later pages you only choose.",
         "신청서에 적을 사람을 여기서 한 번만 입력합니다. 다음 화면부터는 선택만 하면 됩니다."),
    False, "people", most=12,
)  # fmt: skip


def named(kept: Mapping[str, Mapping[str, str]], typed: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Those whom the register gave, and those who were typed now (関係する人の控え)."""
    given = {ref: dict(one) for ref, one in kept.items() if not ref.startswith(NAME)}
    return given | {ref: dict(one) for ref, one in typed.items()}
