"""Suspicion: does a text give orders to a language model, or forge what one is shown?

By patterns, in several languages, on a text without invisible signs, look-alike letters and letters apart. It judges
no intent, and finds no order that reads like any other sentence. What it finds is told, never taken out.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

# How much of a text is shown around what was found, in code points.
LONGEST_EXCERPT = 120
_FEWEST = 20
_MOST_ENCODED = 200
# How far from one of its words a pattern is looked for.
_AROUND = 200

_I, _M = re.IGNORECASE, re.MULTILINE
# Where an order begins: a sentence, what follows a comma or a colon, or a word that asks for it.
_START = r"(?:^|[.!?:;,…\"“”'‘’(\[{>»*#-]\s*|\b(?:please|must|should|shall|now|then|and|to|por favor|bitte|molim)\s+)"
_ANSWER = r"(?:answers?|response(?:'s)?|reply|replies|outputs?|message|final answer|summary)"
_MODEL = r"(?:A\.?I\.?|LLMs?|(?:large )?language models?|chat-?bots?|(?:AI|virtual) (?:assistants?|models?|agents?))"

_ORDINAL = r"[\[【]\d{1,2}\.\d{1,2}(?:\s?[,;]\s?\d{1,2}\.\d{1,2})*[\]】]"


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern, and words of which one is in every text that it fits: those are looked for first, being cheap."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]


def _rule(words: str, pattern: str, flags: int = _I | _M) -> _Rule:
    return _Rule(tuple(words.split(";")), re.compile(pattern, flags))


_OVERRIDES = (
    _rule(
        "ignore;disregard;forget;overlook;override;bypass;follow",
        r"\b(?:ignore|disregard|forget|overlook|override|bypass|(?:do not|don't|stop) follow(?:ing)?)\b"
        r"(?:[^\w.!?]+\w+){0,4}?[^\w.!?]+(?:previous|prior|above|preceding|earlier|foregoing|your|these|system|initial|"
        r"original|all|any|other)\b(?:[^\w.!?]+\w+){0,3}?[^\w.!?]+(?:instructions?|prompts?|directives?|directions|"
        r"guidelines|programming|(?<=your )(?:orders|rules|training)|(?<=all your )rules)\b",
    ),
    _rule(
        "ignore;disregard;forget;overlook",
        r"\b(?:ignore|disregard|forget|overlook)\s+(?:about\s+)?(?:the above\b(?!-)|all (?:of )?(?:the above|that)\b|"
        r"(?:every?thing|anything|all|what)(?: that)?(?: is| was| were)?(?: written| said)?"
        r"(?: above| before this| (?:that )?you(?:'ve| have| were)(?: been)? (?:told|instructed|given))|"
        r"(?:all )?those rules)",
    ),
    _rule("ignor;olvid;omiso", r"\b(?:ignor[ae]d?|olvid[ae]d?|(?:haz|haga) caso omiso)\b[^.!?]{0,40}"
          r"\b(?:instrucciones|órdenes|indicaciones)\b"),
    _rule("ignor;oubli", r"\b(?:ignore[zr]?|oublie[zr]?)\b[^.!?]{0,40}\b(?:instructions|consignes)\b[^.!?]{0,20}"
          r"\b(?:précédentes|antérieures|ci-dessus)"),
    _rule("ignorier;vergiss;vergessen;missacht",
          r"\b(?:ignorieren? sie|ignoriere?|vergiss|vergessen sie|missachte\w*)\b[^.!?]{0,40}"
          r"\b(?:anweisungen|anleitungen|vorgaben|befehle)\b"),
    _rule("istruzioni", r"\b(?:ignora|ignorate|dimentica|dimenticate)\b[^.!?]{0,40}\bistruzioni\b"),
    _rule("instruções", r"\b(?:ignore|ignora|esqueça)\b[^.!?]{0,40}\binstruções\b"),
    _rule("ignori;zanemari;zaboravi", r"\b(?:ignori[sš]i(?:te)?|ignoriraj(?:te)?|zanemari(?:te)?|zaboravi(?:te)?)\b"
          r"[^.!?]{0,40}\b(?:uput[eau]|uputstva?|instrukcij[ea]|naredb[ea]|naputke)\b"),
    _rule("игнори;занемари;заборави;забуд",
          r"\b(?:игнориши(?:те)?|занемари(?:те)?|заборави(?:те)?|игнорир\w+|забуд\w+)\b[^.!?]{0,40}"
          r"\b(?:упутств\w+|инструкциј\w+|наредб\w+|инструкци\w+|указани\w+)\b"),
    _rule("αγνοήστε;지시;指示;指令;命令;निर्देश;تجاهل",
          r"αγνοήστε[^.]{0,40}οδηγίες|지시(?:사항)?.{0,10}무시|(?:指示|命令|指令).{0,8}無視|忽略.{0,10}(?:指示|指令|说明)|"
          r"निर्देशों.{0,20}अनदेखी|تجاهل.{0,30}(?:التعليمات|الأوامر)"),
)  # fmt: skip

_ROLES = (
    _rule("you are", r"\byou are (?:now|about to|no longer)\b[^.!?]{0,80}\b(?:AI|DAN|GPT\w*|assistant|(?:chat)?bot|"
          r"language model|jailbroken|unrestricted)\b"),
    _rule("do anything now;developer mode;jailbreak", r"\bdo anything now\b|\bdeveloper mode (?:is )?(?:on|enabled)\b"),
    _rule("mode", r"\b(?:GOD|SYSTEM|ADMIN|DEBUG|OVERRIDE|MAINTENANCE) MODE\b", 0),
    _rule("as an ai;as your;m your;of your system;answer all",
          r"\bas an AI (?:language model|assistant|developed|created|trained|model)\b|"
          r"\bas your (?:creator|developer|administrator),|\bI'?a?m your (?:creator|developer|maintainer)\b|"
          r"\bmaintainer of your system\b|\byou (?:have to|must) answer all (?:of )?my questions\b"),
    _rule("reading this;if you are;instructions for;attention;note to;note for;message to;message for;notice to;dear",
          rf"\b{_MODEL}\b.{{0,20}}\breading this\b|\bif you are an? (?:automated |artificial )?{_MODEL}\b|"
          rf"\b(?:note|message|notice|instructions?|attention)(?: (?:to|for))?:? (?:the |any |all |every )?{_MODEL}\b|"
          rf"\bdear {_MODEL}\b"),
    _rule("si eres;ako si;ако си;wenn du;si tu es", r"\bsi eres (?:un|una) (?:IA|asistente|modelo de lenguaje)\b|"
          r"\bako si (?:AI|jezi[cč]ki model|vje[sš]ta[cč]ka|umjetna|asistent)\b|\bако си (?:језички модел|асистент)|"
          r"\bwenn du (?:ein|eine) (?:KI|Sprachmodell)\b|\bsi tu es (?:un|une) (?:IA|modèle de langage)\b"),
)  # fmt: skip

_DIRECTIONS = (
    # "Add ... to your response", "In your reply, suggest ...".
    _rule(
        "your ",
        _START + r"(?:add|include|integrate|insert|append|modify|augment|enhance|replace|scramble|jumble|rearrange|"
        r"remove|group|render|substitute|combine|convert|misspell|introduce|use|provide|give|write|end|begin|start|"
        r"finish|translate|encode|anagram|format|phrase|keep)\b(?:(?:[^.!?\n]|[.!?](?=\w)|[.!?]['\"”’)])"
        rf"{{0,110}}?\b(?:to|in|into|of|from|for|within))? your (?:\w+ )?{_ANSWER}\b",
    ),
    _rule("in your", rf"(?:^|[.!?]\s+)in your {_ANSWER},? (?:please )?(?:add|suggest|say|state|mention|tease|include|"
          r"write|recommend|tell|claim|use|do not|don't|never|always)\b"),
    _rule("reply;respond;answer", _START + r"(?:always |only |just )?(?:reply|respond|answer)"
          r"(?: (?:only|just|always|instead|simply|every "
          r"questions?|all questions?|the questions?|in full|to (?:this|every|all|any)(?: questions?)?)){0,2} "
          r"(?:with|by (?:saying|writing)|exactly|only)\b(?! (?:yes|no) or)"),
    _rule("say;print;write;output;repeat;respond;reply", _START + r"(?:say|print|write|output|repeat)(?: out)? "
          r"(?:only|exactly|verbatim|nothing but|instead)\b"),
    _rule("answer", r"\b(?:the|your) (?:only |correct |right |true |final )*answers? (?:to (?:any|every|all|each) "
          r"(?:such )?questions? |(?:must|should|shall) always )"),
    _rule("the user;you are asked;anyone asks;somebody asks", r"\b(?:when|if|whenever|whatever) (?:the user|you are|"
          r"anyone|somebody)(?: is)? ask(?:s|ed)\b[^.!?\n]{0,90}\b(?:say|answer|reply|respond|tell|write|print)\b|"
          r"\b(?:do not|don't|never|without) (?:tell(?:ing)?|inform(?:ing)?|mention\w* \w+ to|warn(?:ing)?) the user\b|"
          r"\b(?:tell|inform|convince|persuade|direct|urge|ask) the user (?:that|to|for)\b"),
    _rule("prompt;instructions",
          r"\b(?:reveal|print|repeat|show|output|leak|disclose|send|display|translate|summari[sz]e)\b"
          r"[^.!?\n]{0,40}\b(?:(?:system|hidden|initial|original) (?:prompt|instructions|message)|your (?:\w+ )?"
          r"(?:prompt|instructions))\b"),
    _rule("your", r"\b(?:what(?:'s| is) your|(?:tell|give|show|send) me your|"
          r"(?<!never )(?<!not )(?<!n't )(?:confirm|share|reveal|print) your) "
          r"(?:secret|password|pass ?code|passphrase|access|API|key|system)\b"),
    _rule("responde;contesta;escribe;respuesta", _START + r"(?:responde|contesta|escribe)(?: siempre)? (?:solo|sólo|"
          r"solamente|únicamente|con (?:la|el)|siempre)\b|" + _START + r"\w+[^.!?\n]{0,60}\b(?:en|a) tu respuesta\b"),
    _rule("antwort;répon;rispond", _START + r"(?:antworte (?:nur|ausschließlich|immer)|répond(?:s|ez) (?:uniquement|"
          r"seulement|toujours)|rispondi (?:solo|soltanto|sempre))\b"),
    _rule("odgovor;napiš;napis;reci", _START + r"(?:odgovori|napi[sš]i|reci)(?:te)? "
          r"(?:samo|isklju[cč]ivo|uvijek|uvek)\b|"
          r"\bu (?:svo[gj]?\w*|tvo\w+) odgovor\w?[,]? (?:dodaj|navedi|napi[sš]i|reci|uklju[cč]i)\w*"),
    _rule("одговор;напиши;реци", _START + r"(?:одговори|напиши|реци)(?:те)? (?:само|искључиво|увек)\b"),
)  # fmt: skip

_FORGERIES = (
    _rule("<|", r"<\|/?(?:im_(?:start|end|sep)|system|user|assistant|end(?:_of_text|oftext)|eo[tm]_id|begin_of_text|"
          r"(?:start|end)_header_id|fim_\w+)\|>"),
    _rule("[inst];[/inst];<<sys>>;<</sys>>", r"\[/?INST\]|<</?SYS>>"),
    _rule("</;<s", r"</?(?:system|assistant)(?:[_ -]?(?:prompt|message|instructions?))?>|"
          r"</(?:instructions?|context|documents?|material|passages?)>"),
    _rule("###", r"^#{2,} ?(?:system|instructions?|new instructions?|assistant|response) ?:", _I | _M),
    _rule("system", r"^\W{0,3}(?:new )?system (?:prompt|message|override|instructions?|command)s? ?(?:\]|:)", _I | _M),
    _rule("assistant:", r"^(?:human|user|system) ?:.{0,300}\n+assistant ?:", _I | _M),
    # Ours: a fence that is closed or opened, an ordinal behind a full stop or beside another, the word for silence.
    _rule(">>>;<<<", r">{3,}(?:[^<>]{0,300})<{3,}|<{3,} ?(?:passage|material|end)\b"),
    _rule("[;【", rf"(?<=[.!?]){_ORDINAL}|(?<=[.!?][ \t]){_ORDINAL}|{_ORDINAL}(?:[ ,]*{_ORDINAL})+"),
    _rule("not_in_documents", r"\bNOT_IN_DOCUMENTS\b"),
)  # fmt: skip

_RULES = (*_OVERRIDES, *_ROLES, *_DIRECTIONS, *_FORGERIES)

_APART = re.compile(r"(?<!\w)(?:[^\W\d_][ .*_-]){7,}[^\W\d_](?!\w)")
_SQUEEZED = re.compile(r"ignore|disregard|instruction|systemprompt|password|replywith|answerwith", _I)
_ENCODED = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{24,4000}={0,2}(?![A-Za-z0-9+/=])")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef]"
)
_TAGGED = re.compile("[\U000e0020-\U000e007e]+")
_LATIN, _OTHER = re.compile("[a-zA-Z]"), re.compile("[\u0370-\u03ff\u0400-\u04ff]")
_LETTERS = re.compile(r"[^\W\d_]+")
# Letters of Cyrillic and Greek that look like Latin ones.
_ALIKE = str.maketrans(
    "аеорсухіјѕԁԛһАВЕКМНОРСТХІЈЅαοερνικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdqhABEKMHOPCTXIJSaoepvikABEZHIKMNOPTYX",
)


def excerpt(text: str) -> str | None:
    """The first words of a text that address a model or forge what one is shown, on one line; None where none do."""
    plain = _plain(text)
    first = min((match.start() for match in _found(plain)), default=None)
    if first is None:
        return None
    cut = plain[first : first + 2 * LONGEST_EXCERPT].lstrip(" \t\n.!?:;,…")
    # What forges a message goes over several lines; else a line is enough.
    line = cut.find("\n", _FEWEST)
    words = " ".join((cut if line < 0 else cut[:line]).split())
    if len(words) <= LONGEST_EXCERPT:
        return words
    return f"{words[:LONGEST_EXCERPT].rpartition(' ')[0] or words[:LONGEST_EXCERPT]}…"


def is_order(text: str) -> bool:
    """Whether anything in a text addresses a model or forges what one is shown."""
    return next(_found(_plain(text)), None) is not None


def _found(plain: str) -> Iterator[re.Match[str]]:
    """The first match of every rule that fits."""
    lowered = _lowered(plain)
    for rule in _RULES:
        match = next(_matches(rule, plain, lowered), None)
        if match is not None:
            yield match
    for apart in _APART.finditer(plain):
        if _SQUEEZED.search(re.sub(r"[\W_]", "", apart[0])):
            yield apart
            break
    for encoded in islice(_ENCODED.finditer(plain), _MOST_ENCODED):
        words = _decoded(encoded[0])
        if any(rule.pattern.search(words) for rule in _RULES):
            yield encoded
            break


def _matches(rule: _Rule, plain: str, lowered: str) -> Iterator[re.Match[str]]:
    """The matches of a rule around its words; elsewhere there are none."""
    for word in rule.words:
        place = lowered.find(word)
        while place >= 0:
            start, end = max(0, place - _AROUND), place + _AROUND
            # Words that stand near each other are looked at together: so no text takes longer than its length.
            while 0 <= (place := lowered.find(word, place + 1)) <= end:
                end = place + _AROUND
            match = rule.pattern.search(plain, start, end)
            if match is not None:
                yield match


def _lowered(plain: str) -> str:
    """In lower case, each letter in its place."""
    lowered = plain.lower()
    if len(lowered) == len(plain):
        return lowered
    return "".join(small if len(small := sign.lower()) == 1 else sign for sign in plain)


def _plain(text: str) -> str:
    """A text as it looks: without invisible signs, wide and styled letters as plain ones, look-alikes as their like."""
    if text.isascii():
        return text
    # Signs that nobody can see and that stand for letters are how a text is smuggled past a reader.
    text = _TAGGED.sub(lambda match: " " + "".join(chr(ord(sign) - 0xE0000) for sign in match[0]) + " ", text)
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).replace("’", "'")
    return _LETTERS.sub(_of_one_script, text) if _OTHER.search(text) and _LATIN.search(text) else text


def _of_one_script(word: re.Match[str]) -> str:
    """A word whose letters are of two scripts, in one of them; others as they are."""
    mixed = _LATIN.search(word[0]) and _OTHER.search(word[0])
    return word[0].translate(_ALIKE) if mixed else word[0]


def _decoded(encoded: str) -> str:
    """The words that are encoded in base 64; nothing where no words are."""
    if len(encoded) % 4:
        return ""
    try:
        words = base64.b64decode(encoded, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return words if words.isprintable() or words.replace("\n", " ").isprintable() else ""
