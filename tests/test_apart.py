"""Loading in processes of their own: whatever a file does to its parser, it ends as an error that says so."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from index.errors import UnreadableFile, UnsupportedFile
from index.loading.apart import Loaders
from index.settings import IndexSettings

pytestmark = pytest.mark.slow

SETTINGS = IndexSettings(parse_seconds=2, parse_memory_mb=1024, parse_processes=2)


@pytest.fixture
def hostile() -> Iterator[Loaders]:
    with Loaders(SETTINGS, "tests.hostile") as loaders:
        yield loaders


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("loop.pdf", r"loop\.pdf was not read within 2 s.*ASSISTANT_INDEX__PARSE_SECONDS"),
        ("stuck.pdf", r"stuck\.pdf was not read within 2 s"),
        ("grow.pdf", r"grow\.pdf needs more than 1024 MB.*ASSISTANT_INDEX__PARSE_MEMORY_MB"),
        ("die.pdf", r"die\.pdf brought down the process.*it ended with 3"),
        ("raise.pdf", r"raise\.pdf brought down the process.*KeyError: 'xref'"),
        ("deep.pdf", r"deep\.pdf is nested too deeply"),
        ("wrong.pdf", r"wrong\.pdf is broken"),
    ],
)
def test_a_hostile_file_is_an_error_and_the_next_one_is_read(hostile: Loaders, name: str, told: str) -> None:
    with pytest.raises(UnreadableFile, match=told):
        hostile.load(name, b"")
    assert hostile.load("good.pdf", b"words").text.startswith("words read by")


def test_a_process_is_used_again_and_is_not_this_one(hostile: Loaders) -> None:
    first, second = (hostile.load("good.pdf", b"words").text for _ in range(2))
    assert first == second
    assert not first.endswith(f" {os.getpid()}")


def test_a_file_that_takes_long_does_not_hold_up_another(hostile: Loaders) -> None:
    for started in [hostile.submit("r/long.pdf", b"1") for _ in range(SETTINGS.parse_processes)]:
        assert started.result()
    begun = time.monotonic()
    looping = hostile.submit("r/loop.pdf", b"")
    assert hostile.submit("r/good.pdf", b"words").result().title == "good.pdf"
    assert time.monotonic() - begun < SETTINGS.parse_seconds
    with pytest.raises(UnreadableFile, match="loop"):
        looping.result()


def test_a_file_may_take_longer_than_the_limit_as_long_as_it_gets_on(hostile: Loaders) -> None:
    begun = time.monotonic()
    assert hostile.load("long.pdf", b"6").title == "long.pdf"
    assert time.monotonic() - begun > SETTINGS.parse_seconds


def test_a_process_that_was_killed_while_idle_is_replaced(hostile: Loaders) -> None:
    first = int(hostile.load("good.pdf", b"words").text.rsplit(" ", 1)[1])
    os.kill(first, 9)
    time.sleep(0.2)
    assert int(hostile.load("good.pdf", b"words").text.rsplit(" ", 1)[1]) != first


def test_closing_ends_the_processes() -> None:
    with Loaders(SETTINGS, "tests.hostile") as loaders:
        process = int(loaders.load("good.pdf", b"words").text.rsplit(" ", 1)[1])
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_what_a_loader_refuses_is_refused_with_its_own_error() -> None:
    with Loaders(SETTINGS) as loaders, pytest.raises(UnsupportedFile, match=r"photo\.heic: files ending in \.heic"):
        loaders.load("photo.heic", b"x")


def test_short_plain_text_is_read_here_and_long_text_apart() -> None:
    with Loaders(IndexSettings()) as loaders:
        assert loaders.load("note.txt", b"Short words.").text == "Short words."
        assert not loaders._idle.qsize()
        assert loaders.load("note.txt", b"Long words. " * 100_000).text.startswith("Long words.")
        assert loaders._idle.qsize() == 1
