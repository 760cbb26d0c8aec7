"""Showing an individual number, and finding whose it is (個人番号の表示・検索; resident-record/1.0#10.4)."""

from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.audit.operations import disclose, operation
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.models import Staff
from municipal.numbers.models import IndividualNumber
from municipal.numbers.purposes import PURPOSES
from municipal.numbers.sealing import Digits, indexes, unseal

PERMISSION = "item.individual_number"
ELSEWHERE = _("この個人番号は、ほかの方のものとして記録されています。番号を確かめてください。")


def has_number(addressee: int) -> bool:
    """Whether a number is recorded for today, which may be said without showing it (個人番号の有無)."""
    return _of_today(addressee) is not None


def _of_today(addressee: int) -> IndividualNumber | None:
    known = IndividualNumber.objects.filter(addressee=addressee, recorded__endswith__isnull=True)
    return known.filter(valid__contains=clock.today()).first()


def holder_of(digits: Digits) -> Addressee | None:
    """Whose number this is or was, as far as is known now; None for nobody (個人番号の保有者).

    It shows nothing: an act that compares a number on a notice records itself.
    """
    known = IndividualNumber.objects.filter(blind_index__in=indexes(digits), recorded__endswith__isnull=True)
    found = known.select_related("addressee").first()
    return found.addressee if found else None


def refuse_held(digits: Digits, *, besides: int | None) -> None:
    """Raise Refused if the number is recorded as somebody else's than ``besides`` (addressee id)."""
    held = IndividualNumber.objects.filter(blind_index__in=indexes(digits), recorded__endswith__isnull=True)
    if held.exclude(addressee=besides).exists():
        raise Refused(ELSEWHERE, field="individual_number", code="one_person_of_each_number")


@implements("resident-record/1.0#10.4/m1")
@operation("numbers.show")
def show(*, actor: Actor, addressee: int, purpose: str) -> Digits:
    """The number that is this person's today, for a purpose of the closed list (個人番号の表示).

    Recorded as a disclosure. Raises Refused for a purpose that is none or does not show, without the permission of the
    item, and where no number is recorded.
    """
    _refuse_unless_allowed(actor, purpose, shows=True)
    found = _of_today(addressee)
    if found is None:
        raise Refused("この方には個人番号が記録されていません。", code="no_number")
    disclose(actor=actor, subjects=[addressee], fields=["individual_number"], purpose=purpose)
    return unseal(found.key_id, found.nonce, found.ciphertext, str(addressee))


@operation("numbers.find")
def find(*, actor: Actor, digits: Digits, purpose: str) -> Addressee | None:
    """Whose number this is, for a purpose of the closed list; whoever is found counts as seen (個人番号による検索).

    Raises Refused as ``show`` does.
    """
    _refuse_unless_allowed(actor, purpose, shows=False)
    found = holder_of(digits)
    disclose(actor=actor, subjects=[found.pk] if found else [], fields=["individual_number"], purpose=purpose)
    return found


def _refuse_unless_allowed(actor: Actor, purpose: str, *, shows: bool) -> None:
    if not isinstance(actor, Staff) or not actor.may(PERMISSION):
        raise Refused("個人番号を扱う権限がありません。システム管理者に確かめてください。", code="forbidden")
    known = PURPOSES.get(purpose)
    if known is None or (shows and not known.shows):
        raise Refused(
            "個人番号を見る目的を一覧から選んでください。法律にない目的では表示できません。",
            field="purpose",
            code="purpose",
        )
