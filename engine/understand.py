"""`python -m engine.understand --model PATH --file texts.txt|-`: what the model makes of each line, one JSON line per
text.

The whole pipeline of the model runs, as in a conversation. Blank lines are passed over.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, Iterator, TextIO

from engine.quiet import mute_imports

KEYS = ("intent", "confidence", "ranking", "threshold", "requests")
Json = Dict[str, Any]


def main() -> None:
    """Prints until the file ends. Exit code 2 when the model or the file is not there."""
    arguments = _arguments()
    for path, kind in ((arguments.model, "model"), (arguments.file, "file")):
        if path != "-" and not Path(path).is_file():
            sys.exit(_complain(f"There is no {kind} at {path}."))
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    mute_imports()
    understand = understander(Path(arguments.model))
    with _open(arguments.file) as lines:
        for text in _texts(lines):
            print(json.dumps({"text": text, **understand(text)}, ensure_ascii=False), flush=lines is sys.stdin)


def understander(model: Path) -> Callable[[str], Json]:
    """A function from a text to intent, confidence, ranking and threshold. Raises what loading the model raises."""
    from engine.unused_packages import leave_out_unused_packages

    leave_out_unused_packages(model)
    from rasa.core.channels.channel import UserMessage
    from rasa.core.processor import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
    from rasa.shared.core.trackers import DialogueStateTracker

    from engine.processor import EngineProcessor
    from engine.quiet import silence
    from engine.trace import understood

    silence()
    _, metadata, runner = EngineProcessor._load_model(model)
    target = metadata.nlu_target
    nobody = DialogueStateTracker("understand", [])

    def understand(text: str) -> Json:
        inputs = {PLACEHOLDER_MESSAGE: [UserMessage(text)], PLACEHOLDER_TRACKER: nobody}
        (message,) = runner.run(inputs, [target])[target]
        found = understood(message.as_dict(only_output_properties=True))
        return {key: found[key] for key in KEYS}

    return understand


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m engine.understand", description="What the model makes of each line of a file."
    )
    parser.add_argument("--model", required=True, help="the trained model, a .tar.gz file")
    parser.add_argument("--file", required=True, help="one text per line; - for standard input")
    return parser.parse_args()


def _open(name: str) -> TextIO:
    return sys.stdin if name == "-" else open(name, encoding="utf-8")


def _texts(lines: Iterable[str]) -> Iterator[str]:
    return filter(None, map(str.strip, lines))


def _complain(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()
