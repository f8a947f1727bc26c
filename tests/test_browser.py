"""The chat page in a real Chromium against a real server: what an analyst does, and what must not happen to them."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from tests.conftest import make_data_dir, served
from tests.pdf_files import drawn, page_of

pytestmark = pytest.mark.browser

BOMBINGS = "How many bombings were recorded in Ecuador between January and August 2022?"
UNANSWERABLE = "Who won the football world cup in 1954?"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium: the one of the system, else Playwright's own; without one these tests are skipped, but not in CI."""
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        arguments = ["--no-sandbox", "--disable-background-networking"]
        try:
            opened = playwright.chromium.launch(executable_path=path, args=arguments)
        except Error as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"no Chromium can be started: {error.message.splitlines()[0]}")
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, seeds_url: str) -> Iterator[Page]:
    """The chat page, opened. Errors, and requests to anywhere else, fail the test that caused them."""
    yield from opened_page(browser, seeds_url)


def opened_page(browser: Browser, url: str, **options: Any) -> Iterator[Page]:
    faults: list[str] = []
    context = browser.new_context(**options)
    opened = context.new_page()
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
    opened.on("console", lambda said: faults.append(said.text) if is_fault(said.type, said.text) else None)
    opened.on("request", lambda request: None if request.url.startswith(url) else faults.append(request.url))
    opened.goto(url)
    expect(opened.locator(".welcome")).to_be_visible()
    yield opened
    context.close()
    assert not faults


def is_fault(kind: str, text: str) -> bool:
    # A status of 4xx that the page shows as a problem is also told on the console.
    return kind == "error" and "the server responded with a status of 4" not in text


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".turn").last.locator(".actions")).to_be_visible(timeout=30_000)


def upload(url: str, name: str, text: str | bytes) -> str:
    """Put a text into the library beside the page, and hand back the document's id."""
    data = text.encode() if isinstance(text, str) else text
    with httpx.Client(base_url=url, timeout=120) as client:
        job = client.post("/documents", files={"files": (name, data)}).json()["jobs"][0]
        while job["state"] not in ("done", "failed"):
            time.sleep(0.05)
            job = client.get(f"/jobs/{job['id']}").json()
    assert job["state"] == "done", job
    return str(job["document_id"])


def test_a_citation_opens_the_document_at_the_marked_quote(page: Page) -> None:
    ask(page, BOMBINGS)
    statement = page.locator(".statement").first
    expect(statement).to_contain_text("145")
    quote = page.locator(".source .quote").first
    expect(quote).to_contain_text("145")
    marker = statement.locator(".cite").first
    marker.click()
    mark = page.locator("#pane mark")
    expect(mark).to_be_in_viewport()
    expect(mark).to_contain_text("145")
    said = statement.locator(".said").inner_text()
    assert mark.inner_text().split() == said.split()
    page.keyboard.press("Escape")
    expect(page.locator("#pane")).to_be_hidden()
    expect(marker).to_be_focused()


def test_a_quote_of_a_pdf_is_marked_on_the_picture_of_its_page(page: Page, seeds_url: str) -> None:
    told = ["The harbour of Puerto Bajo has 31 cranes.", "Most of them were built in the year 1988."]
    document = upload(seeds_url, "bajo.pdf", drawn(page_of((72, 100, ["Nothing here."])), page_of((72, 200, told))))
    try:
        page.reload()
        ask(page, "How many cranes has the harbour of Puerto Bajo?")
        page.locator(".source-open").first.click()
        picture = page.locator(".page-picture img")
        expect(picture).to_have_attribute("src", re.compile(rf"/documents/{document}/pages/2\.png\?start=\d+&end=\d+"))
        expect(picture).to_have_attribute("alt", re.compile("31 cranes"))
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 500
        page.get_by_role("button", name="Text", exact=True).click()
        expect(page.locator(".pane mark").first).to_contain_text("31 cranes")
        page.get_by_role("button", name="Page", exact=True).click()
        expect(picture).to_be_visible()
    finally:
        httpx.delete(f"{seeds_url}/documents/{document}")


def test_the_keyboard_is_enough(page: Page) -> None:
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type(BOMBINGS)
    page.keyboard.press("Enter")
    expect(page.locator(".actions")).to_be_visible(timeout=30_000)
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.className") == "cite":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#pane mark")).to_be_in_viewport()
    expect(page.locator(".pane-title")).to_be_focused()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "cite"


def test_what_is_declined_looks_different_and_offers_the_closest_passages(page: Page) -> None:
    ask(page, UNANSWERABLE)
    answer = page.locator('.answer[data-verdict="declined"]')
    expect(answer).to_contain_text("The documents do not say")
    expect(answer.locator(".statement")).to_have_count(0)
    closest = answer.locator(".closest")
    assert closest.count() > 0
    closest.first.locator("button").click()
    expect(page.locator("#pane mark").first).to_be_in_viewport()


def test_a_follow_up_shows_how_it_was_understood(page: Page) -> None:
    ask(page, BOMBINGS)
    ask(page, "And in 2021?")
    expect(page.locator(".turn").last.locator(".standalone")).to_contain_text("2021")
    expect(page.locator(".turn")).to_have_count(2)


def test_a_conversation_is_opened_by_its_address_renamed_and_deleted(page: Page, seeds_url: str) -> None:
    ask(page, BOMBINGS)
    expect(page).to_have_url(re.compile("#/conversations/"))
    address = page.url
    page.goto(seeds_url)
    expect(page.locator(".welcome")).to_be_visible()
    page.goto(address)
    expect(page.locator(".statement").first).to_contain_text("145")
    row = page.locator(".conversation").first
    row.hover()
    row.get_by_role("button", name="Rename").click()
    page.get_by_label("Title").fill("Bombings in 2022")
    page.keyboard.press("Enter")
    expect(page.locator(".conversation-title").first).to_have_text("Bombings in 2022")
    row.hover()
    row.get_by_role("button", name="Delete").click()
    page.locator("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator(".welcome")).to_be_visible()
    page.goto(address)
    expect(page.get_by_role("alert")).to_contain_text("Not found")


def test_a_document_is_added_asked_about_and_removed(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "tidal-note.txt"
    file.write_text("Mills\n\nThe tidal mill of Quillota grinds 815 sacks of maize a year.\n", encoding="utf-8")
    broken = tmp_path / "broken.txt"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x01")
    page.get_by_role("link", name="Documents").click()
    expect(page.locator(".document").first).to_be_visible()
    page.locator("#files").set_input_files([file, broken])
    expect(page.locator(".upload", has_text="tidal-note")).to_have_attribute("data-state", "done", timeout=30_000)
    failed = page.locator(".upload", has_text="broken")
    expect(failed).to_have_attribute("data-state", "failed", timeout=30_000)
    expect(failed.locator(".upload-problem")).not_to_be_empty()

    page.get_by_role("link", name="New question").click()
    ask(page, "How many sacks of maize does the tidal mill of Quillota grind a year?")
    expect(page.locator(".answer")).to_contain_text("815")
    conversation = page.url

    page.get_by_role("link", name="Documents").click()
    row = page.locator(".document", has_text="tidal-note")
    row.get_by_role("button", name="Remove").click()
    page.locator("dialog").get_by_role("button", name="Cancel").click()
    expect(row).to_be_visible()
    row.get_by_role("button", name="Remove").click()
    page.locator("dialog").get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)
    page.goto(conversation)
    expect(page.locator(".turn")).to_be_visible()
    expect(page.locator(".answer")).not_to_contain_text("815")


def test_hostile_text_is_shown_and_does_nothing(page: Page, seeds_url: str) -> None:
    words = "<script>alert(1)</script> opens.\n\nThe zorgblatt <img src=x onerror=alert(2)> weighs 31 stones."
    document_id = upload(seeds_url, "<b>zorgblatt.txt", f"{words}\n\nIt reads \u202ebackwards.\n")
    ask(page, "How many stones does the zorgblatt weigh?")
    expect(page.locator(".answer")).to_contain_text("<img src=x onerror=alert(2)> weighs 31 stones")
    page.locator(".source-open").first.click()
    expect(page.locator("#pane mark").first).to_be_in_viewport()
    expect(page.locator("#pane .pane-body")).to_contain_text("<script>alert(1)</script>")
    assert page.locator("#pane script, #pane img, #pane b, .thread script, .thread b").count() == 0
    assert "\u202e" not in page.locator("#pane").inner_text()
    page.goto(f"{seeds_url}/documents/{document_id}/view")
    expect(page.locator("main")).to_contain_text("<script>alert(1)</script>")
    httpx.delete(f"{seeds_url}/documents/{document_id}").raise_for_status()


def test_a_million_characters_in_one_line_stay_usable(page: Page, seeds_url: str) -> None:
    filler = "lorem ipsum dolor sit amet " * 19_000
    text = f"{filler}😀. The vault of Brambledown holds 77 crowns. {filler}"
    document_id = upload(seeds_url, "long-line.txt", text)
    ask(page, "How many crowns does the vault of Brambledown hold?")
    page.locator(".source-open").first.click()
    mark = page.locator("#pane mark").first
    expect(mark).to_be_in_viewport()
    expect(mark).to_contain_text("77 crowns")
    assert len(page.locator("#pane").inner_text()) < 50_000
    page.get_by_role("button", name="Show what comes before").click()
    expect(mark).to_contain_text("77 crowns")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    httpx.delete(f"{seeds_url}/documents/{document_id}").raise_for_status()


def test_on_a_phone_the_pane_covers_the_page(browser: Browser, seeds_url: str) -> None:
    for page in opened_page(browser, seeds_url, viewport=PHONE, has_touch=True, is_mobile=True):
        ask(page, BOMBINGS)
        page.locator(".cite").first.tap()
        expect(page.locator("#pane mark")).to_be_in_viewport()
        box = page.locator("#pane").bounding_box()
        assert box is not None
        assert (box["width"], box["height"]) == (PHONE["width"], PHONE["height"])
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        page.get_by_role("button", name="Close the document").tap()
        expect(page.locator("#pane")).to_be_hidden()
        page.get_by_role("button", name="Open the menu").tap()
        expect(page.get_by_role("link", name="Documents")).to_be_in_viewport()


def test_the_page_is_dark_where_the_system_is(browser: Browser, seeds_url: str) -> None:
    brightness = "Math.max(...getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number))"
    for scheme, dark in (("light", False), ("dark", True)):
        for page in opened_page(browser, seeds_url, color_scheme=scheme):
            assert (page.evaluate(brightness) < 60) is dark


def test_the_reading_page_is_scrolled_to_the_quote_without_a_script(browser: Browser, seeds_url: str) -> None:
    text = "\n\n".join(f"Paragraph {number} of the long report." for number in range(400))
    document_id = upload(seeds_url, "long-report.txt", text)
    start = text.index("Paragraph 300")
    context = browser.new_context(java_script_enabled=False)
    reading = context.new_page()
    for fragment in ("#quote", ""):
        span = f"start={start}&end={start + len('Paragraph 300')}"
        reading.goto(f"{seeds_url}/documents/{document_id}/view?{span}{fragment}")
        expect(reading.locator("mark")).to_be_in_viewport()
        expect(reading.locator("mark")).to_have_text("Paragraph 300")
    context.close()
    httpx.delete(f"{seeds_url}/documents/{document_id}").raise_for_status()


def test_an_empty_library_says_how_to_fill_it(browser: Browser, tmp_path: Path, models_dir: Path) -> None:
    with served(make_data_dir(tmp_path / "data", models_dir)) as url:
        for page in opened_page(browser, url):
            expect(page.locator(".welcome")).to_contain_text("The library is empty")
            page.get_by_label("Your question").fill("Is anything here?")
            page.keyboard.press("Enter")
            expect(page.get_by_role("alert")).to_contain_text("Nothing indexed")
            page.get_by_role("alert").get_by_role("link", name="Add documents").click()
            expect(page.locator(".drop")).to_be_visible()


def test_a_server_that_is_gone_is_told(browser: Browser, tmp_path: Path, models_dir: Path) -> None:
    with served(make_data_dir(tmp_path / "data", models_dir)) as url:
        page = browser.new_page()
        page.goto(url)
        expect(page.locator(".welcome")).to_be_visible()
    page.get_by_label("Your question").fill("Is anyone there?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("No connection")
    page.close()
