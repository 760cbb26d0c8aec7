"""Founding a town in this installation (自治体の登録)."""

from municipal.core.numbers import refuse_unless_local_government_code

from .models import Municipality


def found(*, code: str, name: str, prefecture: str, name_en: str = "", is_fictional: bool = False) -> Municipality:
    """Enter a municipality, as the owner's role; the same call again changes nothing.

    Not an act of anybody signed in: it happens at installation, before there is a wall to be behind. Raises Refused
    for a code with a wrong check digit.
    """
    refuse_unless_local_government_code(code, field="code")
    town, _ = Municipality.objects.using("owner").get_or_create(
        pk=int(code),
        defaults={"name": name, "name_en": name_en, "prefecture": prefecture, "is_fictional": is_fictional},
    )
    return town
