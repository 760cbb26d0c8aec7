import io,time
from datetime import date, datetime
from municipal.core import clock
from municipal.addressees.models import Addressee
from municipal.payments.operations.charging import charge_all
from municipal.payments.operations import demand, issue_slips
from municipal.payments.assessments import Assessed
from municipal.payments import overdue
from municipal.payments.arrears import debts
from municipal.payments.models import Charge, Demand
from municipal.payments.settlement_table import settlement
from municipal.payments.paper.letters_of_demand import demand_letters
from .booking import CLERK
def test_speed(town):
    with clock.stopped_at(datetime(2026,11,20,12,tzinfo=clock.TOKYO)):
        ps=Addressee.objects.bulk_create(Addressee(number=str(i),kind="non_resident",name=f"甲野　{i}",mailing_city="見本市",mailing_lot="1") for i in range(1,5001))
        charge_all([Assessed(p,"905",2026,2026,str(i),100000,[date(2026,6,30),date(2026,7,31),date(2026,8,31),date(2026,9,30)]) for i,p in enumerate(ps)])
        def t(name,f):
            a,c=time.perf_counter(),time.process_time(); r=f(); print(f"{name}: {time.perf_counter()-a:.2f}s wall {time.process_time()-c:.2f}s cpu",flush=True); return r
        from django.db import connection
        connection.cursor().execute("analyze")
        t("list page of 5000 payers/20000 charges", lambda: list(overdue.by_payer(clock.today())[:50]))
        t("totals", lambda: overdue.owed_in_all(clock.today()))
        t("due days", lambda: overdue.due_days(clock.today(),days=20))
        t("ending", lambda: overdue.ending(clock.today(),date(2027,3,31)))
        t("settlement", lambda: settlement(2026))
        cs=list(overdue.to_be_demanded(date(2026,6,30))[:1000])
        t("debts of 1000", lambda: debts(cs,clock.today()))
        t("issue 500", lambda: issue_slips(actor=CLERK,charges=cs[:500]))
        d=t("demand 500 with slips", lambda: [x for k in range(0,500,200) for x in demand(actor=CLERK,charges=cs[k:min(k+200,500)])])
        d+=t("demand 500 without", lambda: [x for k in range(500,1000,200) for x in demand(actor=CLERK,charges=cs[k:min(k+200,1000)])])
        dd=list(Demand.objects.select_related("charge__assessment__payer","slip__charge__assessment__payer").order_by("charge__assessment__payer","pk"))
        f=io.BytesIO(); t("1000 letters + slips", lambda: demand_letters(f,demands=dd)); print(len(f.getvalue())/1e6)
