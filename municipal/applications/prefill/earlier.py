"""What was decided before on applications about the same person, and what other offices sent (前の申請からの引用)."""

from collections.abc import Callable

from municipal.applications.models import Case
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.residents.models import ReceivedKind
from municipal.residents.received import waiting

from .items import Line, Value
from .subjects import Subject

GRANTED = ("approved", "done")


def decided(procedure: str) -> Callable[[Subject], Value | None]:
    """The newest application of this procedure about the person that was granted (前の申請の決定)."""

    def asked(subject: Subject) -> Value | None:
        rows = Case.objects.filter(about=subject.about, procedure=procedure, state__in=GRANTED).defer("answers")
        found = rows.order_by("-changed_at").first()
        if found is None:
            return None
        day = found.changed_at.astimezone(clock.TOKYO).date()
        title = found.asked.title.ja
        return Value(
            {"number": found.number, "procedure": procedure, "decided_on": day.isoformat()},
            (Line(f"{title}（受付番号 {found.number}、{wareki(day)}）"),), (subject.about.pk,),
        )  # fmt: skip

    return asked


def move_out_certificate(subject: Subject) -> Value | None:
    """What the former municipality sent about somebody who is coming back, and nobody took in yet (転出証明書情報)."""
    found = waiting(ReceivedKind.MOVE_OUT.value).filter(addressee=subject.about).first()
    if found is None:
        return None
    said = {name: text for name, text in found.said.items() if name != "resident_code"}
    is_withheld = subject.about.pk in subject.secrets.people
    place = "".join(said.get(part, "") for part in ("prefecture", "city", "block", "lot", "building"))
    lines = [Line(f"{found.sender}（{wareki(found.noticed_on)}）"), Line(said.get("name", ""))]
    lines += [Line(place, is_home=True)] if place else []
    return Value(said, tuple(one for one in lines if one.text), (subject.about.pk,), is_withheld=is_withheld)
