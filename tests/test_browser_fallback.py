"""The chat page where the language model is down: the answer is there, and says who gave it and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.wording import FALLBACK
from index.library import Library
from index.settings import IndexSettings
from tests.conftest import SEEDS, make_data_dir, served
from tests.test_browser import BOMBINGS, browser, opened_page

pytestmark = pytest.mark.browser
__all__ = ["browser"]


@pytest.fixture
def page(
    browser: Browser,
    tmp_path: Path,
    models_dir: Path,
    embedder: object,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Page]:
    path = make_data_dir(tmp_path / "data", models_dir)
    with Library(path, IndexSettings()) as library:
        library.ingest([SEEDS / "situation-report-2022-09.md"])
    monkeypatch.setenv("ASSISTANT_READER", "chat")
    monkeypatch.setenv("ASSISTANT_CHAT_MODEL", "scripted:failing")
    with served(path) as url:
        yield from opened_page(browser, url)


def test_the_answer_says_that_the_language_model_was_down_also_when_it_is_opened_again(page: Page) -> None:
    page.get_by_label("Your question").fill(BOMBINGS)
    page.keyboard.press("Enter")
    answer = page.locator(".answer[data-verdict=grounded]")
    expect(answer.locator(".statement").first).to_contain_text("145 bombings", timeout=60_000)
    notice = answer.locator(".notice.warn")
    expect(notice).to_contain_text("The language model was not available: the model scripted:failing is not available")
    expect(notice).to_be_visible()
    expect(answer).not_to_contain_text(FALLBACK)
    page.reload()
    expect(page.locator(".answer .notice.warn")).to_contain_text("scripted:failing")
