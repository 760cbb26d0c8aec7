"""20,000 people changed in bulk; run as a test so that it has a database of its own."""
import time
from datetime import date, datetime
from conftest import TOWN
from django.core.management import call_command
from municipal.core import clock
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.batches.models import AddressChangeRow
from municipal.batches.operations import *
from municipal.batches.rules import headings
from municipal.residents.models import *
from municipal.residents.tests.acting import CLERK
from municipal.residents.acts.standing import newest_periods
import io
from municipal.residents.search import Conditions, find_by
def test_bench(committed_db):
    call_command("make_town", town=str(TOWN), residents=20000, seed=1, as_of=date(2026,11,20), is_played=False, without_places=True, without_accounts=True, stdout=io.StringIO())
    from django.db import connections
    with connections["owner"].cursor() as c: c.execute("ANALYZE")
    now=datetime(2026,11,29,10,tzinfo=clock.TOKYO)
    with clock.stopped_at(now):
        with wall.within(TOWN):
            rows=ResidentRecord.objects.filter(pk__in=newest_periods().filter(is_registered=True).values("record")).select_related("household").order_by("-member_order")
            homes={r.household.number:r for r in rows}
            n=len(rows)
            parts=("block","lot","building","postal_code","block_code")
            L=[",".join(headings("address"))]
            for k,r in homes.items():
                v=[getattr(r,f"address_{p}") for p in parts]; L.append(",".join([k,*v,"新"+v[0],*v[1:]]))
            t=time.perf_counter(); ch=take_changes(actor=CLERK,kind="address",content="\n".join(L).encode(),effective_on=date(2026,11,28),basis="x"); print("take",time.perf_counter()-t)
            j=order_trial(actor=CLERK,change=ch.pk)
        t=time.perf_counter(); jobs.run(TOWN,j.pk); print("BENCH trial",time.perf_counter()-t)
        with wall.within(TOWN): j=order_final(actor=CLERK,change=ch.pk)
        t=time.perf_counter(); jobs.run(TOWN,j.pk); print("BENCH final",time.perf_counter()-t)
    with wall.within(TOWN):
        d=AddressChangeRow.objects.filter(outcome="done").count()
        print("BENCH people",n,"households",len(homes),"done",d, "changed people", ResidentRecord.objects.filter(reason="minor_correction",event_on="2026-11-28").count())
        for c in (dict(address="新青葉一丁目1-2"),dict(address="青葉一丁目20"),dict(building="月見101"),dict(name="佐藤",born="1985"),dict(kana="ハナコ",part="given",born="S60.4"),dict(card_number="XX"),dict(blank=("name_kana",))):
            t=time.perf_counter()
            try: h=len(find_by(Conditions(**c)).addressees)
            except Exception as e: h=type(e).__name__+getattr(e,"code","")
            print("BENCH search",c,h,round((time.perf_counter()-t)*1000),"ms")
