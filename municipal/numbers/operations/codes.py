"""The stock of resident-record codes that the network gave and nobody has yet (住民票コードの在庫; #4.3.1)."""

import secrets
from collections.abc import Collection

from municipal.audit.operations import operation, record
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.numbers import refuse_unless_resident_record_code
from municipal.core.refusals import Refused
from municipal.numbers.models import NumberSettings, StockedCode

MOST_AT_ONCE = 10_000


@operation("numbers.stock_codes")
def stock_codes(*, actor: Actor, codes: Collection[str]) -> int:
    """Put codes from the network into the stock; how many were new (住民票コードの取込み).

    What is in stock already is left alone. Raises Refused for none, too many, and for one that is no code.
    """
    wanted = list(dict.fromkeys(codes))
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise Refused("住民票コードを1件から10,000件までで入れてください。", field="codes", code="codes")
    for one in wanted:
        refuse_unless_resident_record_code(one, field="codes")
    before = stocked()
    StockedCode.objects.bulk_create((StockedCode(code=one) for one in wanted), ignore_conflicts=True)
    new = stocked() - before
    record(actor=actor, fields=["resident_code"], code=str(new))
    return new


def stocked() -> int:
    """How many codes are left (在庫数)."""
    return StockedCode.objects.count()


@implements("resident-record/1.0#4.3.1/m3")
def unused_code(besides: Collection[str] = ()) -> str | None:
    """One of the stock at random, not yet taken out; None where it is empty (住民票コードの無作為選択).

    Drawn with the machine's own secret numbers, so that nobody can tell a code from the one before it.
    """
    left = StockedCode.objects.exclude(code__in=besides).order_by("pk")
    count = left.count()
    return left.values_list("code", flat=True)[secrets.randbelow(count)] if count else None


def take_out(codes: Collection[str]) -> None:
    """Whoever these codes were entered for has them now; codes that came from elsewhere are not in stock (出庫)."""
    StockedCode.objects.filter(code__in=[one for one in codes if one]).delete()


@implements("resident-record/1.0#4.3.1/m4")
def is_low() -> bool:
    """Whether fewer codes are left than the town wants to have (在庫不足)."""
    least = settings().least_codes
    return bool(least) and stocked() < least


def settings() -> NumberSettings:
    """The settings of the open town, or the defaults (番号の設定)."""
    return NumberSettings.objects.first() or NumberSettings()


@operation("numbers.change_settings")
def change_settings(*, actor: Actor, least_codes: int) -> NumberSettings:
    """Say below how many codes in stock a clerk is alerted; 0 never alerts (番号の設定の変更)."""
    if not 0 <= least_codes <= 10_000_000:
        raise Refused("警告する在庫数は、0以上の整数にしてください。", field="least_codes", code="least_codes")
    row = NumberSettings.objects.select_for_update().first() or NumberSettings()
    row.least_codes = least_codes
    row.save()
    record(actor=actor, fields=["least_codes"])
    return row
