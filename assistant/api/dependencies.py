"""What every route may ask for: the opened dossier, and the page of a list that a caller wants."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request

from assistant.assembly import Dossier


def _opened(request: Request) -> Dossier:
    dossier = request.app.state.dossier
    assert isinstance(dossier, Dossier)
    return dossier


Opened = Annotated[Dossier, Depends(_opened)]

Limit = Annotated[int, Query(ge=1, le=500, description="how many items at most")]
After = Annotated[str | None, Query(max_length=500, description="the `next` of the page before")]
Start = Annotated[int | None, Query(ge=0, description="first code point, 0-based")]
End = Annotated[int | None, Query(ge=0, description="code point after the last")]
