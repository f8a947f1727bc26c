"""Which language a short text is in, by the little words that no question does without.

Told only where one language has more of them than any other: a guess from three letters would refuse good questions.
"""

from __future__ import annotations

from assistant.condensing.words import AUXILIARIES, DETERMINERS, PREPOSITIONS, PRONOUNS, WH, WORD, listed

_LITTLE = {
    "en": WH | AUXILIARIES | DETERMINERS | PREPOSITIONS | PRONOUNS | listed("and or but not"),
    "es": listed(
        "el la los las un una de del y en que qué quién quiénes cuándo dónde cómo cuál cuáles cuánto cuántos cuántas "
        "por para con se es fue son su sus hay ha al no más sobre desde hasta está están era"
    ),
    "de": listed(
        "der die das den dem des ein eine einen und in im ist sind war waren wer wie wann wo was warum welche "
        "welcher viele von zu mit auf für nicht hat haben wurde wurden es er sie ihr sein seine bei aus nach seit wird"
    ),
    "fr": listed(
        "le la les un une des du de et est sont était que qui quand où comment combien pourquoi quel quelle quels dans "
        "en au aux pour avec sur il elle ils elles son sa ses a ont été ne pas ce cette depuis"
    ),
    "it": listed(
        "il lo la gli le un una di del della dei e è sono era che chi quando dove come quanto quanti quante perché "
        "quale in nel nella per con su si ha hanno non suo sua da al alla"
    ),
    "pt": listed(
        "o a os as um uma de do da dos das e é são foi que quem quando onde como quanto quantos quantas por para "
        "com se em no na não seu sua mais qual"
    ),
    "ro": listed(
        "și în la de din pe cu este sunt a fost ce cine când unde cum câți câte care pentru nu al ale lui un o s-au au"
    ),
    "sh": listed(
        "je su i u na se da za od sa ko tko što šta kada kad gdje gde kako koliko zašto koji koja koje li nije bio "
        "bila njegov njen ga iz po do"
    ),
    "sq": listed("është janë dhe në të e i së një për me nga që kush kur ku si sa pse cili cila nuk ka ishte"),
}


def language(text: str) -> str | None:
    """The language of a text; None where its little words do not tell."""
    found = [match[0].lower().replace("’", "'") for match in WORD.finditer(text)]
    scores = sorted(((sum(word in little for word in found), name) for name, little in _LITTLE.items()), reverse=True)
    (best, name), (second, _) = scores[:2]
    return name if best > second else None
