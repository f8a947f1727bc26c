"""The assistant's own errors, below the one tree of `index.errors`.

DossierError
├── InvalidInput
│   ├── InvalidQuestion     empty, blank or over-long
│   └── InvalidSettings     an unknown key, or a value that does not fit
├── ModelUnavailable        the chat model cannot be loaded or reached
│   └── FormRefused         it can, but its text cannot be held to a form
└── PromptError             a prompt file that is malformed, or rendered with other inputs than it declares
"""

from __future__ import annotations

from index.errors import DossierError, InvalidInput, ModelUnavailable


class InvalidQuestion(InvalidInput):
    """A question that cannot be asked."""


class InvalidSettings(InvalidInput):
    """A setting that is unknown or has an impossible value."""


class FormRefused(ModelUnavailable):
    """A chat model, or its server, that takes no grammar or JSON schema."""


class PromptError(DossierError):
    """A prompt that cannot be loaded or rendered."""
