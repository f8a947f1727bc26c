"""Questions in, checked answers out. The spine is `assistant.answering`; the values are in `assistant.answers`."""

__version__ = "0.1.0"
