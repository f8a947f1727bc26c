"""A learned score of support: how likely the sentences that a statement cites bear it out.

Two kinds are there: `own_support`, which ships with Dossier (a small head on what its reader model makes of a statement
and its quotes), and `entailment`, any model of natural language inference by name or folder.
"""

from __future__ import annotations

DEFAULT_SUPPORT_MODEL = "dossier-support"
NO_SUPPORT_MODEL = "none"
