"""Finding the article in a page, and pages made to take long."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.errors import DossierError, UnreadableFile
from index.loading import load
from tests.test_loading import assert_loads_or_says_why

pytestmark = pytest.mark.slow

WORDS = "The harbour was searched at night, and nothing was found in any of the containers on the quay. "
STORY = "".join(f"<p>{WORDS * 3}({number})</p>" for number in range(8))
MENU = "<ul>" + "".join(f"<li><a href=/{number}>Menu {number}</a>" for number in range(20)) + "</ul>"


def text(body: str, head: str = "") -> str:
    return load("page.html", f"<html><head>{head}</head><body>{body}</body></html>".encode()).text


@pytest.mark.parametrize(
    "page",
    [
        f"<nav>{MENU}</nav><main><h1>News</h1>{STORY}</main><footer>About us</footer>",
        f"<header>{MENU}</header><div role=main><h1>News</h1>{STORY}</div><aside>Menu</aside>",
        f"<div class=site>{MENU}</div><article><h1>News</h1>{STORY}</article><div>{MENU}</div>",
        f"<div class='main-nav'>{MENU}</div><div class=c><h1>News</h1>{STORY}</div><footer>{MENU}</footer>",
        f"<div id=sidebar>{MENU}</div><h1>News</h1>{STORY}<div class=related-posts>{MENU}</div>",
        f"<table><tr><td><div class=menu>{MENU}</div><td><h1>News</h1>{STORY}</table>",
        f"<main><h1>News</h1><div class=breadcrumbs><a href=/>Menu</a></div>{STORY}<aside>{MENU}</aside></main>",
        f"<main><article><h1>News</h1>{STORY}</article><article><p>Menu teaser</p></article></main>",
        f"<div class=cookie-banner><p>Menu: we use cookies to serve you. <button>OK</button></div><h1>News</h1>{STORY}",
        f"<div role=dialog>Menu</div><h1>News</h1>{STORY}<div class=no-print>Menu</div>",
        f"<main><h1>News</h1>{STORY}<form class=newsletter-signup>Menu: subscribe</form></main>",
    ],
)
def test_the_article_is_whole_and_the_menus_are_out(page: str) -> None:
    found = text(page)
    assert found.startswith("News")
    assert all(f"({number})" in found for number in range(8))
    assert "Menu" not in found
    assert "About us" not in found


@pytest.mark.parametrize(
    "kept",
    [
        "<h2>See also</h2><ul><li><a href=x>Ports</a><li><a href=x>Ships</a></ul>",
        "<div class='hatnote navigation-not-searchable'>Main article: <a href=x>Ports</a></div>",
        "<aside><p>A note on Ports that says more than the story.</p></aside>",
        "<blockquote>We saw it.<footer>Ana, Ports</footer></blockquote>",
        "<div class=sidebar><p>Ports in words without a single link.</p></div>",
        "<section class=widget><h1>Ports</h1><a href=x>one</a> <a href=x>two</a></section>",
        "<header><p>Ports: a header with words</p></header>",
    ],
)
def test_what_may_belong_to_the_article_is_kept(kept: str) -> None:
    assert "Ports" in text(f"<main><h1>News</h1>{STORY}{kept}</main>")


def test_a_title_outside_the_article_stands_over_it() -> None:
    page = f"<h1>Site</h1><div><h1>The harbour at night</h1></div><article>{STORY}</article>"
    assert text(page, "<title>The harbour at night - Site</title>").startswith(
        "The harbour at night\n\nThe harbour was"
    )


def test_a_small_page_is_taken_whole() -> None:
    assert text(f"<p>Short.</p><div class=links>{MENU}</div>").count("Menu") == 20
    assert text("<nav><a href=x>Only a menu</a></nav>") == "Only a menu"
    assert "Menu" not in text(f"<p>{WORDS}<nav>Menu</nav><footer>Menu</footer>")


def test_a_main_element_that_holds_nothing_is_not_believed() -> None:
    assert "(7)" in text(f"<main>Loading...</main><div>{STORY}</div>")


# Pages made to take long


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + "<p>end</p>" + "</div>" * 100_000,
        "<font><p>w" * 50_000 + "<p>end",
        "<table><tr><td>x" * 5_000 + "<p>end",
        "<table><tr><th>h<td>x" * 1_000 + "<p>end",
        "<ul><li>x" * 10_000 + "<p>end",
        "<sup>1" * 50_000 + "<p>end",
        "<dl><dt>a<dd>" * 10_000 + "<p>end",
        "<div>" * 150_000 + "</section>" * 300_000 + "<p>end",
        "<pre>" + "<div>a" * 10_000 + "</pre><p>end",
        "<table><tr>" + "<td rowspan=65534 colspan=1000>www" * 500 + "<tr>" * 20_000 + "</table><p>end",
        f"<table><tr>{''.join(f'<th>{n:0110}' for n in range(200))}{'<tr><td>y<td colspan=99>x' * 20_000}</table>end",
        "<article>h" * 20_000 + "<p>end",
        "<h1>h</h1>" * 100_000 + "<p>end",
        f"<div class='{'nav-' * 200_000}'>x</div><p>end",
        f"<div style='{'a:b;' * 200_000}'>x</div><p>end",
        f"<div style='{'a' * 2_000_000}'>x</div><p>end",
        f"<div style='color:rgb({'1' * 5_000},1,1);font-size:{'1' * 500_000}x'>x</div><p>end",
        f"<script type=application/ld+json>{'[' * 100_000}</script><p>end",
        "<a rel=author>x" * 20_000 + "<p>end",
        "<p>a" + " <br>" * 100_000 + "b<p>end",
    ],
    ids=lambda page: page[:24],
)
def test_hostile_pages_end_in_their_words_within_seconds(page: str) -> None:
    started = time.process_time()
    found = text(page)
    assert "end" in found[-1_000:]
    # Nested lists are indented: ten times is little, what repeats headers and cells without end is a thousand.
    assert len(found) < 12 * len(page) + 3_000_000
    assert time.process_time() - started < 20


def test_a_page_of_nothing_but_tags_is_an_error_at_once() -> None:
    started = time.process_time()
    with pytest.raises(UnreadableFile, match=r"page\.html holds more than 500,000 tags"):
        text("<b>" * 15_000_000)
    assert time.process_time() - started < 10


def test_words_hidden_beyond_all_measure_stay_hidden() -> None:
    try:
        found = text("<p>seen</p><div hidden>" + "<div>" * 20_000 + "secret")
    except DossierError as error:
        found = str(error)
    assert "secret" not in found


TAGS = st.sampled_from(
    ["<p>", "</p>", "<ul>", "<li>", "</ul>", "<table>", "<tr>", "<td>", "<th rowspan=3>", "<td colspan=2>", "</table>",
     "<h1>", "</h1>", "<pre>", "<br>", "<dl>", "<dd>", "<a href=x>", "</a>", "<div class=nav>", "<main>", "<article>",
     "<sup>", "</sup>", "<q>", "<b>", "<!--", "-->", "<script>", "</script>", "<ol type=i start=-3>", "</div>",
     "<svg>", "<title>", "<body>", "</body>", "</html>", "<head>", "\n", " ", "&nbsp;", "&#0;", "&#xd800;", "word",
     "2", "<caption>", "<thead>", "<p style='font-size:0'>", "<x-y>", "<", ">", "\x00", "\x1e", "é", "\u200f"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(parts=st.lists(TAGS, max_size=40))
@example(parts=["<table>", "<th rowspan=3>", "2", "<tr>", "</table>"])
def test_any_page_gives_canonical_text_or_an_error_of_ours(parts: list[str]) -> None:
    assert_loads_or_says_why("page.html", "".join(parts).encode())


BLOCKS = st.sampled_from(
    ["<p>", "<ul>", "<li>", "<table>", "<tr>", "<td>", "<th>", "<h2>", "<dl>", "<dt>", "<pre>", "<div>", "</div>",
     "</table>", "</ul>", "<a href=x>", "<b>"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(parts=st.lists(BLOCKS, max_size=30))
def test_no_word_is_lost_or_out_of_order_outside_of_tables(parts: list[str]) -> None:
    words = [f"w{place}w" for place in range(len(parts) + 1)]
    found = text(words[0] + "".join(f"{part} {word} " for part, word in zip(parts, words[1:], strict=True)))
    assert all(word in found for word in words)
    if "<table>" not in parts and "<tr>" not in parts:
        assert [word for word in found.replace(",", "").split() if word in words] == words
