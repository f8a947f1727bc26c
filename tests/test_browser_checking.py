"""What a language model wrote, checked, on the page: what is not borne out is seen as such, with why, and notes too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import make_data_dir, served
from tests.test_browser import ask, browser, opened_page, upload

__all__ = ["browser"]

pytestmark = pytest.mark.browser

REPORTED = "According to the police, twelve guards fled from the prison of Milagro on 3 May 2022."
HELD = "The prison of Milagro holds 812 men in space for 480."
REPLY = "On 3 May 2022, 12 guards fled from the prison of Milagro. [\\1] The prison of Milagro holds 900 men. [\\2]"
FAULT, NOTE = "the sources do not say 900", "the source reports this as what the police said"


@pytest.fixture(scope="module")
def chat_url(tmp_path_factory: pytest.TempPathFactory, models_dir: Path, embedder: object) -> Iterator[str]:
    """A server whose answers a script writes: one statement that a source reports, one with another number."""
    assert embedder
    folder = tmp_path_factory.mktemp("written")
    script = folder / "script.json"
    when = r"\[(\d+\.\d+)\] According to the police[\s\S]*?\[(\d+\.\d+)\] The prison of Milagro holds"
    script.write_text(json.dumps([{"when": when, "reply": REPLY}, {"when": "", "reply": ""}]), encoding="utf-8")
    data_dir = make_data_dir(folder / "data", models_dir)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ASSISTANT_READER", "chat")
        patched.setenv("ASSISTANT_CHAT_MODEL", f"scripted:{script}")
        with served(data_dir) as url:
            upload(url, "milagro.txt", f"The prison of Milagro\n\n{REPORTED} {HELD}\n")
            yield url


@pytest.fixture
def written(browser: Browser, chat_url: str) -> Iterator[Page]:
    yield from opened_page(browser, chat_url)


def test_faults_and_notes_stand_below_their_statements(written: Page, tmp_path: Path) -> None:
    ask(written, "What happened in the prison of Milagro?")
    noted, faulty = (written.locator(".statement").nth(place) for place in (0, 1))
    expect(noted.locator(".beside")).to_have_text(f"T{NOTE[1:]}.")
    expect(noted.locator(".fault")).to_have_count(0)
    expect(faulty.locator(".check")).to_have_text("not borne out")
    expect(faulty.locator(".fault")).to_have_text(f"T{FAULT[1:]}.")
    assert faulty.locator(".said").evaluate("said => getComputedStyle(said).textDecorationStyle") == "wavy"
    expect(written.locator(".badge")).to_have_text("Partial")
    written.screenshot(path=tmp_path / "checked.png")
    written.reload()
    written.locator(".turn .fault").wait_for()
    expect(written.locator(".statement").nth(1).locator(".fault")).to_have_text(f"T{FAULT[1:]}.")


def test_a_kept_answer_says_them_too(chat_url: str) -> None:
    with httpx.Client(base_url=chat_url, timeout=60) as client:
        given = client.post("/ask", json={"question": "What happened in the prison of Milagro?"}).json()
        kept = client.get(f"/answers/{given['id']}").json()
    assert [(one["check"], one["faults"], one["notes"]) for one in kept["statements"]] == [
        ("supported", [], [NOTE]),
        ("unsupported", [FAULT], []),
    ]
    assert kept["verdict"] == "partial"
    assert kept["text"].endswith(f"(not borne out by its source: {FAULT})")
