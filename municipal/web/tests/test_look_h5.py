from municipal.web.tests.test_browser_banking import *
from municipal.web.tests.browsing import sign_in
def test_look(pages, page, served):
    from municipal.banking.models import DebitRequest
    sign_in(page, served, "treasurer")
    path=[p for p in pages if "/debits/" in p and p[-1].isdigit()][0]
    with wall.within(TOWN):
        r=DebitRequest.objects.get()
        open("/tmp/h5/kekka.dat","wb").write(answered(r,["0","1","0","2","0","0"]))
    page.goto(served.url+path)
    page.set_input_files("input[type=file]","/tmp/h5/kekka.dat")
    page.click("button[value=try]")
    page.screenshot(path="/tmp/h5/try.png",clip={"x":0,"y":170,"width":1280,"height":900},full_page=True)
    page.set_input_files("input[type=file]","/work/main/README.md")
    page.click("button[value=try]")
    page.screenshot(path="/tmp/h5/bad.png",clip={"x":0,"y":170,"width":1280,"height":700},full_page=True)
    page.click("text=English")
    page.goto(served.url+path)
    page.screenshot(path="/tmp/h5/en.png",clip={"x":0,"y":100,"width":1280,"height":1200},full_page=True)
    page.goto(served.url+"/money/banking/mandates/new")
    page.screenshot(path="/tmp/h5/en2.png",clip={"x":0,"y":170,"width":1280,"height":900},full_page=True)
