import pytest
from conftest import TOWN
from municipal.municipalities import wall
from municipal.addressees.models import Addressee
from municipal.addressees.operations import *
from municipal.payments.operations import *
from municipal.payments.tests.booking import assessed, CLERK
from datetime import date
from .browsing import *
pytestmark = pytest.mark.browser
def test_look(page, served):
    with wall.within(TOWN):
        people=list(Addressee.objects.filter(kind="resident",life_state="1").order_by("pk")[:3])
        a=people[0]
        first=assess(actor=CLERK, assessed=assessed(a)); assess(actor=CLERK, assessed=assessed(a,fee="903",reference="77",total_yen=5000,due_on=[date(2027,3,31)]))
        n=register_payer(actor=CLERK, entry=DirectoryEntry(kind="corporation",name="架空商事株式会社",kana="カクウショウジ",corporate_number="7000012050002" if False else "",address={"prefecture":"見本県","city":"見本市","block":"本通","lot":"2-3","building":"見本ビル12階","postal_code":"0000401"}))
        correct_payer(actor=CLERK,addressee=n,entry=DirectoryEntry(kind="corporation",name="架空商事ホールディングス株式会社",address={"city":"見本市","block":"本通","postal_code":"0000401"}),reason="商号変更")
        name_joint_payers(actor=CLERK, assessment=first, people=[Joint(n,"1/2")])
        register_recipient(actor=CLERK,addressee=a,said=Redirection(kind="tax_agent",name="丙山　澪",address={"prefecture":"別県","city":"別市","block":"栗町","lot":"7","building":"栗荘203","postal_code":"0000777"},first_day=date(2026,4,1)))
        register_recipient(actor=CLERK,addressee=a,said=Redirection(kind="other_address",subject="903",address={"city":"別市","block":"栗町"},first_day=date(2026,4,1),last_day=date(2026,5,1)))
        dead=Addressee.objects.filter(life_state="3").first()
        num,nn,pk=a.number,n.number,first.pk
        from municipal.addressees.models import Protection
        prot=Protection.objects.filter(lifted_on=None).first().addressee.number
        dn=dead.number if dead else num
        q=a.name[:1]
    sign_in(page, served, "treasurer")
    paths={"list":f"/money/payers?q={q}","payer":f"/money/payers/{num}","corp":f"/money/payers/{nn}","joint":f"/money/payers/{num}/joint/{pk}","new":"/money/payers/new","rec":f"/money/payers/{num}/recipients/new","prot":f"/money/payers/{prot}","dead":f"/money/payers/{dn}","cor":f"/money/payers/{nn}/correct"}
    for size,tag in ((DESK,"d"),(PHONE,"p")):
        page.set_viewport_size(size)
        for k,v in paths.items():
            page.goto(served.url+v); 
            print(k, tag, faults(page))
            page.screenshot(path=f"/tmp/h1/{k}_{tag}.png", full_page=True)
