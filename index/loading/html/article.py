"""The article in a page: which blocks are what the page is for, and which lead elsewhere.

Where it is not clear, a block is kept: menus among the words are a nuisance, missing words are a wrong answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Set

from index.loading.html.tree import Node, Tree

# A page with fewer letters than this and no article in it is taken whole, but for what its tags call navigation.
_SMALL = 1_500
_FEWEST_IN_MAIN = 200
_MOST_OF_MAIN = 0.75
_FEWEST_LEFT = 50
_LONGEST_NOTE = 3_000
_LONGEST_FORM = 300
_LINKED = 0.5

_NAVIGATION_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar", "tablist", "dialog", "alertdialog"}
)
# Words of classes and ids, parted at hyphens, underscores and capitals.
_ALWAYS = frozenset(
    """
    cookie cookies cookiebar cookiebanner cookieconsent consent gdpr ccpa breadcrumb breadcrumbs noprint skiplink
    sharedaddy addtoany printfooter catlinks
    """.split()  # noqa: SIM905
)
_WHERE_LINKED = frozenset(
    """
    nav navbar navigation menu submenu sidebar dropdown toolbar portlet pagination pager paging related recommended
    recommendations recirculation more tags tagcloud social share sharing follow newsletter subscribe subscription
    promo promotion widget widgets footer header masthead topbar links comments toc tableofcontents sponsor sponsored
    advert advertisement ad ads outbrain taboola signup login teaser teasers popular trending
    """.split()  # noqa: SIM905
)
_FORMS = frozenset({"newsletter", "subscribe", "subscription", "signup", "login", "paywall", "share", "sharing"})
# A footer in these is the page's, in others that of an article or a quote.
_PAGE = frozenset({"body", "div", "main", "form", "center"})
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_NO_PRINT = re.compile(
    r"\b(?:no-?print|d-print-none|hidden-print|print-hidden|skip-?(?:link|to|nav)\w*)\b", re.IGNORECASE
)


# Whether a block, in the block around it, is none of the article.
Judge = Callable[[Node, Node], bool]


def article_of(tree: Tree) -> Node:
    """The block that holds the article, with what is none of it taken out."""
    body = tree.body
    scope = _scope(body)
    if scope is body and body.letters < _SMALL:
        _prune(body, body, _is_navigation)
        return body
    heading = _heading_outside(tree, body, scope)
    _prune(scope, scope, _is_navigation)
    _prune(scope, scope, _leads_elsewhere)
    if heading is not None:
        scope.parts.insert(0, heading)
    return scope


def _scope(body: Node) -> Node:
    """The main element where it holds words, in it the one article that is nearly all of it, or else the body."""
    mains = [node for node in _all(body) if node.tag == "main" or node.attributes.get("role", "").lower() == "main"]
    scope = max(mains, key=_unlinked, default=body)
    if scope.letters < _FEWEST_IN_MAIN and body.letters > scope.letters * 5:
        scope = body
    articles = [node for node in _all(scope) if node.tag == "article"]
    largest = max(articles, key=_unlinked, default=scope)
    enough = max(_FEWEST_IN_MAIN, _MOST_OF_MAIN * _unlinked(scope))
    return largest if _unlinked(largest) >= enough else scope


def _all(node: Node) -> Iterable[Node]:
    """All blocks in a block, in order."""
    waiting = node.blocks[::-1]
    while waiting:
        block = waiting.pop()
        yield block
        waiting += block.blocks[::-1]


def _unlinked(node: Node) -> int:
    return node.letters - node.linked


def _heading_outside(tree: Tree, body: Node, scope: Node) -> Node | None:
    """The page's first heading where it stands before the article, and its title says so."""
    if scope is body or any(node.tag == "h1" for node in _all(scope)):
        return None
    title = _letters(tree.title + " ".join(content for name, content in tree.metas if name == "og:title"))
    outside = [node for node in _all(body) if node.tag == "h1" and node.letters]
    return next((node for node in outside if len(words := _letters(_words(node))) > 8 and words in title), None)


def _words(node: Node) -> str:
    return "".join(part if isinstance(part, str) else _words(part) for part in node.parts)


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _prune(node: Node, root: Node, unwanted: Judge) -> None:
    """Take out the blocks that are unwanted, unless nearly nothing would be left."""
    found = list(_outermost(node, unwanted))
    if root.letters - sum(block.letters for block in found) < _FEWEST_LEFT:
        return
    gone = {id(block) for block in found}
    for block in [node, *_all(node)]:
        block.parts[:] = [part for part in block.parts if isinstance(part, str) or id(part) not in gone]
    root.letters -= sum(block.letters for block in found)
    root.linked -= sum(block.linked for block in found)


def _outermost(node: Node, unwanted: Judge) -> Iterable[Node]:
    """The blocks that are unwanted and in none that is."""
    waiting = [(node, block) for block in node.blocks]
    while waiting:
        parent, block = waiting.pop()
        if unwanted(block, parent):
            yield block
        else:
            waiting += [(block, inner) for inner in block.blocks]


def _is_navigation(node: Node, parent: Node) -> bool:
    """True for what the page's own tags call navigation, and for notes on cookies."""
    if node.tag == "footer":
        return parent.tag in _PAGE or node.linked > _LINKED * node.letters
    if node.tag == "nav" or node.attributes.get("role", "").lower() in _NAVIGATION_ROLES:
        return True
    return not _ALWAYS.isdisjoint(_names(node)) and node.letters < _LONGEST_NOTE and not _has_title(node)


def _leads_elsewhere(node: Node, parent: Node) -> bool:
    """True for what its names and its links show to be no words of the article: lists of links, notes, small forms."""
    if not node.letters or node.tag in ("td", "th", "tr"):
        return False
    linked = node.linked > _LINKED * node.letters
    names = _names(node)
    return (
        _is_navigation(node, parent)
        or bool(names and _NO_PRINT.search(node.attributes.get("class", "")))
        or (linked and node.tag in ("header", "aside"))
        or (linked and node.links > 1 and not _WHERE_LINKED.isdisjoint(names))
        or (node.letters < _LONGEST_FORM and not _FORMS.isdisjoint(names))
    ) and not _has_title(node)


def _has_title(node: Node) -> bool:
    return any(block.tag == "h1" and block.letters for block in [node, *_all(node)])


def _names(node: Node) -> Set[str]:
    """The words of a block's classes and id, in lower case; and compound names whole."""
    if not node.attributes:
        return frozenset()
    given = f"{node.attributes.get('class', '')} {node.attributes.get('id', '')}"
    words = {word.lower() for word in _WORD.findall(given)}
    return words | {name.lower().replace("-", "").replace("_", "") for name in given.split()}
