"""How the leak hunt fills each route; a route with a part that stands nowhere here makes it fail (目印さがしの経路)."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from municipal.certificates.kinds import KINDS as CERTIFICATES
from municipal.extracts.sources import sources
from municipal.office.jobs import kinds as jobs
from municipal.web.forms.entry_shapes import SHAPES
from municipal.web.forms.numbers import ACTS as NUMBER_ACTS
from municipal.web.forms.places import KINDS as PLACES
from municipal.web.views.measures import FORMS

from .marked_town import Marked

Filling = Mapping[str, Sequence[Any]]


def fillings(made: Marked) -> dict[str, Filling]:
    """What stands in each part of a route: by the name of the route, or of its namespace with a star (経路の値)."""
    events, one = made.events or [1], [1]
    return _of_money(made) | _of_applicants(made) | {
        "residents:*": {"number": made.numbers, "card": one},
        "api_resident*": {"number": made.numbers},
        "api_household": {"number": made.households},
        "api_entry*": {"entry": made.drafts},
        "measures:apply": {"number": made.numbers}, "measures:suppress*": {"number": made.numbers},
        "measures:release": {"number": made.numbers}, "measures:lift": {"row": made.suppressions},
        "measures:*": {
            "what": ["ending", "starting"], "number": made.cases, "name": list(FORMS),
            "row": made.perpetrators,
        },
        "entries:*": {"act": list(SHAPES)},
        "drafts:*": {"number": made.drafts},
        "notes:*": {"number": made.numbers, "event": events},
        "numbers:*": {"number": made.numbers, "act": list(NUMBER_ACTS)},
        "certificates:form_settings": {"kind": list(CERTIFICATES)},
        "certificates:issue": {"number": made.certificates}, "certificates:reissue": {"number": made.certificates},
        "certificates:print": {"number": made.copies}, "certificates:dispose": {"number": made.copies},
        "certificates:send": {"number": events},
        "certificates:*": {"number": made.numbers},
        "received:*": {"number": one},
        "extracts:*": {"source": list(sources()), "saved": one, "number": made.runs, "file": one},
        "statistics:*": {"month": ["2026-10"], "name": ["population.csv"]},
        "places:*": {"kind": list(PLACES), "number": one},
        "runs:*": {"kind": list(jobs), "number": one},
        "address_changes:*": {"number": one, "when": ["before", "after"]},
        "days:*": {"day": ["2026-11-01"]},
        "manual:*": {"screen": ["residents:person"]},
        "transfer:*": {"number": one},
        "staff:*": {"number": one},
        "identity:*": {"number": one},
        "inspections:*": {"number": one, "code": ["RES-0001"], "format": ["json"], "language": ["ja"]},
    }  # fmt: skip


def _of_money(made: Marked) -> dict[str, Filling]:
    """The same for public money."""
    one, payment = [1], ["0" * 8 + "-0000-4000-8000-" + "0" * 12]
    return {
        "pay:*": {"town": ["990019"], "slip": one, "payment": payment, "reference": ["none"]},
        "online:*": {"payment": payment, "day": ["2026-11-20"]},
        "payers:*": {"number": made.payers, "row": made.recipients, "assessment": made.assessments},
        "slips:*": {
            "run": made.slip_runs or one, "part": ["mail", "counter"], "payer": made.numbers,
            "number": made.slips or ["1"],
        },
        "money:posting": {"number": made.refunds}, "money:intake*": {"number": one},
        "money:*": {"number": made.assessments, "name": ["days", "channels", "fees"]},
        "api_charge": {"charge": [f"ch_{charge}" for charge in made.charges]},
        "api_refund": {"refund": [f"rf_{refund}" for refund in made.refunds]},
        "api_payment": {"payment": ["pm_1", "pm_2"]},
        "api_webhook_endpoint": {"endpoint": ["we_1"]}, "api_endpoint_disable": {"endpoint": ["we_1"]},
        "banking:*": {"number": one, "payer": made.numbers},
        "collections:*": {"number": one},
        "queues:*": {"number": [2, 4], "act": ["refunded", "left"]},
        "arrears:*": {
            "number": made.numbers, "run": made.demands, "charge": made.charges, "posting": made.refunds,
        },
    }  # fmt: skip


def _of_applicants(made: Marked) -> dict[str, Filling]:
    """The same for those who apply, and for what the office does about it."""
    one, payment = [1], ["0" * 8 + "-0000-4000-8000-" + "0" * 12]
    return {
        "apply:*": {
            "town": ["990019"], "code": ["move-out"], "draft": payment, "ref": payment, "page": ["you"],
            "number": ["261129-0000-0000"],
        },
        "desk:*": {"reception": payment, "code": ["move-out"]},
        "entitlements:file": {"number": one},
        "entitlements:*": {"number": made.entitlements or ["1"], "what": ["end", "reopen", "amount"]},
        "cases:*": {"number": one, "action": ["accept"], "ref": payment},
        "intake:*": {"number": one, "act": ["choose"], "town": ["990019"], "path": ["applications"]},
        "api_procedure": {"procedure": ["move-out"]},
        "api_application*": {"application": ["ap_1"], "ref": payment},
        "linkage:*": {"number": one, "row": one},
        "bundles:*": {
            "town": ["990019"], "event": ["moving"], "public": payment, "page": ["you"], "ref": payment,
        },
        "procedures:*": {"town": ["990019"], "code": ["move-out"], "number": one},
        "me:*": {"town": ["990019"], "number": one, "draft": payment, "slip": one},
    }  # fmt: skip


def routes() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every route of the program: its name, and the parts it is to be filled with (経路の一覧)."""
    yield from _walk(get_resolver().url_patterns, "")


def _walk(patterns: Sequence[Any], namespace: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern):
            parts = pattern.pattern.regex.groupindex
            yield f"{namespace}{pattern.name}", parts


def _filling(name: str, known: Mapping[str, Filling]) -> Filling | None:
    """The filling of the longest name that fits."""
    fitting = [key for key in known if key == name or (key.endswith("*") and name.startswith(key[:-1]))]
    return known[max(fitting, key=lambda key: (not key.endswith("*"), len(key)))] if fitting else None


def addresses(made: Marked, most: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Name and path of all that can be asked for, and the routes that nobody said how to fill (URLの組み立て)."""
    known, paths, unknown = fillings(made), list[tuple[str, str]](), list[str]()
    for name, parts in routes():
        filling = _filling(name, known) or {}
        if any(not filling.get(part) for part in parts):
            unknown.append(name)
            continue
        # Of people and rows the first few; of kinds of acts, forms and sources every one, where anybody looks closer.
        shown = {
            part: len(filling[part]) if most > 1 and part not in ("number", "entry", "row") else most for part in parts
        }
        choices = [[(part, value) for value in list(filling[part])[: shown[part]]] for part in parts]
        paths += [(name, reverse(name, kwargs=dict(chosen))) for chosen in product(*choices)]
    return paths, unknown
