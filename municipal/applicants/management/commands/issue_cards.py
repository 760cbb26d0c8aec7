"""Issues simulated cards to residents of a made-up town and prints their numbers (模擬カードの交付)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from municipal.addressees.models import Addressee, AddresseeKind, LifeState
from municipal.applicants.operations import issue_card
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall

PIN, SIGNATURE_PIN = "1234", "KIJUN2026"


class Command(BaseCommand):
    """Every card has the same PINs, which are printed: nobody's real ones (模擬カードの交付)."""

    help = "Issue simulated cards to residents of a made-up town; prints their numbers and PINs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--town", type=int, required=True, help="the municipality's six-digit code")
        parser.add_argument("--most", type=int, default=10, help="how many residents without a card get one")

    def handle(self, *args: Any, **options: Any) -> None:
        with wall.within(int(options["town"])):
            rows = Addressee.objects.filter(kind=AddresseeKind.RESIDENT, life_state=LifeState.RESIDENT, cards=None)
            for person in rows.order_by("pk")[: options["most"]]:
                try:
                    card = issue_card(
                        actor=System("issue_cards"), holder=person, pin_user=PIN, pin_signature=SIGNATURE_PIN
                    )
                except Refused as refused:
                    raise CommandError(str(refused)) from None
                self.stdout.write(f"{card.number}  addressee {person.number}  PINs {PIN}, {SIGNATURE_PIN}")
