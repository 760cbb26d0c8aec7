from municipal.web.tests.test_browser_collections import *  # noqa
import pathlib
def test_the_pages_of_what_came_in_are_accessible(paths, page, served):
    sign_in(page, served, "treasurer")
    out=pathlib.Path("/tmp/h3/shots"); out.mkdir(exist_ok=True)
    page.set_viewport_size({"width":1280,"height":900})
    for at,path in enumerate(paths):
        a=page.goto(f"{served.url}{path}")
        print(a.status,path)
        page.screenshot(path=str(out/f"{at:02d}.png"), full_page=True)
    page.set_viewport_size({"width":390,"height":800})
    for at in (4,6,9,11,14):
        page.goto(f"{served.url}{paths[at]}")
        page.screenshot(path=str(out/f"m{at:02d}.png"), full_page=True)
