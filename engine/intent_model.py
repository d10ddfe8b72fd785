"""Intent classification: a message's intents with their confidence, and the threshold above which one is acted upon.

Messages with and without Chinese characters have separate branches, so that each needs one sentence encoder instead of
two and has a threshold measured on its own language. The Chinese branch is trained on the English examples as well: its
encoder has one space for both languages, which makes up for intents with few Chinese examples.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, NamedTuple, Sequence, Tuple

from engine.branch import Branch, Example, encodable
from engine.encoders import encode_ahead
from engine.words import has_han

VERSION = 1  # raise it when a stored model can no longer be read or would have been trained differently
_ENOUGH = 50  # examples that a threshold needs; with fewer in its own script a branch is judged on all
_ENCODERS = {"latin": "english", "han": "world"}


class Understanding(NamedTuple):
    """Intents with their confidence, best first, and the threshold in force for this message."""

    ranking: List[Tuple[str, float]]
    threshold: float

    @property
    def understood(self) -> bool:
        """Whether the best intent may be acted upon."""
        return bool(self.ranking) and self.ranking[0][1] >= self.threshold


class IntentModel:
    """The trained branches by name."""

    def __init__(self, branches: Dict[str, Branch]) -> None:
        self.branches = branches

    @classmethod
    def train(
        cls,
        examples: Sequence[Example],
        out_of_scope: Sequence[str] = (),
        quantile: float = 0.1,
        scripts: Sequence[str] = ("latin", "han"),
    ) -> "IntentModel":
        """Learns one branch per script. Intents named in `out_of_scope` are learnt but do not set a threshold.

        Raises ValueError when there is no example.
        """
        if not examples:
            raise ValueError("There are no examples to learn intents from.")
        return cls({script: _train_branch(script, examples, out_of_scope, quantile) for script in scripts})

    def encode_ahead(self, texts: Sequence[str]) -> None:
        """Encodes texts that are understood next, those of one encoder together."""
        for branch in self.branches.values():
            own = [encodable(text) for text in texts if self._branch_for(text) is branch]
            encode_ahead(branch.encoder_name, own)

    def understand(self, text: str, words: Sequence[str], length: int = 0) -> Understanding:
        """The best `length` intents (0: all) for a message whose words are in normal form."""
        branch = self._branch_for(text)
        confidences = branch.confidences(text, words)
        order = confidences.argsort()[::-1][: length or None]
        return Understanding([(branch.intents[i], float(confidences[i])) for i in order], branch.threshold)

    def _branch_for(self, text: str) -> Branch:
        script = "han" if has_han(text) else "latin"
        return self.branches.get(script) or next(iter(self.branches.values()))

    def save(self, folder: Path) -> None:
        """One folder per branch."""
        for script, branch in self.branches.items():
            (folder / script).mkdir(exist_ok=True)
            branch.save(folder / script)

    @classmethod
    def load(cls, folder: Path) -> "IntentModel":
        """Reads what `save` wrote. Raises OSError or ValueError when there is nothing whole to read."""
        found = [script for script in _ENCODERS if (folder / script).is_dir()]
        if not found:
            raise FileNotFoundError(f"No intent model in {folder}.")
        return cls({script: Branch.load(folder / script) for script in found})


def _train_branch(script: str, examples: Sequence[Example], out_of_scope: Sequence[str], quantile: float) -> Branch:
    own = [has_han(example.text) == (script == "han") for example in examples]
    if script == "latin" and any(own):
        examples, own = [e for e, mine in zip(examples, own, strict=True) if mine], [True] * sum(own)
    in_scope = [example.intent not in out_of_scope for example in examples]
    judged = [mine and scope for mine, scope in zip(own, in_scope, strict=True)]
    return Branch.train(_ENCODERS[script], examples, judged if sum(judged) >= _ENOUGH else in_scope, quantile)
