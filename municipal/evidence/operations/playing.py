"""What a trainer makes the simulated offices do (模擬の中間サーバーの操作)."""

from municipal.audit.operations import operation, record
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.evidence.kinds import LINKAGE, kinds
from municipal.evidence.models import BEHAVIOUR_NAMES, Behaviour, SimulatedBehaviour
from municipal.evidence.server import server
from municipal.evidence.simulator import MOST_POLLS, Simulator
from municipal.municipalities import wall


def needs_simulator() -> Simulator:
    """The simulator of the open municipality. Raises Refused where there is none (研修用の確認)."""
    found = server(wall.current())
    if not isinstance(found, Simulator):
        raise Refused("模擬の中間サーバーは、研修用の環境でだけ使えます。", code="training_only")
    return found


@operation("evidence.play")
def play(*, actor: Actor, kind: str, behaviour: str, polls: int) -> SimulatedBehaviour:
    """Say how questions of one kind are answered from now on, and after how many polls (振る舞いの設定)."""
    needs_simulator()
    if kind not in kinds() or kinds()[kind].via != LINKAGE:
        raise Refused("一覧から選んでください。", field="kind", code="invalid")
    if behaviour not in {one.value for one in BEHAVIOUR_NAMES} or not 0 <= polls <= MOST_POLLS:
        raise Refused("一覧から選んでください。", field="behaviour", code="invalid")
    made, _is_new = SimulatedBehaviour.objects.update_or_create(
        kind=kind, defaults={"behaviour": Behaviour(behaviour).value, "polls": polls}
    )
    record(actor=actor, code=f"{kind}.{behaviour}")
    return made
