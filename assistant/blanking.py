"""Blanking: a kept answer without the words of a document that was removed."""

from __future__ import annotations

from typing import Any

BLANK = "[removed with its document]"


def blanked(receipt: dict[str, Any], document_id: str) -> dict[str, Any]:
    """A receipt without a document's words: its quotes and their surroundings, the statements that rest on them."""
    # A follow-up may have been completed with words of the document.
    receipt["question"]["standalone"] = receipt["question"]["asked"]
    numbers = set()
    for citation in receipt["citations"]:
        if citation["document_id"] == document_id:
            citation.update(quote="", prefix="", suffix="", heading="", title="", source="", highlight=None)
            citation["warning"] = None
            numbers.add(citation["number"])
    for closest in receipt["closest"]:
        if closest["document_id"] == document_id:
            closest.update(text="", heading="", title="", source="")
    if numbers:
        for statement in receipt["statements"]:
            if numbers & set(statement["citations"]):
                statement["text"] = BLANK
                # They name what the statement or the document says.
                statement.update(faults=[], notes=[])
        receipt["text"] = BLANK
    # A server's message may repeat what it was sent.
    for place, said in (("trace", "fallback"), ("question", "set_aside")):
        if receipt[place].get(said):
            receipt[place][said] = BLANK
    if numbers or any(hit["passage_id"].startswith(f"{document_id}:") for hit in receipt["trace"]["hits"]):
        # What a model wrote, and what of it was dropped, may rest on any passage that it was shown.
        if receipt["trace"].get("written"):
            receipt["trace"]["written"] = BLANK
        for dropped in receipt["dropped"]:
            dropped["text"] = ""
            # What stands behind the colon names what the statement says.
            dropped["reason"] = dropped["reason"].partition(":")[0]
            dropped["pointer"] = None
    return receipt
