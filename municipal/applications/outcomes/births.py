"""A child is born: the entry that follows the notice of birth (出生の仮登録)."""

from datetime import date

from django.utils.translation import gettext_noop as _

from municipal.applications.models import Case
from municipal.core.actors import Actor
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.numbers.operations import unused_code
from municipal.residents.acts.standing import members_of
from municipal.residents.models import Basis, ResidentRecord
from municipal.residents.notices import Notice, Said
from municipal.residents.operations.codes import made_up_code
from municipal.residents.rules.kinship import CHILD

from . import Done, carries
from .entering import as_notice, entered
from .persons import head_of, member_named, notifier, subject_of, told_on

SEXES = {"male": "1", "female": "2"}
NOT_A_CHILD_OF_THE_HEAD = _("世帯主が父母ではないため、子の続柄と氏を決められません。入力画面で入力してください。")


@as_notice("register:birth")
def being_born(case: Case) -> Notice:
    """The child in the household of whoever applied, with the head's family name where the head is a parent (出生)."""
    home = subject_of(case).household
    members = members_of(home)
    head, born = head_of(members), case.answers["birth"][0]
    parents = [member_named(members, case.people.get(ref, {})) for ref in case.answers["parents"]]
    if head is None or head.addressee_id not in {one.addressee_id for one in parents}:
        raise Refused(NOT_A_CHILD_OF_THE_HEAD, code="not_a_child_of_the_head")
    day = RegisterDate.exact(date.fromisoformat(born["born_on"]))
    people = tuple(Said("", _items(one, head, day) | _code()) for one in case.answers["child"])
    # The family register decides; what is entered here is checked against its notice before it is confirmed.
    return Notice(
        act="birth", event_on=day, notified_on=told_on(case), basis=Basis.FAMILY_REGISTER.value, people=people,
        joins=home.number, **notifier(case),
    )  # fmt: skip


def _code() -> dict[str, str]:
    """One from the stock is given when the notice is entered; a made-up town without a stock makes one up."""
    is_made_up = Municipality.objects.get(pk=wall.current()).is_fictional and unused_code() is None
    return {"resident_code": made_up_code()} if is_made_up else {}


def _items(child: dict[str, str], head: ResidentRecord, day: RegisterDate) -> dict[str, object]:
    given, kana = child["given_name"], child["given_name_kana"]
    family = head.family_name or head.name.partition("　")[0]
    family_kana = head.family_kana or head.name_kana.partition("　")[0]
    return {
        "family_name": family, "given_name": given, "name": f"{family}　{given}",
        "family_kana": family_kana, "given_kana": kana, "name_kana": f"{family_kana}　{kana}",
        "sex": SEXES[child["sex"]], "born_on": day, "relationship": CHILD, "kind": head.kind,
    }  # fmt: skip


@carries("register:birth")
def birth(actor: Actor, case: Case) -> Done:
    """The provisional entry of a birth (出生の仮登録)."""
    return entered(actor, case)
