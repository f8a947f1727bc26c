"""The HTTP door: the calls of the contract and the chat page. Only this package imports FastAPI."""

from assistant.api.app import create_app

__all__ = ["create_app"]
