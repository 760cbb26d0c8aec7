"""tmp (試)."""
import time
from datetime import date
from django.db.backends.postgresql.psycopg_any import DateRange
from conftest import TOWN
from municipal.addressees.models import Addressee, AddresseeKind
from municipal.banking.models import Mandate
from municipal.banking.debits import ready
from municipal.banking.operations import *
from municipal.core import clock
from municipal.municipalities import wall
from municipal.payments.operations.charging import charge_all
from municipal.payments.tests.booking import assessed
from .bank import *
from django.test.utils import CaptureQueriesContext
from django.db import connection

def test_load(committed_db):
    N=20000
    with wall.within(TOWN):
        town_known_to_its_bank()
        people=Addressee.objects.bulk_create(Addressee(number=str(n+1),kind=AddresseeKind.NON_RESIDENT,name="甲") for n in range(N))
        for i in range(0,N,2000):
            charge_all([assessed(owner=p,reference=p.number,total_yen=30000,due_on=[DUE]) for p in people[i:i+2000]])
        Mandate.objects.bulk_create(Mandate(payer=p,fee="905",bank_code="9990",bank_name="ﾐﾎﾝ",branch_code="001",branch_name="ﾎﾝﾃﾝ",kind="1",number=p.number.zfill(7),holder="ｺｳﾉ",customer=p.number.zfill(20),valid=DateRange(SINCE,None),recorded_at=clock.now()) for p in people)
    with wall.within(TOWN), connection.cursor() as c:
        pass
    t=time.time()
    with wall.within(TOWN):
        r=ready(SINCE,DUE); print("ready",r,time.time()-t)
    t=time.time()
    with wall.within(TOWN):
        with CaptureQueriesContext(connection) as q: r=requested()
        print("request",time.time()-t,len(q), sorted(((float(x["time"]),x["sql"][:150]) for x in q),reverse=True)[:5])
    t=time.time()
    with wall.within(TOWN):
        out=take(r,["0"]*N); print("results",time.time()-t,out.paid)
