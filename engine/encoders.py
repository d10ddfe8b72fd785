"""Frozen sentence encoders by name: text in, one vector of length 1 out. Nothing here is trained or downloaded.

`english`  engine.english_encoder: all-MiniLM-L6-v2, 384 numbers.
`world`    engine.world_encoder: Universal Sentence Encoder multilingual, 512 numbers, 16 languages, among them Chinese.
"""

from __future__ import annotations

from typing import Dict, Sequence, Union

import numpy as np

from engine.english_encoder import EnglishEncoder
from engine.world_encoder import WorldEncoder

_RECENT = 64  # texts whose rows are kept for each encoder
_KINDS = {"english": EnglishEncoder, "world": WorldEncoder}
_loaded: Dict[str, Union[EnglishEncoder, WorldEncoder]] = {}


def encoder(kind: str) -> Union[EnglishEncoder, WorldEncoder]:
    """The encoder `english` or `world`, loaded once per process. Raises ValueError for another name."""
    if kind not in _KINDS:
        raise ValueError(f"There is no encoder called {kind!r}; choose from {', '.join(_KINDS)}.")
    if kind not in _loaded:
        _loaded[kind] = _KINDS[kind]()
    return _loaded[kind]


_rows: Dict[str, Dict[str, np.ndarray]] = {}


def encode_all(kind: str, texts: Sequence[str]) -> np.ndarray:
    """One row per text, for training: several components learn from the same texts, and each is encoded once."""
    known = _rows.setdefault(kind, {})
    new = list(dict.fromkeys(text for text in texts if text not in known))
    known.update(zip(new, encoder(kind).encode(new), strict=True))
    return np.stack([known[text] for text in texts]) if texts else encoder(kind).encode([])


_recent: Dict[str, Dict[str, np.ndarray]] = {}


def encode_ahead(kind: str, texts: Sequence[str]) -> None:
    """Encodes texts in one batch for `encode_one`, except those encoded lately."""
    known = _recent.setdefault(kind, {})
    new = list(dict.fromkeys(text for text in texts if text not in known))
    if len(known) + len(new) > _RECENT:
        new = list(dict.fromkeys(texts))
        known.clear()
    for text, row in zip(new, encoder(kind).encode(new) if new else (), strict=True):
        row.flags.writeable = False
        known[text] = row


def encode_one(kind: str, text: str) -> np.ndarray:
    """The row of one text. Topics and standing requests are found in the same text: it is encoded once."""
    encode_ahead(kind, [text])
    return _recent[kind][text]
