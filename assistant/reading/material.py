"""Material: how words that are not ours are shown to a model, so that they can neither leave their fence nor point.

Changes only what is shown. What is quoted is cut from the document, and is what it always was.
"""

from __future__ import annotations

import re
import unicodedata

# The fence around what a model is shown; the prompts name both.
OPEN, CLOSE = "<<<", ">>>"

# What stands for pointers in what a model writes: digits and what separates them, in square or full-width brackets.
# A longer one is no marker, so that a bracket that never closes is not waited for.
OPENING, CLOSING = "[【［", "]】］"
LONGEST_MARKER = 60
_INSIDE = r"\d.,;: \t\u00a0\u202f–．，；、-"
_OPENED = rf"[{re.escape(OPENING)}]"
MARKER = rf"{_OPENED}(?=[^\d{re.escape(CLOSING)}]*\d)[{_INSIDE}]{{1,{LONGEST_MARKER}}}[{re.escape(CLOSING)}]"
# What may still become a marker.
HALF_MARKER = rf"{_OPENED}[{_INSIDE}]{{0,{LONGEST_MARKER}}}"

_MARKER = re.compile(MARKER)
_FENCE = re.compile(r"[<＜﹤]{2,}|[>＞﹥]{2,}")
# What chat templates and models take for the borders of a message; a server may read it anywhere in a prompt.
_BAR = "|｜"
_ROLE = re.compile(
    rf"[<＜﹤]\s?[{_BAR}][^<>＜＞﹤﹥]{{0,60}}?[{_BAR}]\s?[>＞﹥]|[<＜﹤]/?(?:s|bos|eos|pad|unk|(?:start|end)_of_turn|system|"
    r"user|assistant|human|model|tool|instructions?|documents?|material|context)[>＞﹥]|"
    r"[\[［]/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)[\]］]",
    re.IGNORECASE,
)
_TAMED = str.maketrans("<＜﹤>＞﹥[［]］", "‹‹‹›››(())")


def shown(text: str) -> str:
    """A text as a model may see it: on one line, without invisible signs; markers, fences and tags are harmless."""
    visible = "".join(
        sign for sign in text if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    line = " ".join(visible.split())
    line = _ROLE.sub(lambda match: match[0].translate(_TAMED), line)
    line = _MARKER.sub(lambda match: f"({match[0][1:-1]})", line)
    return _FENCE.sub(lambda match: ("‹" if match[0][0] in "<＜﹤" else "›") * len(match[0]), line)


def fenced(label: str, lines: list[str]) -> str:
    """Lines that are material, under a label that says what they are."""
    return "\n".join((f"{OPEN} {label}", *lines, CLOSE))
