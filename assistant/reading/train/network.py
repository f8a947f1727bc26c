"""The network of the reader model: a BERT body with three heads. Needs torch; reading itself does not.

- span: for every token, how well the short answer starts and ends there;
- sentence: for every sentence of the window, how well it answers, comparable between windows;
- answerable: for the window, the log-odds that it answers the question at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import nn
from transformers import BertModel

from assistant.reading.encoding import QUESTION, SENTENCES

DROPOUT = 0.1
# The cosine of two mean vectors lies close to 1: this spreads it.
COSINE_SCALE = 5.0


class Scores(NamedTuple):
    """What the network says of a batch of B windows with L tokens and at most S sentences; no probabilities yet.

    `start` and `end` have shape (B, L), `sentence` (B, S), `answerable` (B,). Sentences that are not there are -10,000.
    """

    start: torch.Tensor
    end: torch.Tensor
    sentence: torch.Tensor
    answerable: torch.Tensor


class ReaderNetwork(nn.Module):
    """Reads windows (see `Scores`). Sentences and question are mean vectors of their tokens, as the body was made."""

    def __init__(self, body: BertModel) -> None:
        super().__init__()
        self.body = body
        width = int(body.config.hidden_size)
        self.dropout = nn.Dropout(DROPOUT)
        self.span = nn.Linear(width, 2)
        self.sentence = nn.Sequential(nn.Linear(4 * width, width), nn.GELU(), nn.Dropout(DROPOUT), nn.Linear(width, 1))
        self.answerable = nn.Sequential(
            nn.Linear(5 * width, width), nn.GELU(), nn.Dropout(DROPOUT), nn.Linear(width, 1)
        )
        self.cosine = nn.Parameter(torch.tensor(COSINE_SCALE))

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        token_type_ids: torch.Tensor,
        segments: torch.Tensor,
    ) -> Scores:
        """Read a batch; every argument has shape (B, L). See `encoding` for what they hold."""
        states = self.body(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        states = self.dropout(states)
        spans = self.span(states)
        whole = states[:, 0]
        question = _mean(states, (segments == QUESTION).unsqueeze(1))
        numbers = torch.arange(1, SENTENCES + 1, device=segments.device)
        members = segments.unsqueeze(1) == numbers.view(1, -1, 1)
        sentences = _mean(states, members)
        alike = sentences * question
        features = torch.cat(
            [sentences, alike, (sentences - question).abs(), whole.unsqueeze(1).expand_as(sentences)], -1
        )
        cosine = nn.functional.cosine_similarity(sentences, question.expand_as(sentences), dim=-1)
        there = members.any(-1)
        scores = (self.sentence(features).squeeze(-1) + self.cosine * cosine).masked_fill(~there, -1e4)
        weights = torch.softmax(scores, -1).unsqueeze(1)
        best = (weights @ sentences).squeeze(1)
        asked = question.squeeze(1)
        answerable = self.answerable(torch.cat([whole, asked, best, best * asked, (best - asked).abs()], -1)).squeeze(
            -1
        )
        return Scores(spans[..., 0], spans[..., 1], scores, answerable)


def _mean(states: torch.Tensor, members: torch.Tensor) -> torch.Tensor:
    """Mean vectors of the members' states: (B, L, width) and (B, n, L) give (B, n, width); zeros for no member."""
    weights = members.to(states.dtype)
    return (weights @ states) / weights.sum(-1, keepdim=True).clamp(min=1.0)


def from_embedder(folder: Path) -> ReaderNetwork:
    """A network whose body has the weights of a BERT-like embedder; the heads are new, and word vectors stay fixed.

    They are half of all weights, and few are seen in training: those would move away from the others.
    """
    body: Any = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="sdpa")
    body.embeddings.word_embeddings.weight.requires_grad = False
    for layer in body.encoder.layer:
        layer.attention.self.dropout.p = 0.0
    return ReaderNetwork(body)
