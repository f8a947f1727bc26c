"""What a page says of itself: title, author, date of publication and language, from its head and its linked data."""

from __future__ import annotations

import datetime
import email.utils
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.documents import Details
from index.loading.canonical import one_line
from index.loading.front_matter import FrontMatter
from index.loading.html.tree import Tree

_MOST_TITLE = 300
_MOST_AUTHOR = 200
_MOST_LINKED_DATA = 200_000
_MOST_OBJECTS = 10_000

# In the order in which they are believed.
_DATES = (
    "article:published_time", "og:published_time", "datepublished", "citation_publication_date", "citation_date",
    "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "dcterms.created", "dc.date.created",
    "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date", "publication_date", "date",
    "last-modified", "dcterms.modified", "article:modified_time", "datemodified",
)  # fmt: skip
_LATE = frozenset({"last-modified", "dcterms.modified", "article:modified_time", "datemodified"})
_AUTHORS = ("author", "article:author", "citation_author", "dc.creator", "dcterms.creator", "parsely-author", "byl")
_SITE = ("og:site_name", "application-name")
_ISO = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?!\d)")
_EARLIEST, _LATEST = 1800, 2200


@dataclass(frozen=True, slots=True)
class _Linked:
    """What the page's linked data (JSON-LD) says."""

    headline: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()


def facts_of(tree: Tree, heading: str | None) -> FrontMatter:
    """Title and details; `heading`, the article's first of the first level, is the title where there is one."""
    linked = _linked_data(tree.linked_data)
    metas: dict[str, list[str]] = {}
    for name, content in tree.metas:
        metas.setdefault(name, []).append(one_line(content))
    title = heading or one_line(linked.headline) or _first(metas, ("og:title",)) or _page_title(tree, metas)
    return FrontMatter(
        title[:_MOST_TITLE] or None,
        Details(
            published=_published(tree, metas, linked),
            language=language_code(tree.language or _first(metas, ("content-language", "dc.language"))),
            author=_author(tree, metas, linked)[:_MOST_AUTHOR] or None,
        ),
    )


def date_of(value: str) -> datetime.date | None:
    """The day in a date such as 2022-09-30T10:00Z, 20220930 or Fri, 30 Sep 2022 10:00:00 GMT; None for other text."""
    value = value.strip()[:100]
    match = _ISO.match(value)
    try:
        if match is not None:
            found = datetime.date(int(match[1]), int(match[2]), int(match[3]))
        else:
            found = email.utils.parsedate_to_datetime(value).date()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return found if _EARLIEST <= found.year <= _LATEST else None


def language_code(value: str) -> str | None:
    """The two letters of a language tag such as en-GB; None for what is none."""
    code = re.split("[-_]", value.strip().lower())[0]
    return code if re.fullmatch("[a-z]{2}", code) else None


def _first(metas: dict[str, list[str]], names: tuple[str, ...]) -> str:
    return next((value for name in names for value in metas.get(name, []) if value), "")


def _page_title(tree: Tree, metas: dict[str, list[str]]) -> str:
    """The title in the page's head, without the site's name behind it."""
    title = one_line(tree.title)
    site = _first(metas, _SITE)
    parts = re.split(r" [|\-–—·:»] ", title)
    if site and len(parts) > 1 and parts[-1].strip().casefold() == site.casefold():
        return title[: -len(parts[-1]) - 3].strip()
    return title


def _published(tree: Tree, metas: dict[str, list[str]], linked: _Linked) -> datetime.date | None:
    early = [value for name in _DATES if name not in _LATE for value in metas.get(name, [])]
    late = [value for name in _DATES if name in _LATE for value in metas.get(name, [])]
    # An article that shows one time shows when it was published; of several, nobody knows which is meant.
    shown = tree.times if len(set(tree.times)) == 1 else []
    found = (date_of(value) for value in [linked.published, *early, *shown, *late])
    return next((date for date in found if date is not None), None)


def _author(tree: Tree, metas: dict[str, list[str]], linked: _Linked) -> str:
    named = [value for name in _AUTHORS if name in metas for value in metas[name]]
    for names in (list(linked.authors), named, tree.authors):
        lines = [one_line(name) for name in names]
        # Some give the address of the author's page.
        known = [line for line in lines if line and not re.match(r"https?://|@", line)]
        if known:
            return ", ".join(dict.fromkeys(known))
    return ""


def _linked_data(texts: list[str]) -> _Linked:
    """The first object with a date or an author that is an article or the like."""
    for text in texts:
        if len(text) > _MOST_LINKED_DATA:
            continue
        try:
            loaded = json.loads(text)
        except (ValueError, RecursionError):
            continue
        for one in _objects(loaded):
            if one.get("datePublished") or (one.get("headline") and one.get("author")):
                return _Linked(
                    _string(one.get("headline")), _string(one.get("datePublished")), tuple(_names(one.get("author")))
                )
    return _Linked()


def _objects(loaded: object) -> Iterator[dict[str, object]]:
    waiting = [loaded]
    for _ in range(_MOST_OBJECTS):
        if not waiting:
            return
        one = waiting.pop(0)
        if isinstance(one, dict):
            yield one
            waiting += [value for key, value in one.items() if key in ("@graph", "mainEntity", "mainEntityOfPage")]
        elif isinstance(one, list):
            waiting += one


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _names(value: object) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str):
            yield name
