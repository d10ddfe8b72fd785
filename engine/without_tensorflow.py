"""Starts Rasa without TensorFlow when the model has no use for it: 3 s instead of 13, and 350 MB less.

Rasa 3.6.21 imports TensorFlow wherever it is imported, though our components never call it: two of its modules derive
classes from `Callback` and `Sequence`. A stand-in holds these two names and nothing else. It is put in place only
when every component of the model is known to do without; a project that adds DIET or TED gets the real TensorFlow, as
always.
"""

from __future__ import annotations

import json
import sys
import tarfile
from pathlib import Path
from types import ModuleType
from typing import List

_FREE = (
    "engine.",
    "rasa.graph_components.",
    "rasa.core.policies.ensemble",
    "rasa.core.policies.memoization",
    "rasa.core.policies.rule_policy",
    "rasa.nlu.classifiers.fallback_classifier",
    "rasa.nlu.classifiers.keyword_intent_classifier",
    "rasa.nlu.classifiers.regex_message_handler",
    "rasa.nlu.extractors.entity_synonyms",
    "rasa.nlu.extractors.regex_entity_extractor",
    "rasa.nlu.tokenizers.",
)


def leave_out_tensorflow(model: Path) -> bool:
    """Call it before anything of Rasa is imported. Whether TensorFlow is left out.

    Raises OSError, tarfile.TarError, KeyError or ValueError when `model` is not a Rasa model.
    """
    if "tensorflow" in sys.modules or not all(used.startswith(_FREE) for used in _components(model)):
        return False
    keras = _module(
        "tensorflow.keras",
        callbacks=_module("tensorflow.keras.callbacks", Callback=type("Callback", (), {})),
        utils=_module("tensorflow.keras.utils", Sequence=type("Sequence", (), {})),
    )
    _module("tensorflow", keras=keras)
    return True


def _module(name: str, **content: object) -> ModuleType:
    module = ModuleType(name, "Stands in for TensorFlow, which this model does not use.")
    module.__dict__.update(content)
    sys.modules[name] = module
    return module


def _components(model: Path) -> List[str]:
    """Module and class of each component that answers messages."""
    with tarfile.open(model, "r:gz") as archive:
        member = next(m for m in archive if Path(m.name).name == "metadata.json")
        file = archive.extractfile(member)
        if file is None:
            raise ValueError("The model's metadata is not a file.")
        metadata = json.load(file)
    return [node["uses"] for node in metadata["predict_schema"]["nodes"].values()]
