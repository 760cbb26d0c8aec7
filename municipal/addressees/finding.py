"""Finding non-residents and corporations; residents are found by the resident register (住登外者・法人の検索)."""

from django.db.models import Q

from municipal.core.characters import is_kana, kana_key, name_key, refuse_unstorable
from municipal.core.refusals import Refused

from .models import Addressee, AddresseeKind, DirectoryRecord

LIMIT, LONGEST_QUERY = 50, 100


def others_found(query: str) -> list[int]:
    """Ids of those who are no residents and whom ``query`` means, at most LIMIT + 1, by number (検索).

    A number is an addressee number or a corporate number, whole. A name or kana is a part of any name they ever had
    here. Raises Refused for an empty query or one that no register could hold.
    """
    refuse_unstorable(query, LONGEST_QUERY, "q")
    typed = query.strip()
    if not typed:
        raise Refused("氏名・フリガナ・番号のいずれかを入力してください。", field="q", code="empty")
    others = Addressee.objects.exclude(kind=AddresseeKind.RESIDENT)
    if typed.isascii() and typed.isdigit():
        found = others.filter(Q(number=typed) | Q(corporate_number=typed))
    else:
        found = others.filter(_named(typed))
    return list(found.order_by("number").values_list("pk", flat=True)[: LIMIT + 1])


def _named(typed: str) -> Q:
    """By the folded keys; whoever came from another system and was never corrected has none, only the name itself."""
    keys = Q(name_key__contains=name_key(typed)) if name_key(typed) else Q(pk=None)
    if is_kana(typed) and kana_key(typed):
        keys |= Q(kana_key__contains=kana_key(typed))
    return Q(pk__in=DirectoryRecord.objects.filter(keys).values("addressee")) | Q(name__contains=typed)
