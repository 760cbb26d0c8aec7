"""Sealing every number anew with the newest key, batch by batch (個人番号の鍵の更新)."""

from dataclasses import asdict

from municipal.audit.operations import record
from municipal.office.jobs import Progress, Steps, job, ordered_by
from municipal.office.models import Job

from .keyring import ring
from .models import IndividualNumber
from .operations.entering import opened
from .sealing import seal

BATCH = 500
KIND = "numbers.rotate"


@job(KIND)
def rotate(order: Job) -> Steps:
    """Every row that another key than the newest seals, closed ones too; the history stays as it is (鍵の更新).

    Progress is the seal itself: whatever is done carries the new key's name, so a run that died needs no memory.
    """
    while True:
        # Asked anew in every step: a key that is added meanwhile becomes the one that is wanted.
        newest = ring().newest.id
        old = IndividualNumber.objects.exclude(key_id=newest).order_by("pk")
        rows = list(old.select_for_update()[:BATCH])
        if not rows:
            return
        for row in rows:
            for name, value in asdict(seal(opened(row), str(row.addressee_id))).items():
                setattr(row, name, value)
            row.save(update_fields=["key_id", "nonce", "ciphertext", "blind_index"])
        record(actor=ordered_by(order), act="numbers.reseal", fields=["individual_number"], code=newest)
        done = IndividualNumber.objects.filter(key_id=newest).count()
        yield Progress(done=done, total=IndividualNumber.objects.count())
