"""The English words that condensing goes by: those that say nothing alone, and those that say how a question is made.

Closed lists and no grammar. Other languages are told by the absence of these words, roughly, and left alone.
"""

from __future__ import annotations

import re


def listed(text: str) -> frozenset[str]:
    """A list of words, written as one text."""
    return frozenset(text.split())


WH = listed("who whom whose what which when where why how")
AUXILIARIES = listed(
    "is are was were am be been being do does did has have had can could will would shall should may might must "
    "isn't aren't wasn't weren't doesn't don't didn't hasn't haven't hadn't can't couldn't won't wouldn't shouldn't "
    "what's who's where's how's it's that's there's"
)
IMPERATIVES = listed("tell describe explain give list name show compare summarize summarise define find")
PREPOSITIONS = listed(
    "in on at of for from to by with without about between among against into during before after since until "
    "through over under within outside inside near across behind beyond per via as than like"
)
PRONOUNS = listed(
    "i you he she it we they me him her us them my your his hers its our their theirs mine yours himself herself "
    "itself themselves one ones this that these those there here someone anyone somebody something anything"
)
DETERMINERS = listed("a an the some any each every no all both such other another many much more most few")
CONJUNCTIONS = listed("and or but nor so if because while although though whether then else yet")
FILLERS = listed(
    "not too also just only even still now again ever never very really please ok okay thanks yes well instead "
    "first last next s t re ll ve interesting exactly actually"
)
# Verbs and nouns that any question may have and that say nothing of what it is about.
COLOURLESS = listed(
    "happen happened happens go come came get got make made use used know tell me say said mean means kind kinds type "
    "types sort sorts way ways thing things example examples long old often far big large important main different "
    "difference information"
)
# What anything may have: a question for these is about what has them.
ASPECTS = listed(
    "advantage advantages aspect aspects benefit benefits cause causes characteristic characteristics differences "
    "effect effects factor factors feature features finding findings impact importance problem problems pros cons "
    "purpose purposes reason reasons result results risk risks role similarities symptom symptoms treatment treatments "
    "use uses"
)
FUNCTION = (
    WH | AUXILIARIES | IMPERATIVES | PREPOSITIONS | PRONOUNS | DETERMINERS | CONJUNCTIONS | FILLERS
)  # fmt: skip

# Words of the languages around us that no English question has outside a name.
_FOREIGN = listed(
    "und ist das der wie wer et est les des une que qué y en el los las por quién cuándo dónde cómo cuántos "
    "cuántas una del sono che di il koliko ko što šta gde kako je u na i da za su"
) - {"i"}

WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?(?:[-–][^\W_]+(?:['’][^\W\d_]+)?)*")


def words(text: str) -> list[str]:
    """The words of a text in lower case, possessives off."""
    return [bare(match[0]).lower() for match in WORD.finditer(text)]


def bare(word: str) -> str:
    """A word without its possessive ending."""
    return re.sub(r"['’]s$|(?<=s)['’]$", "", word)


def content(text: str) -> list[str]:
    """The words of a text that say what it is about, in order."""
    return [word for word in words(text) if word not in FUNCTION]


def is_english(text: str) -> bool:
    """Whether the rules may touch a text: it has English function words, or nothing but names and numbers."""
    found = [match[0] for match in WORD.finditer(text)]
    if not found or "¿" in text or "¡" in text:
        return False
    for place, word in enumerate(found):
        # Names keep their articles: Los Choneros, El Oro, Santiago de Chile.
        in_name = place + 1 < len(found) and word[0].isupper() and found[place + 1][0].isupper()
        if word.lower() in _FOREIGN and not in_name:
            return False
    if any(word.lower().replace("’", "'") in FUNCTION for word in found):
        return True
    return all(word[0].isupper() or word[0].isdigit() for word in found)
