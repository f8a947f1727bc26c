"""Loading HTML: how a page reads as text, what cannot be seen, what it says of itself, and its encoding."""

from __future__ import annotations

import datetime

import pytest

from index.documents import Loaded
from index.errors import UnreadableFile, UnsupportedFile
from index.loading import load
from tests.test_loading import assert_canonical


def page(body: str, head: str = "") -> Loaded:
    loaded = load("page.html", f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode())
    assert_canonical(loaded)
    return loaded


def text(body: str) -> str:
    return page(body).text


def test_headings_begin_sections_and_inline_tags_leave_only_words() -> None:
    loaded = page(
        "<h1>The <em>title</em></h1>\n<p>A <b>bold</b> word,\n a <a href=x>link</a>, <code>code</code>.<br>New line."
        "<h2>Below</h2><div>Loose words<p>paragraph</div><blockquote>Quoted &amp; kept</blockquote>"
    )
    assert loaded.text == (
        "The title\n\nA bold word, a link, code.\nNew line.\n\nBelow\n\nLoose words\n\nparagraph\n\nQuoted & kept"
    )
    assert [(section.heading, section.start) for section in loaded.sections] == [("The title", 0), ("Below", 49)]
    assert loaded.title == "The title"
    assert loaded.details.media_type == "text/html"


def test_signs_and_buttons_beside_a_heading_are_no_words_of_it() -> None:
    page = "<h1>Vec <button>Copy</button></h1><h2><a href=#x>§</a>Use</h2><h2>More<a href=#y>#</a></h2><p>C <a>#</a>"
    assert text(page) == "Vec\n\nUse\n\nMore\n\nC #"


def test_lists_keep_their_numbers_marks_and_nesting() -> None:
    assert text(
        "<ul><li>a<ul><li>b<ol start=7><li>c<li>d</ol></ul><li><p>e</p><p>f</p></ul>"
        "<ol type=a><li>x<li value=5>y</ol><ol reversed><li>p<li>q</ol><ol type=I start=9><li>n</ol>"
    ) == ("- a\n  - b\n    7. c\n    8. d\n- e\n  f\na. x\ne. y\n2. p\n1. q\nIX. n")


def test_definition_lists_put_what_is_said_under_its_term() -> None:
    assert text("<dl><dt>Term<dd>One<dd>Two<dt>Other</dl>") == "- Term\n  - One\n  - Two\n- Other"


def test_code_keeps_its_lines_and_its_indent_without_line_numbers() -> None:
    assert text("<pre>\nif x:\n    y  = 1\n\n    z</pre>") == "if x:\n    y  = 1\n\n    z"
    assert text("<pre>    if x:\n        y</pre>") == "if x:\n    y"
    assert text("<pre><code>one</code> <code>two</code></pre>") == "one\ntwo"
    assert text("<table><tr><td class=linenos><pre>1\n2</pre><td><pre>a\n  b</pre></table>") == "a\n  b"


def test_pictures_are_told_by_their_words_and_figures_by_their_caption() -> None:
    assert text("<p>See <img src=a.png alt='a map'>here <img alt='x.png'><img alt=''></p>") == "See a map here"
    assert text("<figure><img alt='no'><figcaption>The port at night</figcaption></figure>") == "The port at night"


def test_raised_numbers_stay_apart_from_what_they_are_raised_over() -> None:
    assert text("<p>10<sup>6</sup> m<sup>2</sup>, CO<sub>2</sub>, 1<sup>st</sup>") == "10⁶ m², CO2, 1st"
    assert (
        text("<p>a <q>quote</q> and exam\xadple <a href=x>one</a><a href=y>two</a>") == "a “quote” and example one two"
    )


def test_what_was_never_closed_ends_where_its_like_begins() -> None:
    assert text("<ul><li><p>a<li><font>b<li>c</ul>") == "- a\n- b\n- c"
    assert text("<p><font>One<p>Two</font></p> more<p>end") == "One\n\nTwo\n\nmore\n\nend"


# Tables


def test_rows_read_alone_with_headers_from_head_cells_or_from_how_they_read() -> None:
    for head in ("<tr><th>Year<th>Dead", "<thead><tr><th>Year<th>Dead</thead>", "<tr><td><b>Year</b><td><b>Dead</b>"):
        assert text(f"<table>{head}<tr><td>2021<td>316<tr><td>2022<td></table>") == "Year: 2021; Dead: 316\nYear: 2022"
    assert text("<table><tr><td>Port<td>Tonnes<tr><td>Manta<td>12</table>") == "Port: Manta; Tonnes: 12"
    assert text("<table><tr><td>Born<td>Quito<tr><td>Lives<td>Manta</table>") == "Born; Quito\nLives; Manta"


def test_cells_over_rows_and_columns_are_said_where_they_belong() -> None:
    assert text(
        "<table><tr><th rowspan=2>Port<th colspan=2>Tonnes<tr><th>2021<th>2022"
        "<tr><td rowspan=2>Manta<td>1<td>2<tr><td colspan=2>none<tr><td>Guayaquil<td>5<td>6</table>"
    ) == (
        "Port: Manta; Tonnes 2021: 1; Tonnes 2022: 2\nPort: Manta; Tonnes 2021 / Tonnes 2022: none\n"
        "Port: Guayaquil; Tonnes 2021: 5; Tonnes 2022: 6"
    )
    assert text("<table><tr><th>Y<th>M<tr><th rowspan=3>2025</th><tr><td>Jan<tr><td>Feb</table>") == (
        "Y: 2025; M: Jan\nY: 2025; M: Feb"
    )


def test_tables_of_labels_and_values_and_headings_in_tables_read_as_such() -> None:
    rows = "<tr><th colspan=2>Duck<tr><th>Class<td>Aves<tr><td>Order:<td>Anseriformes"
    assert text(f"<table><caption>Facts</caption>{rows}</table>") == ("Facts\n\nDuck\nClass: Aves\nOrder: Anseriformes")


def test_what_stands_in_a_cell_stays_in_its_row() -> None:
    assert (
        text(
            "<table><tr><th>Name<th>Where<tr><td>Teal<br>(small)<td><ul><li>Pond<li>Marsh.</ul><p>More</p>"
            "<tr><td>Quack<td><table><tr><th>Kind<th>Sound<tr><td>Long<td>quaaak</table></table>"
        )
        == "Name: Teal (small); Where: Pond, Marsh. More\nName: Quack; Where: Kind: Long; Sound: quaaak"
    )


def test_tables_that_only_lay_out_are_read_as_blocks() -> None:
    assert text("<table><tr><td><h1>T</h1><p>one</p><p>two</p><td><table><tr><td>a<td>b</table></table>") == (
        "T\n\none\n\ntwo\n\na; b"
    )
    assert text("<table role=presentation><tr><td>a<td>b</table>") == "a\n\nb"
    assert text("<table><tr><td>only<tr><td>column</table>") == "only\n\ncolumn"


# What cannot be seen


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>no</script>",
        "<style>no</style>",
        "<noscript>no</noscript>",
        "<template>no</template>",
        "<!-- no -->",
        "<div hidden>no</div>",
        "<div aria-hidden=true>no</div>",
        "<div style='color: red; DISPLAY : none'>no<p>no</div>",
        "<span style='visibility:hidden'>no</span>",
        "<p style='font-size:0px'>no</p>",
        "<p style='color:#fff'>no</p>",
        "<font color=white>no</font>",
        "<div style='background:#222222'><p style='color:#222'>no</p></div>",
        "<table bgcolor='#eeeeee'><tr><td style='color:rgb(238, 238, 238)'>no</table>",
        "<button>no</button><select><option>no</select><textarea>no</textarea>",
        "<svg><title>no</title><text>no</text></svg>",
        "<dialog>no</dialog>",
    ],
)
def test_what_nobody_can_see_is_left_out(hidden: str) -> None:
    assert text(f"<p>Before</p>{hidden}<p>After</p>") == "Before\n\nAfter"


@pytest.mark.parametrize(
    "seen",
    [
        "<p style='color:#fff;background-color:#000'>yes</p>",
        "<div style='background:url(dark.png)'><p style='color:#fff'>yes</p></div>",
        "<div style='font-size:0'><p style='font-size:14px'>yes</p></div>",
        "<div hidden=until-found>yes</div>",
        "<div style='background:#000000'><p>yes</p></div>",
        "<p style='font-size:0.9em'>yes</p>",
        "<h2><button>yes</button></h2>",
        "<details><summary>yes</summary></details>",
    ],
)
def test_what_can_be_seen_is_kept(seen: str) -> None:
    assert text(f"<p>Before</p>{seen}<p>After</p>") == "Before\n\nyes\n\nAfter"


def test_white_words_are_kept_where_a_style_sheet_may_colour_what_is_behind_them() -> None:
    assert page("<p style='color:#fff'>Words", "<style>body {background: navy}</style>").text == "Words"
    assert page("<p style='color:#fff'>Words", "<link rel=stylesheet href=x.css>").text == "Words"


# What the page says of itself


def test_title_author_date_and_language_come_from_the_head() -> None:
    loaded = load(
        "page.html",
        b"<html lang=es-EC><head><title>Puertos - El Diario</title><meta property=og:site_name content='El Diario'>"
        b"<meta name=author content='Ana Loor'><meta property=article:published_time content=2022-09-30T23:00:00-05:00>"
        b"<body><p>Texto</body>",
    )
    assert loaded.title == "Puertos"
    details = loaded.details
    assert (details.author, details.language, details.published) == ("Ana Loor", "es", datetime.date(2022, 9, 30))


def test_linked_data_goes_before_the_head() -> None:
    loaded = page(
        "<p>Words",
        "<title>T</title><meta name=date content=2001-01-01><script type='application/ld+json'>"
        '{"@graph": [{"@type": "WebSite"}, {"@type": "NewsArticle", "headline": "H", "datePublished": "2022-09-30",'
        ' "author": [{"name": "A. Writer"}, {"name": "B. Other"}]}]}</script>',
    )
    assert (loaded.title, loaded.details.author) == ("H", "A. Writer, B. Other")
    assert loaded.details.published == datetime.date(2022, 9, 30)


def test_the_one_time_shown_is_when_the_page_was_published() -> None:
    day = datetime.date(2022, 9, 30)
    assert page("<time datetime=2022-09-30>30 Sept</time> <a rel=author href=x>A. Writer</a>").details.published == day
    assert page("<p>x <time datetime=2022-09-30></time><time datetime=2021-01-01></time>").details.published is None
    assert page("<p>x <a rel=author href=x>A. Writer</a>").details.author == "A. Writer"
    assert page("<p>x", "<meta name=date content=2022-13-45><meta name=author content=https://x.org/a>").details == (
        page("<p>x").details
    )


# Encodings


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("<meta charset=windows-1251>", "cp1251"),
        ("<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>", "koi8-r"),
        ("<meta charset=iso-8859-5>", "iso8859-5"),
        ("<meta charset=utf-8>", "utf-8"),
        ("<meta charset=latin1>", "utf-8-sig"),
        ("", "utf-16"),
        ("<meta charset=no-such>", "utf-8"),
    ],
)
def test_the_encoding_is_that_of_the_mark_or_the_one_that_the_page_names(head: str, encoding: str) -> None:
    words = "Полиция нашла в порту 500 килограммов кокаина и задержала трех человек."
    assert load("page.html", f"<html><head>{head}</head><p>{words}".encode(encoding)).text == words


def test_a_wrong_name_of_an_encoding_is_not_believed_and_a_stray_byte_is_borne() -> None:
    words = "La producción en Jaramijó cayó el año pasado, según los pescadores de la región de Manabí."
    assert load("page.html", f"<meta charset=utf-8><p>{words}".encode("cp1252")).text == words
    assert load("page.html", f"<meta charset=utf-8><p>{words * 10}".encode() + b"\xff").text.startswith(words)


def test_xhtml_closes_what_html_leaves_open() -> None:
    data = (
        b"<?xml version='1.0' encoding='utf-8'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title/>"
        b"<script src='a.js'/></head><body><p>One<a id='x'/> two</p></body></html>"
    )
    assert load("page.xhtml", data).text == "One two"


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        (b"<html><body><script>x</script></body></html>", UnreadableFile, "holds no text"),
        (b"", UnreadableFile, "holds no text"),
        (b"<!-- only -->", UnreadableFile, "holds no text"),
        (b"%PDF-1.7", UnsupportedFile, "PDF"),
        (b"<p>\x00\x01\x02", UnsupportedFile, "binary"),
    ],
)
def test_what_is_no_page_is_refused(data: bytes, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        load("page.html", data)
