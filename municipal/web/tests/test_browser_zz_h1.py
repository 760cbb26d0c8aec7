import pytest
from .browsing import *
pytestmark = pytest.mark.browser
def test_look(page, served):
    sign_in(page, served, "tax")
    n=served.cast["lodger"]
    page.goto(served.url+f"/money/payers/{n}/recipients/new"); page.screenshot(path="/tmp/h1/rec_d.png", full_page=True)
    page.goto(served.url+f"/money/payers/new"); 
    page.fill("input[name=city]","x"); page.keyboard.press("Enter"); page.wait_for_load_state(); page.screenshot(path="/tmp/h1/err_d.png", full_page=True)
    page.click("text=English"); page.goto(served.url+f"/money/payers/{n}"); page.screenshot(path="/tmp/h1/en_d.png", full_page=True)
