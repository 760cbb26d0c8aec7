"""The pages of support measures in a browser, worked with and free of faults (支援措置の画面のブラウザ試験)."""

from pathlib import Path
from typing import Any

import pytest

from .browsing import Town, sign_in, visit

pytestmark = pytest.mark.browser


@pytest.mark.clause("resident-record/1.0#1.1.16/m1", "resident-record/1.0#3.4/m2")
def test_the_officer_goes_from_the_record_to_the_case_and_its_details(page: Any, served: Town, tmp_path: Path) -> None:
    sign_in(page, served, "chief")
    mother = served.cast["protected_mother"]
    paths = ["/measures", "/suppressions", f"/residents/{mother}/suppressions", f"/residents/{mother}/measures/new"]
    assert visit(page, served, [*paths, f"/residents/{mother}"]) == []
    page.get_by_role("link", name="支援措置の内容を見る").click()
    assert "支援措置" in page.locator("h1").inner_text()
    assert visit(page, served, [page.url.removeprefix(served.url)]) == []
    page.screenshot(path=tmp_path / "case.png", full_page=True)
    page.get_by_label("詳細を見る目的").select_option("measure_review")
    page.get_by_role("button", name="詳細を見る").click()
    assert "現住所" not in page.locator("h1").inner_text()
    assert "癸松" in page.content()
    page.screenshot(path=tmp_path / "details.png", full_page=True)
