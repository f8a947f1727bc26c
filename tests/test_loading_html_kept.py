"""What looks hidden to one rule of a page and is shown by another stays in its text: lost words are the worst fault."""

from __future__ import annotations

import time

import pytest

from index.documents import Loaded
from index.loading import load


def page(body: str, sheet: str = "", head: str = "") -> Loaded:
    sheet = sheet and f"<style>{sheet}</style>"
    return load("page.html", f"<html><head>{sheet}{head}</head><body><p>Before</p>{body}</body></html>".encode())


def is_kept(found: Loaded) -> bool:
    return "words here" in found.text and found.details.hidden_letters == 0


def is_left_out(found: Loaded) -> bool:
    return found.text == "Before" and found.details.hidden_letters == len("wordshere")


DIV = "<div class=x>words here</div>"


@pytest.mark.parametrize(
    ("sheet", "body"),
    [
        # A name with escaped signs.
        (r".hidden{display:none}@media screen{.md\:block{display:block}}", "<p class='hidden md:block'>words here"),
        (r".hidden{display:none}@media screen{.\32xl\:flex{display:flex}}", "<p class='hidden 2xl:flex'>words here"),
        (r".hidden{display:none}.w-\[1\,2\]\+a.b{display:block}", "<p class='hidden w-[1,2]+a b'>words here"),
        # A rule for a tag that another takes back.
        ("section{display:none}@media(min-width:600px){section{display:block}}", "<section>words here</section>"),
        ("section{font-size:0}@media screen{section{font:16px serif}}", "<section>words here</section>"),
        ("section{display:none}.js section{display:block}", "<section>words here</section>"),
        ("section{display:none}section.x:target{display:block}", "<section>words here</section>"),
        (".x{display:none}#t:checked~*{display:block}", DIV),
        (".x{display:none;.dark &{display:block}}", DIV),
        # The order of the rules, not that of the names.
        (".hide{display:none}.show{display:block}", "<div class='show hide'>words here</div>"),
        (".hide{display:none}div.show{display:block}", "<div class='show hide'>words here</div>"),
        ("#x{display:block}.hide{display:none}", "<div id=x class=hide>words here</div>"),
        # What comes into sight by itself.
        (".x{opacity:0;animation:fade 1s forwards}@keyframes fade{to{opacity:1}}", DIV),
        (".x{opacity:0;transition:opacity 1s}", DIV),
        ("", "<div style='visibility:hidden;animation-name:fadeIn'>words here</div>"),
        # The whole page.
        ("body{opacity:0}body.loaded{opacity:1}", DIV),
        ("body{display:none}", DIV),
        # What is within may be seen where what is around is not.
        ("", "<div style='visibility:hidden'><p style='visibility:visible'>words here</div>"),
        (".v{visibility:hidden}.v > div{visibility:visible}", f"<div class=v>{DIV}</div>"),
        (".grid{font-size:0}.grid > div{font-size:16px}", f"<div class=grid>{DIV}</div>"),
        ("", "<div style='height:1px;overflow:hidden;min-height:200px'>words here</div>"),
        ("", "<table><tr><td style='width:1px;overflow:hidden'>words here</table>"),
        ("", "<div style='font-size:0'><p style='font:16px serif'>words here</div>"),
        (".a{margin-left:-9999px}.b{margin:0}", "<div class='a b'>words here</div>"),
        ("", "<div style='position:absolute;right:-120px'>words here</div>"),
    ],
)  # fmt: skip
def test_what_another_rule_may_show_is_kept(sheet: str, body: str) -> None:
    assert is_kept(page(body, sheet))


@pytest.mark.parametrize(
    "head",
    [
        "<style media='(min-width:600px)'>.x{display:block}</style>",
        "<noscript><style>.x{display:block}</style></noscript>",
        "<script src=a.js></script>",
    ],
)
def test_a_sheet_for_some_screens_or_a_script_may_show_what_the_sheet_hides(head: str) -> None:
    assert is_kept(page(DIV, ".x{display:none}", head))


@pytest.mark.parametrize(
    "opener",
    ["<script>open()</script>", "<button></button>", "<a onclick='open()'></a>", "<p aria-expanded=false></p>"],
)
@pytest.mark.parametrize("style", ["display:none", "height:0;overflow:hidden", "opacity:0", "visibility:hidden"])
def test_what_a_script_opens_is_kept(opener: str, style: str) -> None:
    assert is_kept(page(opener + DIV, f".x{{{style}}}"))


DARK = "body{background:#222;color:#fff}"
WHITE = "<p style='color:#fff'>words here</p>"


@pytest.mark.parametrize(
    ("sheet", "body"),
    [
        # A colour that cannot be read is another than that behind it.
        (DARK, "<div style='background:#fff;color:navy'>words here</div>"),
        (DARK, "<div style='background:white;color:var(--ink)'>words here</div>"),
        (DARK, "<div style='background:#fff'><font color=navy>words here</font></div>"),
        (DARK, "<div style='background:rgba(255,255,255,.1)'>words here</div>"),
        (DARK + ".card{background:#fff}.card p{color:#222}", "<div class=card><p>words here</p></div>"),
        ("p{color:#fff}.card p{color:#222}", "<div class=card><p>words here</p></div>"),
        # A picture is behind the words.
        ("", f"<div style='background-image:url(d.jpg)'>{WHITE}</div>"),
        ("", "<table><tr><td background=d.jpg><font color='#ffffff'>words here</font></table>"),
        (".hero{background-image:url(d.jpg)}.t{color:#fff}", "<div class=hero><p class=t>words here</p></div>"),
        ("", "<div><img src=d.jpg><div style='position:absolute;bottom:8px;color:#fff'>words here</div></div>"),
        # Letters cut out of a picture, or with a shadow.
        (".x{background:linear-gradient(90deg,#f00,#00f);-webkit-background-clip:text;color:transparent}", DIV),
        (".x{color:#fff;text-shadow:0 0 4px #000}", DIV),
        # What is said last holds.
        ("div{background-color:#fff}", "<div style='background:#036;color:#fff'>words here</div>"),
        ("div{background:#036}div:hover{background:#047}", f"<div>{WHITE}</div>"),
        # Another rule may paint what is within.
        (".hero p{background:#036}", f"<div style='background:#fff'>{WHITE}</div>"),
    ],
)
def test_words_that_may_have_another_colour_than_what_is_behind_them_are_kept(sheet: str, body: str) -> None:
    assert is_kept(page(body, sheet))


@pytest.mark.parametrize(
    "linked",
    [
        "<link rel=stylesheet href=a.css>",
        "<link rel=preload as=style href=a.css>",
        "<style>.h tr{background:#036}</style>",
        "<style>table{background:#036}</style>",
    ],
)
def test_a_sheet_among_the_words_may_paint_the_whole_page(linked: str) -> None:
    white = "<table class=h><tr><td style='color:#fff'>words here</td><td>y</td></tr></table>"
    for body in (f"<div>{linked}</div>{white}", f"{white}{linked}"):
        assert "words here" in page(body).text
    # What an element says of both is not undone by a sheet.
    assert "words" not in page(f"{linked}<p style='color:#fff;background:#fff'>words here</p>").text


@pytest.mark.parametrize(
    ("sheet", "body"),
    [
        # Neither print, nor what hides too, nor what is beside the words shows them.
        (".x{display:none}@media print{.x{display:block}}", DIV),
        (".x{display:none}.a .x{display:none}", DIV),
        (".x{display:none}.x::before{display:block}", DIV),
        (".x{display:none}.x:hover{color:red}", DIV),
        (".x{display:none}.x p{display:block}", DIV),
        (".x{display:none}.y{display:block}.z:hover{display:block}", DIV),
        (".show{display:block}.hide{display:none}", "<div class='hide show'>words here</div>"),
        ("div{display:block}.hide{display:none}", "<div class=hide>words here</div>"),
        (".hide{display:none}div{display:block}", "<div class=hide>words here</div>"),
        ("a:hover{color:red}.x{color:#fff}", f"{DIV}"),
        (r".md\:x{display:none}", "<div class='md:x'>words here</div>"),
        # Nor a script what is off the page, or what an element itself hides.
        (".x{position:absolute;left:-9999px}", f"<script>1</script>{DIV}"),
        ("", "<script>1</script><div style='display:none'>words here</div>"),
        (".x{display:none}", f"<script type=application/ld+json>{{}}</script>{DIV}"),
        ("", "<div style='visibility:hidden'><p>words here</div>"),
        ("", "<div style='font-size:0'><p>words here</div>"),
    ],
)
def test_what_no_other_rule_shows_stays_left_out(sheet: str, body: str) -> None:
    assert is_left_out(page(body, sheet))


@pytest.mark.parametrize(
    "sheet",
    [
        "@font-face{src:url(data:font/woff2;base64," + "A" * 400_000 + ")}",
        "A" * 400_000,
        "/*" * 200_000,
        "{" * 200_000 + "}" * 200_000,
        ".x{" * 100_000,
        "a," * 200_000 + "b{color:red}",
        "." + "x" * 400_000 + "{display:none}",
        "\\" * 400_000 + "{display:none}",
        ".x:hover" * 40_000 + "{display:none}",
    ],
    ids=lambda sheet: sheet[:12],
)
def test_a_long_sheet_is_read_as_fast_as_it_is_long(sheet: str) -> None:
    begun = time.monotonic()
    assert page("<p>words here", sheet).text == "Before\n\nwords here"
    # A second at most; what looks back from each sign takes minutes.
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    "markup", ["<style>", "<style", "<script", "<link ", "<noscript></noscript>", "<style media='"]
)
def test_a_page_of_begun_tags_is_looked_through_in_one_go(markup: str) -> None:
    load("page.html", f"<p>Words</p>{markup * 50_000}".encode())
