"""The patterns of what addresses a language model, in several languages, and of what forges a message or our own marks.

Most are enough for a warning only: they fit a letter now and then. A `certain` one says what nothing but an order to a
model says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_I, _M = re.IGNORECASE, re.MULTILINE
# Where an order begins: a sentence, what follows a comma or a colon, or a word that asks for it.
_START = r"(?:^|[.!?:;,…\"“”'‘’(\[{>»*#-]\s*|\b(?:please|must|should|shall|now|then|and|to|por favor|bitte|molim)\s+)"
_ANSWER = r"(?:answers?|response(?:'s)?|reply|replies|outputs?|final answer)"
# What an office asks to be told in an answer.
_OFFICE = (
    r"(?:numbers?|names?|receipts?|invoices?|forms?|cop(?:y|ies)|dates?|details|references?|polic(?:y|ies)|address|"
    r"contacts?|availability|signatures?|documents?|reasons?|comments|calculations?|working|units|evidence)"
)
_MODEL = r"(?:A\.?I\.?|LLMs?|(?:large )?language models?|chat-?bots?|(?:AI|virtual) (?:assistants?|models?|agents?))"

_ORDINAL = r"[\[【]\d{1,2}\.\d{1,2}(?:\s?[,;]\s?\d{1,2}\.\d{1,2})*[\]】]"


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern, and words of which one is in every text that it fits: those are looked for first, being cheap."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]
    certain: bool = False


def _rule(words: str, pattern: str, flags: int = _I | _M) -> Rule:
    return Rule(tuple(words.split(";")), re.compile(pattern, flags))


def _certain(words: str, pattern: str, flags: int = _I | _M) -> Rule:
    return Rule(tuple(words.split(";")), re.compile(pattern, flags), certain=True)


# What one is told not to ignore is no order of this kind.
_NOT = r"(?<!\bno )(?<!not )(?<!never )(?<!n't )(?<!nicht )(?<!cannot )(?<!without )"
_WORD = r"(?:[^\w.!?]+\w+)"
_BEFORE = r"(?:previous|prior|above|preceding|earlier|foregoing|initial|original)"
# A word or words that are to be written, as they stand.
_QUOTED = r"""(?: ?: ?)?["“”'‘«„<]"""
_WORDS = r"(?:the|a|this) (?:\w+ )?(?:words?|phrase|sentence|text|string)\b"


_OVERRIDES = (
    _certain(
        "ignore;disregard;forget;follow",
        rf"{_NOT}\b(?:ignore|disregard|forget|(?:do not|don't|stop) follow(?:ing)?)\b(?:"
        rf"{_WORD}{{0,4}}?[^\w.!?]+{_BEFORE}\b{_WORD}{{0,2}}?[^\w.!?]+(?:instructions?|prompts?)\b|"
        rf"{_WORD}{{0,2}}?[^\w.!?]+your (?:\w+ ){{0,2}}(?:instructions?|prompts?|programming)\b|"
        r" (?:all (?:of )?)?the above and (?:answer|reply|respond|say|print|write|output)\b)",
    ),
    _rule(
        "ignore;disregard;forget;overlook;override;bypass;follow",
        rf"(?:{_NOT}\b(?:ignore|disregard|forget|overlook|(?:do not|don't|stop) follow(?:ing)?)|{_START}(?:override|"
        rf"bypass))\b{_WORD}{{0,4}}?[^\w.!?]+(?:{_BEFORE}|your|system|all|any|other)\b(?! \w+'s)"
        rf"{_WORD}{{0,3}}?[^\w.!?]+(?:instructions?|prompts?|directives?|guidelines|programming|"
        r"(?<=your )(?:orders|rules|training)|(?<=all your )rules)\b(?! (?:on|for|of|that|which|from|in|if)\b)",
    ),
    _rule(
        "ignore;disregard;forget;overlook",
        rf"{_NOT}\b(?:ignore|disregard|forget|overlook)\s+(?:about\s+)?(?:(?:all (?:of )?)?the above"
        r"(?=[.,;:!)]|\s*$| and\b)|(?:every?thing|anything|all|what)(?: that)?(?: is| was| were)?(?: written| said)?"
        r"(?: above| before this| (?:that )?you(?:'ve| have| were)(?: been)? (?:told|instructed|given))"
        r"(?=[.,;:!)]|\s*$| and\b)|(?:all )?those rules)",
    ),
    _certain("instrucciones", r"(?<!no )\b(?:ignor[ae]d?|olvid[ae]d?)\b[^.!?]{0,40}\binstrucciones (?:anteriores|"
             r"previas)\b"),
    _certain("anweisungen", r"\b(?:ignoriere?|ignorieren sie|vergiss|vergessen sie)\b(?! nicht)[^.!?]{0,20}"
             r"\b(?:vorherigen|bisherigen|obigen|früheren|vorangegangenen) anweisungen\b"),
    _certain("uput;instrukcij", r"(?<!ne )\b(?:ignori[sš]i(?:te)?|ignoriraj(?:te)?|zanemari(?:te)?|zaboravi(?:te)?)\b"
             r"[^.!?]{0,20}\b(?:prethodn|prija[sš]nj|ranij)\w+ (?:uput\w*|instrukcij[ea])\b"),
    _certain("упутств;инструкц", r"(?<!не )\b(?:игнориши(?:те)?|занемари(?:те)?|заборави(?:те)?|игнорируй\w*|забудь\w*)"
             r"\b[^.!?]{0,20}\b(?:претходн|раниј|предыдущ)\w+ (?:упутств|инструкц)\w+"),
    _rule("ignor;olvid;omiso", r"(?<!no )\b(?:ignor[ae]d?|olvid[ae]d?|(?:haz|haga) caso omiso)\b[^.!?]{0,40}"
          r"\b(?:instrucciones|órdenes|indicaciones)\b"),
    _certain("ignor;oubli", r"\b(?:ignore[zr]?|oublie[zr]?)\b[^.!?]{0,40}\b(?:instructions|consignes)\b[^.!?]{0,20}"
          r"\b(?:précédentes|antérieures|ci-dessus)"),
    _rule("ignorier;vergiss;vergessen;missacht",
          r"\b(?:ignorieren? sie|ignoriere?|vergiss|vergessen sie|missachte\w*)\b[^.!?]{0,40}"
          r"\b(?:anweisungen|anleitungen|vorgaben|befehle)\b(?! nicht)"),
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
    _certain("you are", r"\byou are (?:now|about to|no longer)\b[^.!?]{0,80}\b(?:AI|DAN|GPT\w*|(?:AI|chat|virtual) "
             r"assistant|chat-?bot|language model|jailbroken)\b|\byou are no longer an? (?:\w+ )?assistant\b(?! \w)"),
    _rule("you are", r"\byou are (?:now|about to|no longer)\b[^.!?]{0,80}\b(?:bot|unrestricted)\b"),
    _rule("do anything now;developer mode;jailbreak", r"\bcan do anything now\b|\bdo anything now\b(?=[\"”'’),.])|"
          r"\b(?:GPT\w*|model|AI|DAN)\b.{0,40}\bdeveloper mode (?:is )?(?:on|enabled)\b"),
    _rule("mode", r"\b(?:GOD|OVERRIDE) MODE\b", 0),
    _rule("as an ai;as your;m your;of your system;answer all",
          r"\bas an AI (?:language model|assistant|model|(?:developed|created|trained) by \w+), (?:you|I)\b|"
          r"\bas your (?:creator|developer|administrator),|\bI'?a?m your (?:creator|developer|maintainer)\b|"
          r"\bmaintainer of your system\b|\byou (?:have to|must) answer all (?:of )?my questions\b"),
    _certain("if you are;attention;note to;note for;message to;message for;notice to;instructions for;dear",
             rf"\bif you are an? (?:automated |artificial )?{_MODEL}(?=[.,:;]| (?:reading|that is|and|or)\b)|"
             r"(?:^|[.!?*#>(\[]\s*)(?:(?:important )?(?:note|message|notice|instructions?) (?:to|for):? |"
             rf"attention[,:]? |dear )(?:the |any |all |every )?{_MODEL}(?=\s*[,:!.]| (?:reading|and)\b)"),
    _rule("reading this", rf"\b{_MODEL}\b.{{0,20}}\breading this\b"),
    _certain("si eres;ako si;ако си;wenn du;si tu es", r"\bsi eres (?:un|una) (?:IA|asistente|modelo de lenguaje)\b|"
          r"\bako si (?:AI|jezi[cč]ki model|vje[sš]ta[cč]ka|umjetna|asistent)\b|\bако си (?:језички модел|асистент)|"
          r"\bwenn du (?:ein|eine) (?:KI|Sprachmodell)\b|\bsi tu es (?:un|une) (?:IA|modèle de langage)\b"),
)  # fmt: skip

_MANNER = (
    r"(?:only|just|always|instead|simply|exactly|every questions?|all questions?|the questions?|in full|"
    r"to (?:this|every|all|any)(?: questions?)?)"
)

_DIRECTIONS = (
    # "Add ... to your response", "In your reply, suggest ...".
    _rule(
        "your ",
        _START + r"(?!(?:give|provide|write) your (?:\w+ )?answers? (?:to|by|before|on|in the|in ink)\b)"
        r"(?:add|include|integrate|insert|append|modify|augment|enhance|replace|scramble|jumble|rearrange|"
        r"remove|group|render|substitute|combine|convert|misspell|introduce|use|provide|give|write|end|begin|start|"
        rf"finish|translate|encode|anagram|format|phrase|keep)\b(?:(?:(?!\b{_OFFICE}\b)(?:[^.!?\n]|[.!?](?=\w)|"
        rf"[.!?]['\"”’)])){{0,110}}?\b(?:to|in|into|of|from|for|within))? your (?:\w+ )?{_ANSWER}\b",
    ),
    _rule("in your", rf"(?:^|[.!?]\s+)in your {_ANSWER},? (?:add|suggest|say|state|mention|tease|include|"
          rf"write|recommend|tell|claim|use|do not|don't|never|always)\b(?![^.!?\n]{{0,40}}\b{_OFFICE}\b)"),
    _rule("reply;respond;answer", _START + r"(?:(?:always|only|just) (?:reply|respond|answer)|(?:reply|respond|answer)"
          rf"(?= {_MANNER}))(?: {_MANNER}){{0,2}} (?:with|by (?:saying|writing))(?: (?:only|just|exactly))?"
          rf"(?: ?{_QUOTED}| {_WORDS})"),
    _rule("reply;respond;answer;say;print;write;output", _START + r"(?:(?:reply|respond|answer)(?: with| by (?:saying|"
          rf"writing))?|say|print|write|output)(?: {_WORDS})?:? [\"“«„][^\"”»\n]{{2,60}} "),
    _rule("say;print;write;output;repeat;respond;reply", _START + r"(?:say|print|write|output|repeat|respond|reply)"
          rf"(?: out)?(?: (?:only|exactly|verbatim|nothing but|instead))+ ?{_QUOTED}"),
    _rule("answer", r"\b(?:the|your) (?:only |correct |right |true |final )+answers? (?:to (?:any|every|all|each) "
          rf"(?:such )?questions? (?:is|must be|should be)) ?{_QUOTED}"),
    _certain("the user asks", r"\b(?:when|if|whenever|whatever) the user asks\b[^.!?\n]{0,90}?\b(?:say|answer|reply|"
             rf"respond|write|print)(?: with| that)?(?:: ?\w| ?{_QUOTED})"),
    _rule("you are asked;anyone asks;somebody asks", r"\b(?:when|if|whenever|whatever) (?:you are|anyone|somebody)"
          r"(?: is)? ask(?:s|ed)\b[^.!?\n]{0,90}?\b(?:(?:say|answer|reply|respond|write|print)(?: with| that)?"
          rf"(?:: ?\w| ?{_QUOTED})|tell the user that)|\b(?:write|say|print|repeat)\b[^.!?\n]{{0,40}} "
          r"whatever you are asked"),
    _rule("the user", r"(?:^|[.!?:;]\s+)(?:do not|don't|never) (?:tell|inform|warn) the user\b"),
    _rule("prompt;instructions;message",
          _START + r"(?:reveal|print|repeat|show|output|leak|disclose|send|display|translate|summari[sz]e)\b"
          r"[^.!?\n]{0,40}?\b(?:your (?:\w+ )?prompt|your (?:system|hidden|initial|original|secret) (?:instructions|"
          r"message)|(?<!to reveal )the (?:system|hidden) prompt)\b"),
    _rule("your", r"\b(?:what(?:'s| is) your|(?:tell|give|show|send) me your|"
          r"(?<!never )(?<!not )(?<!n't )(?:reveal|print) your) "
          r"(?:secret (?:key|code|word|pass\w*)|password|pass ?code|passphrase|(?:access|API) (?:key|code)|"
          r"system (?:prompt|instructions))\b(?!\?[\"”’']?\s)"),
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
    _certain("<|", r"<\|/?(?:im_(?:start|end|sep)|system|user|assistant|end(?:_of_text|oftext)|eo[tm]_id|"
             r"begin_of_text|(?:start|end)_header_id|fim_\w+)\|>"),
    _certain("[inst];[/inst];<<sys>>;<</sys>>", r"\[/?INST\]|<</?SYS>>"),
    _certain("</;<s;<a", r"</?(?:system|assistant)[_ -]?(?:prompt|message|instructions?)>|</(?:instructions?|context|"
             r"documents?|material|passages?)>\s{0,9}</?(?:system|assistant|user|instructions?)>"),
    _rule("###", r"^#{3,} ?(?:system|instruction|new instructions?|assistant|response) ?:"),
    _certain("system", r"^\W{0,3}(?:new )?system (?:override|prompt) ?(?:\]|:)|^\W{0,3}new system (?:message|"
             r"instructions?|command)s? ?(?:\]|:)"),
    _rule("assistant:", r"^(?:human|user|system) ?:.{0,300}\n{1,9}assistant ?:"),
    # Ours: a fence that is closed or opened, an ordinal behind a sentence or beside another, the word for silence.
    # A run of signs begins once: else each of them would be where one begins.
    _rule(">>>", r"(?<!>)>{3,}[^<>]{0,300}<{3,}"),
    _certain("<<<", r"(?<!<)<{3,} ?(?:passage|material|end)\b"),
    _rule("[;【", rf"(?:(?<=[.!?])|(?<=[.!?][ \t])){_ORDINAL}(?-i:(?![ \t]?[^\W\d_A-Z]))(?=\s*(?:$|\w|[\[【]))|"
          rf"【\d{{1,2}}\.\d{{1,2}}】(?:[ ,]?{_ORDINAL})+"),
    _certain("not_in_documents", r"\bNOT_IN_DOCUMENTS\b"),
)  # fmt: skip

RULES = (*_OVERRIDES, *_ROLES, *_DIRECTIONS, *_FORGERIES)
