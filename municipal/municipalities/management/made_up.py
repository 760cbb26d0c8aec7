"""The made-up town that a command furnishes with samples (研修用の町の指定)."""

from django.core.management.base import CommandError

from municipal.municipalities.models import Municipality


def made_up(code: str) -> Municipality:
    """The made-up town with this code; raises CommandError for a real one and for none (架空の町の確認)."""
    found = Municipality.objects.filter(pk=int(code), is_fictional=True).first() if code.isdigit() else None
    if found is None:
        raise CommandError("架空の町の団体コードを指定してください。/ Give the code of a made-up town.")
    return found
