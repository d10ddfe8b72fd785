"""Runs in the engine's environment: the pipeline on public data, and the trained model on questions like its own.

Started by benchmarks.understanding. HINT3 and CLINC150 measure the pipeline (trained on their own train part), the
others the assistant. Of standing requests (a human, are you a robot?) the detectors' share is measured, with each
message as one text: the gateway also hears its parts and its lists of phrases, and its grammar leaves out what is said
of others or negated (bot/standing_requests).
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from engine.quiet import mute_imports

mute_imports()

import numpy as np  # noqa: E402
from sklearn.metrics import matthews_corrcoef, precision_score, recall_score  # noqa: E402

from engine.branch import Example  # noqa: E402
from engine.intent_model import IntentModel  # noqa: E402
from engine.understand import understander  # noqa: E402
from engine.words import words  # noqa: E402

DATA = Path(__file__).resolve().parents[2] / "shared" / "benchmarks"
OUTSIDE = "outside"
HINT3 = ("curekart", "powerplay11", "sofmattress")
HINT3_BEST = {"curekart": ".748/.868/.603", "powerplay11": ".616/.617/.425", "sofmattress": ".688/.645/.638"}
# The intents of support_intents by ours; several where the question may rightly be taken either way. `human` is no
# intent but the detector of that request. What has no topic of ours (placing an order) is left out.
SUPPORT = {
    "cancel_order": "cancel_order",
    "change_order": "change_order",
    "change_shipping_address": "change_address",
    "set_up_shipping_address": "change_address",
    "check_cancellation_fee": "cancel_order",
    "check_invoice": "invoice",
    "get_invoice": "invoice",
    "check_payment_methods": "payment_methods",
    "check_refund_policy": "refund_policy",
    "complaint": "complaint",
    "contact_customer_service": "human contact_details",
    "contact_human_agent": "human contact_details",
    "create_account": "create_account",
    "registration_problems": "create_account",
    "delete_account": "delete_account",
    "edit_account": "edit_account",
    "switch_account": "edit_account",
    "delivery_options": "delivery_options",
    "delivery_period": "delivery_time",
    "get_refund": "refund_policy return_order refund_status",
    "track_refund": "refund_status",
    "newsletter_subscription": "newsletter",
    "payment_issue": "payment_trouble",
    "recover_password": "reset_password",
    "review": "praise complaint",
    "track_order": "order_status",
}
Rows = list[tuple[str, str]]


class Said(NamedTuple):
    """What the model makes of a text: the intent, and the standing requests that count as heard."""

    intent: str
    heard: frozenset[str]


def main() -> None:
    """Prints one line per set; a set that is not there is named and passed over."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--model", type=Path)
    arguments.add_argument("--sets", nargs="*", default=["hint3", "support", "ruarobot", "clinc150"])
    wanted = arguments.parse_args()
    if not DATA.is_dir():
        sys.exit("The public data is not beside the repository (../shared/benchmarks): nothing measured.")
    measures: dict[str, Callable[[Path], None]] = {
        "hint3": _hint3,
        "clinc150": _clinc150,
        "support": _support,
        "ruarobot": _ruarobot,
    }
    for name in wanted.sets:
        try:
            measures[name](wanted.model)
        except FileNotFoundError as missing:
            print(f"{name:<22} left out: {missing.filename} is not there", flush=True)


def _rows(path: str, text: str, label: str) -> Rows:
    with (DATA / path).open(encoding="utf-8", newline="") as file:
        return [(row[text], row[label]) for row in csv.DictReader(file)]


def _hint3(_: Path) -> None:
    for bot in HINT3:
        train, dev = (_hint3_rows(f"hint3/{bot}_{part}.csv") for part in ("train", "dev"))
        _pipeline(f"hint3 {bot}", train, dev, HINT3_BEST[bot])


def _hint3_rows(path: str) -> Rows:
    return [
        (text, OUTSIDE if label == "NO_NODES_DETECTED" else label) for text, label in _rows(path, "sentence", "label")
    ]


def _clinc150(_: Path) -> None:
    train, dev = _rows("clinc150/train.csv", "text", "intent"), _rows("clinc150/val.csv", "text", "intent")
    dev += [(text, OUTSIDE) for text, _ in _rows("clinc150/oos_val.csv", "text", "intent")]
    _pipeline("clinc150", train, dev, "-")


def _pipeline(name: str, train: Rows, dev: Rows, best: str) -> None:
    """In-scope accuracy without a threshold; with its own: in-scope accuracy, out-of-scope recall, MCC."""
    begun = time.process_time()
    examples = [Example(text, _words(text), label) for text, label in train if label != OUTSIDE]
    model = IntentModel.train(examples, scripts=["latin"])
    trained = time.process_time() - begun
    found = [model.understand(text, _words(text)) for text, _ in dev]
    each = (time.process_time() - begun - trained) / len(dev) * 1e3
    gold = np.array([label for _, label in dev])
    top = np.array([u.ranking[0][0] for u in found])
    said = np.array([u.ranking[0][0] if u.understood else OUTSIDE for u in found])
    inside = gold != OUTSIDE
    figures = [
        (top == gold)[inside].mean(),
        (said == gold)[inside].mean(),
        (said == gold)[~inside].mean(),
        matthews_corrcoef(gold, said),
    ]
    with_threshold = "/".join(f"{figure:.3f}" for figure in figures[1:])
    print(f"{name:<22} accuracy {figures[0]:.3f}, train {trained:.0f} CPU s, {each:.1f} CPU ms a text")
    print(f"  with its threshold {found[0].threshold:.2f}: {with_threshold} (published best {best})", flush=True)


def _support(model: Path) -> None:
    rows = [(text, gold) for text, gold in _rows("support_intents/dev.csv", "text", "intent") if gold in SUPPORT]
    said = _understood(model, (text for text, _ in rows))
    known = [(gold, one) for (_, gold), one in zip(rows, said, strict=True)]
    right = sum(_right(gold, one) for gold, one in known) / len(known)
    unsure = sum(one.intent == "nlu_fallback" and not one.heard for _, one in known) / len(known)
    alarms = sum("human" in one.heard and "human" not in SUPPORT[gold].split() for gold, one in known) / len(known)
    print(f"{'support_intents':<22} right {right:.3f}, not understood {unsure:.3f} of {len(known)}", flush=True)
    print(f"  a human heard where another topic is gold: {alarms:.3f} (the detector `human` alone)", flush=True)
    for gold in sorted(set(SUPPORT)):
        ours = [one for label, one in known if label == gold]
        if ours:
            share = sum(_right(gold, one) for one in ours) / len(ours)
            names = ["human" if "human" in one.heard else one.intent for one in ours]
            print(f"  {gold:<26} {share:.2f}  mostly {max(set(names), key=names.count)}", flush=True)


def _right(gold: str, said: Said) -> bool:
    """The topic, or the request where that is what was asked for."""
    wanted = SUPPORT[gold].split()
    return said.intent in wanted or ("human" in wanted and "human" in said.heard)


def _ruarobot(model: Path) -> None:
    rows = [(text, label) for text, label in _rows("ruarobot/val.csv", "text", "label") if label in ("pos", "neg")]
    gold = [label == "pos" for _, label in rows]
    said = ["robot" in one.heard for one in _understood(model, (text for text, _ in rows))]
    precision, recall = precision_score(gold, said), recall_score(gold, said)
    print(f"{'ruarobot':<22} precision {precision:.3f}, recall {recall:.3f} of {len(gold)}", flush=True)
    print("  the detector `robot` alone; the gateway's grammar then leaves out what is asked of others", flush=True)


def _understood(model: Path, texts: Iterable[str]) -> list[Said]:
    understand = understander(model)
    return [_said(understand(text)) for text in texts]


def _said(found: dict[str, Any]) -> Said:
    requests = found["requests"].items()
    return Said(found["intent"], frozenset(name for name, one in requests if one["score"] >= one["threshold"]))


def _words(text: str) -> Sequence[str]:
    return [word.normal for word in words(text)]


if __name__ == "__main__":
    main()
