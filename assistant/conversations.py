"""Conversations and their answers, kept whole as receipts in `conversations.sqlite`.

An answer is kept as the contract's JSON (`assistant.rendering`) and never changed, but for two things: feedback, and
the quotes of a document that is removed, which are blanked.
"""

from __future__ import annotations

import datetime
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from assistant.answers import Answer
from assistant.blanking import blanked
from assistant.rendering import contract, from_contract
from index.catalog.tables import open_engine, writing
from index.errors import InvalidInput, NotFound

FILE_NAME = "conversations.sqlite"
LONGEST_TITLE = 200

_metadata = MetaData()

_conversations = Table(
    "conversations",
    _metadata,
    Column("id", String, primary_key=True),
    Column("title", String, nullable=False),
    Column("collection", String, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("updated_at", DateTime, nullable=False),
    # Counts every change of any conversation: what lists are ordered and paged by.
    Column("touched", Integer, nullable=False, index=True),
)
_answers = Table(
    "answers",
    _metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("conversation_id", String, ForeignKey("conversations.id"), nullable=False, index=True),
    Column("receipt", Text, nullable=False),
    sqlite_autoincrement=True,
)
_cited = Table(
    "cited",
    _metadata,
    Column("document_id", String, primary_key=True),
    Column("answer_id", String, ForeignKey("answers.id"), primary_key=True),
)
_feedback = Table(
    "feedback",
    _metadata,
    Column("answer_id", String, ForeignKey("answers.id"), primary_key=True),
    Column("helpful", Integer, nullable=False),
    Column("comment", Text),
    Column("given_at", DateTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class ConversationEntry:
    """A conversation as a list shows it; times in UTC."""

    id: str
    title: str
    turns: int
    collection: str
    created_at: datetime.datetime
    updated_at: datetime.datetime


class ConversationStore(Protocol):
    """Keeps conversations. Unknown ids raise `NotFound`."""

    def entries(self, *, limit: int = 50, after: str | None = None) -> tuple[tuple[ConversationEntry, ...], str | None]:
        """Conversations, the latest first, and the cursor for the next of them."""
        ...

    def entry(self, conversation_id: str) -> ConversationEntry:
        """One conversation."""
        ...

    def answers(self, conversation_id: str) -> tuple[Answer, ...]:
        """Its answers in order."""
        ...

    def answer(self, answer_id: str) -> Answer:
        """An answer as it was given."""
        ...

    def keep(self, answer: Answer, collection: str) -> None:
        """Keep an answer as the next turn of its conversation, which is made where it is new."""
        ...

    def rename(self, conversation_id: str, title: str) -> ConversationEntry:
        """Give a conversation another title; raises `InvalidInput` for a blank or over-long one."""
        ...

    def remove(self, conversation_id: str) -> None:
        """Remove a conversation with its answers."""
        ...

    def forget_document(self, document_id: str) -> int:
        """Blank a removed document's words in all kept answers; returns in how many."""
        ...

    def feedback(self, answer_id: str, helpful: bool, comment: str | None) -> None:
        """Note whether an answer helped; a later word replaces an earlier one."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...


def new_id(kind: str) -> str:
    """A fresh opaque id: `a...` for an answer, `c...` for a conversation."""
    return f"{kind}{secrets.token_hex(8)}"


class SqliteConversations:
    """`ConversationStore` in the data directory; any process may write."""

    def __init__(self, data_dir: Path) -> None:
        self._engine = open_engine(data_dir / FILE_NAME, _metadata)
        self._writer = writing(self._engine)

    def entries(self, *, limit: int = 50, after: str | None = None) -> tuple[tuple[ConversationEntry, ...], str | None]:
        """See `ConversationStore`; raises `InvalidInput` for a cursor that no list gave."""
        statement = _entries().order_by(_conversations.c.touched.desc()).limit(limit + 1)
        if after is not None:
            if not after.isdecimal():
                raise InvalidInput(f"the cursor {after!r} is none that a list gave as its `next`")
            statement = statement.where(_conversations.c.touched < int(after))
        with self._engine.begin() as connection:
            rows = connection.execute(statement).all()
        return tuple(_to_entry(row) for row in rows[:limit]), str(rows[limit - 1].touched) if len(
            rows
        ) > limit else None

    def entry(self, conversation_id: str) -> ConversationEntry:
        """See `ConversationStore`."""
        with self._engine.begin() as connection:
            row = connection.execute(_entries().where(_conversations.c.id == conversation_id)).one_or_none()
        if row is None:
            raise _no_conversation(conversation_id)
        return _to_entry(row)

    def answers(self, conversation_id: str) -> tuple[Answer, ...]:
        """See `ConversationStore`."""
        self.entry(conversation_id)
        statement = select(_answers.c.receipt).where(_answers.c.conversation_id == conversation_id)
        with self._engine.begin() as connection:
            receipts = list(connection.execute(statement.order_by(_answers.c.number)).scalars())
        return tuple(from_contract(json.loads(receipt)) for receipt in receipts)

    def answer(self, answer_id: str) -> Answer:
        """See `ConversationStore`."""
        with self._engine.begin() as connection:
            receipt = connection.execute(select(_answers.c.receipt).where(_answers.c.id == answer_id)).scalar()
        if receipt is None:
            raise _no_answer(answer_id)
        return from_contract(json.loads(receipt))

    def keep(self, answer: Answer, collection: str) -> None:
        """See `ConversationStore`."""
        now = _now()
        named = {citation.document_id for citation in answer.citations} | {item.document_id for item in answer.closest}
        named |= {hit.passage_id.split(":", 1)[0] for hit in answer.trace.hits}
        with self._writer.begin() as connection:
            touched = select(func.coalesce(func.max(_conversations.c.touched), 0) + 1).scalar_subquery()
            conversation = insert(_conversations).values(
                id=answer.conversation_id, title=answer.question.asked[:LONGEST_TITLE], collection=collection,
                created_at=now, updated_at=now, touched=touched,
            )  # fmt: skip
            connection.execute(
                conversation.on_conflict_do_update(index_elements=["id"], set_={"updated_at": now, "touched": touched})
            )
            connection.execute(
                insert(_answers).values(
                    id=answer.id, conversation_id=answer.conversation_id, receipt=_dumped(contract(answer))
                )
            )
            if answer.question.standalone != answer.question.asked:
                # It may have been completed with words of what earlier answers named.
                earlier = select(_cited.c.document_id).join(_answers, _cited.c.answer_id == _answers.c.id)
                of_conversation = earlier.where(_answers.c.conversation_id == answer.conversation_id)
                named |= set(connection.execute(of_conversation).scalars())
            if named:
                rows = [{"document_id": name, "answer_id": answer.id} for name in sorted(named)]
                connection.execute(insert(_cited), rows)

    def rename(self, conversation_id: str, title: str) -> ConversationEntry:
        """See `ConversationStore`."""
        title = " ".join(title.split())
        if not title or len(title) > LONGEST_TITLE:
            raise InvalidInput(f"a title has 1 to {LONGEST_TITLE} characters, this one {len(title)}")
        with self._writer.begin() as connection:
            statement = update(_conversations).where(_conversations.c.id == conversation_id)
            connection.execute(statement.values(title=title))
        return self.entry(conversation_id)

    def remove(self, conversation_id: str) -> None:
        """See `ConversationStore`."""
        self.entry(conversation_id)
        with self._writer.begin() as connection:
            of = select(_answers.c.id).where(_answers.c.conversation_id == conversation_id)
            connection.execute(delete(_cited).where(_cited.c.answer_id.in_(of)))
            connection.execute(delete(_feedback).where(_feedback.c.answer_id.in_(of)))
            connection.execute(delete(_answers).where(_answers.c.conversation_id == conversation_id))
            connection.execute(delete(_conversations).where(_conversations.c.id == conversation_id))

    def forget_document(self, document_id: str) -> int:
        """See `ConversationStore`."""
        statement = (
            select(_answers.c.id, _answers.c.receipt)
            .join(_cited, _cited.c.answer_id == _answers.c.id)
            .where(_cited.c.document_id == document_id)
        )
        with self._writer.begin() as connection:
            rows = connection.execute(statement).all()
            for row in rows:
                receipt = _dumped(blanked(json.loads(row.receipt), document_id))
                connection.execute(update(_answers).where(_answers.c.id == row.id).values(receipt=receipt))
            connection.execute(delete(_cited).where(_cited.c.document_id == document_id))
        return len(rows)

    def feedback(self, answer_id: str, helpful: bool, comment: str | None) -> None:
        """See `ConversationStore`."""
        self.answer(answer_id)
        given = {"helpful": int(helpful), "comment": comment, "given_at": _now()}
        with self._writer.begin() as connection:
            connection.execute(
                insert(_feedback)
                .values(answer_id=answer_id, **given)
                .on_conflict_do_update(index_elements=["answer_id"], set_=given)
            )

    def close(self) -> None:
        """See `ConversationStore`."""
        self._engine.dispose()


def _entries() -> Any:
    turns = select(func.count()).where(_answers.c.conversation_id == _conversations.c.id).scalar_subquery()
    return select(_conversations, turns.label("turns"))


def _to_entry(row: Row[*tuple[Any, ...]]) -> ConversationEntry:
    return ConversationEntry(
        id=row.id,
        title=row.title,
        turns=row.turns,
        collection=row.collection,
        created_at=row.created_at.replace(tzinfo=datetime.UTC),
        updated_at=row.updated_at.replace(tzinfo=datetime.UTC),
    )


def _dumped(receipt: dict[str, Any]) -> str:
    return json.dumps(receipt, ensure_ascii=False)


def _no_conversation(conversation_id: str) -> NotFound:
    return NotFound(f"no conversation {conversation_id!r} is kept: list the conversations, or ask without one")


def _no_answer(answer_id: str) -> NotFound:
    return NotFound(f"no answer {answer_id!r} is kept: the conversations list what is")


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
