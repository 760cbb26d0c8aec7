"""One application from the search to the receipt in each of the four languages (4言語のブラウザでの試験).

Whatever a page says is in the reader's language; what is Japanese in any language, such as a name, says so by ``lang``.
"""

import os
import re
from typing import Any

import pytest

from conftest import TOWN
from municipal.applicants.models import Card
from municipal.applicants.tests.holding import PIN, SIGNATURE_PIN, card_of, resident
from municipal.applications.tests.filling import picture
from municipal.municipalities import wall
from municipal.tests.test_catalogue import known
from municipal.web.languages import LANGUAGES

from .browsing import PHONE, Town, faults

pytestmark = pytest.mark.browser
SAID = """() => {
  const found = [], walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent.trim(), parent = node.parentElement;
    if (text && !['STYLE', 'TITLE'].includes(parent.tagName)) found.push([parent.closest('[lang]').lang, text]);
  }
  return found;
}"""
FOREIGN = {"ja": "[가-힣]", "ja-easy": "[가-힣]", "en": "[ぁ-んァ-ヴ一-鿿가-힣]", "ko": "[ぁ-んァ-ヴ一-鿿]"}
"""Letters that no sentence of a language holds."""
NAMES = re.compile("令和8年11月23日|架空市|eL番号|Kijun 基準")
"""What stands in sentences of every language as it is: an example to be typed, proper names."""


@pytest.fixture
def card(two_towns: str) -> Card:
    with wall.within(TOWN):
        return card_of(resident().addressee)


class Reader:
    """Somebody who reads one language: looks at pages, keeps what is not theirs to read."""

    def __init__(self, page: Any, served: Town, language: str) -> None:
        self.page, self.served, self.language, self.found = page, served, language, list[str]()
        said = {tongue: known(tongue.replace("ja-easy", "ja_Easy")) for tongue in LANGUAGES if tongue != "ja"}
        said["ja"] = {sentence: sentence for sentence in said["ko"]}
        mine = set(said[language].values())
        self.others = {text for tongue, all_ in said.items() if tongue != language for text in all_.values()} - mine

    def open(self, path: str) -> None:
        self.page.goto(f"{self.served.url}{path}")
        self.look(path.replace("/", "-"))

    def look(self, name: str) -> None:
        if folder := os.environ.get("KIJUN_PICTURES"):
            self.page.screenshot(path=f"{folder}/{self.language}{name}.png", full_page=True)
        tag = self.language[:2]
        if (lang := self.page.evaluate("document.documentElement.lang")) != tag:
            self.found.append(f"{self.page.url}: {lang}")
        for lang, text in self.page.evaluate(SAID):
            if lang == tag and (text in self.others or re.search(FOREIGN[self.language], NAMES.sub("", text))):
                self.found.append(f"{self.page.url}: {text}")

    def press(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()
        self.look(f"-{self.page.url.partition('?')[0].rpartition('/')[2]}")


def _sign_in(reader: Reader, card: Card) -> None:
    reader.press(f"main a[href*='/me/{TOWN}/start']")
    reader.press("main form button.k-button:not([name])")
    assert reader.page.locator(".k-field__error").count()
    reader.page.fill("input[name=number]", card.number)
    reader.page.fill("input[name=pin]", PIN)
    reader.press("main form button.k-button:not([name])")


def _answer(page: Any) -> None:
    for box in page.locator("main textarea:visible, main input[type=text]:visible").all():
        box.fill("架空市見本町1番地")
    for date in page.locator("main input[name$=_on]").all():
        date.fill("R8.11.20")
    for group in page.locator("main fieldset:has(input[type=radio])").all():
        group.locator("input[type=radio]").first.check()
    for box in page.locator("main input[type=file]").all():
        box.set_input_files({"name": "photo.png", "mimeType": "image/png", "buffer": picture(200)})


def _applied(reader: Reader, card: Card) -> None:
    page = reader.page
    _sign_in(reader, card)
    reader.press("main form button.k-button")
    reader.press("button.k-button[value=next]")
    page.fill("input[name=phone]", "000-0000-0000")
    for _at in range(8):
        reader.press("button.k-button[value=next]")
        if page.url.partition("?")[0].endswith("/check"):
            break
        _answer(page)
        if page.locator("main input[type=file]").count():
            reader.press("main button[value=stay]")
    reader.press("main form.k-section button.k-button")
    for pin in ("WRONG1", SIGNATURE_PIN):
        page.fill("input[name=number]", card.number)
        page.fill("input[name=pin]", pin)
        reader.press("main form button.k-button")
    assert page.url.partition("?")[0].endswith("/receipt")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_application_is_read_in_one_language_from_the_search_to_the_receipt(
    language: str, card: Card, page: Any, served: Town
) -> None:
    page.set_viewport_size(PHONE)
    reader = Reader(page, served, language)
    reader.open(f"/procedures/{TOWN}?lang={language}")
    # The language was asked for on the first page only: this browser keeps it.
    reader.open(f"/procedures/{TOWN}/guide")
    reader.open(f"/procedures/{TOWN}/entries/disaster-certificate?on=R8.11.20")
    reader.open(f"/apply/{TOWN}/disaster-certificate")
    _applied(reader, card)
    found = faults(page)
    reader.press("main a[href*='/cases/']")
    for rest in ("me/{}", "me/{}/delegations", "pay/{}", "events/{}", "apply/{}/nothing"):
        reader.open("/" + rest.format(TOWN))
    found += reader.found + faults(page)
    assert found == [], "\n".join(dict.fromkeys(found))
