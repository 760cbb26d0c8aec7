"""The person of whom sources are asked, looked up once for all of them (引用の対象者)."""

from datetime import date
from functools import cached_property

from municipal.addressees.models import Addressee
from municipal.core import clock
from municipal.residents import inquiry
from municipal.residents.models import ResidentRecord
from municipal.residents.secrecy import Secrets, secrets
from municipal.residents.suppression import INQUIRY, decide


class Subject:
    """Whom an application concerns, as the register stands on the day of the reading (引用の対象者)."""

    def __init__(self, about: Addressee) -> None:
        self.about = about
        self.known_at = clock.now()

    @cached_property
    def today(self) -> date:
        """The day for which everything is asked (基準日)."""
        return clock.today()

    @cached_property
    def record(self) -> ResidentRecord | None:
        """The record that is true today; None for somebody whom the register does not know (今日の記録)."""
        return inquiry.as_of(self.about, valid_on=self.today, known_at=self.known_at)

    @cached_property
    def household(self) -> list[ResidentRecord]:
        """Everybody who belongs to the household today, in stored order (世帯員)."""
        if self.record is None:
            return []
        return inquiry.members_as_of(self.record.household, valid_on=self.today, known_at=self.known_at)

    @cached_property
    def secrets(self) -> Secrets:
        """What nobody is shown in this municipality (秘匿)."""
        return secrets()

    @cached_property
    def is_closed(self) -> bool:
        """Whether nobody is shown anything of the person: inquiries about them are stopped (照会の抑止)."""
        return bool(decide(INQUIRY, [self.about.pk]).errors)

    def hides(self, group: str) -> bool:
        """Whether the address of this group is shown to nobody (住所の秘匿)."""
        return self.record is not None and self.secrets.hides(self.about.pk, vars(self.record), group)

    @cached_property
    def hides_household(self) -> bool:
        """Whether nobody is shown who lives together: one of them is protected (世帯の秘匿)."""
        return bool(self.secrets.covered & {self.about.pk, *(one.addressee_id for one in self.household)})
