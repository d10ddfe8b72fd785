"""Rasa's agent and message processor for the turn channel: slots set first, failures reported."""

from __future__ import annotations

import json
import os
import pickle
from hashlib import sha256
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Text, Tuple, Union

from rasa.core.actions.action import Action
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator, TemplatedNaturalLanguageGenerator
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER, MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine import loader
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import MODEL_ARCHIVE_METADATA_FILE, LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ModelNotFound
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name

from engine.actions import WatchedAction, own_version
from engine.turn import CURRENT

_PARSED = 64  # texts whose parse is kept for the turn that follows
_STORY_TURNS = 10  # for a policy that sets no limit of its own
_Plan = List[Tuple[Text, GraphNode, Tuple[Text, ...]]]


class StraightGraphRunner(DaskGraphRunner):
    """Runs Rasa's graph nodes one after another in an order computed once; dask computes it at every call."""

    def run(self, inputs: Optional[Dict[Text, Any]] = None, targets: Optional[List[Text]] = None) -> Dict[Text, Any]:
        """The targets' values, as DaskGraphRunner gives them."""
        wanted = tuple(targets or self._graph_schema.target_names)
        given = inputs or {}
        values = {name: (name, value) for name, value in given.items()}
        for name, node, needs in self._plan(wanted, frozenset(given)):
            values[name] = node(*[values[need] for need in needs])
        return {target: values[target][1] for target in wanted}

    def _plan(self, targets: Tuple[Text, ...], given: "frozenset[Text]") -> _Plan:
        plans = self.__dict__.setdefault("_plans", {})
        if (targets, given) not in plans:
            plans[targets, given] = self._order(targets, given)
        return plans[targets, given]

    def _order(self, targets: Tuple[Text, ...], given: "frozenset[Text]") -> _Plan:
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        plan: _Plan = []
        done = set(given)

        def add(name: Text) -> None:
            if name in done:
                return
            done.add(name)
            needs = tuple(nodes[name].needs.values())
            for need in needs:
                add(need)
            plan.append((name, self._instantiated_nodes[name], needs))

        for name in nodes:
            add(name)
        return plan


class ServingStorage(LocalModelStorage):
    """Reads a model for prediction only. Rasa's version imports every class used in training, and TensorFlow."""

    @staticmethod
    def _load_metadata(directory: Path) -> ModelMetadata:
        metadata = json.loads((directory / MODEL_ARCHIVE_METADATA_FILE).read_text(encoding="utf-8"))
        return ModelMetadata.from_dict({**metadata, "train_schema": {"nodes": {}}})


class EngineProcessor(MessageProcessor):
    """A MessageProcessor for turns of the turn channel; outside of a turn it behaves as Rasa's."""

    @staticmethod
    def _load_model(model_path: Union[Text, Path]) -> Tuple[Text, ModelMetadata, GraphRunner]:
        if not os.path.isfile(model_path):  # Rasa would look for the newest model near by instead
            raise ModelNotFound(f"There is no model at {model_path}.")
        with TempDirectoryPath(get_temp_dir_name()) as folder:
            metadata, runner = loader.load_predict_graph_runner(
                Path(folder), Path(model_path), ServingStorage, StraightGraphRunner
            )
        return os.path.basename(model_path), metadata, runner

    async def log_message(self, message: UserMessage, should_save_tracker: bool = True) -> DialogueStateTracker:
        """Rasa's steps; the turn's slots are set after the session start and before the message is parsed."""
        tracker = await self.fetch_tracker_and_update_session(
            message.sender_id, message.output_channel, message.metadata
        )
        self._set_slots(tracker)
        await self._handle_message_with_tracker(message, tracker)
        if should_save_tracker:
            await self.save_tracker(tracker)
        return tracker

    async def parse_message(
        self, message: UserMessage, tracker: Optional[DialogueStateTracker] = None, only_output_properties: bool = True
    ) -> Dict[Text, Any]:
        """Rasa's parse of one message."""
        return self.parse_texts([message.text or ""])[0]

    def parse_texts(self, texts: Sequence[Text]) -> List[Dict[Text, Any]]:
        """Rasa's parse of each text, as objects of the caller's own.

        The texts run through the model together. Recent parses are kept, because a turn follows the parse of its text.
        """
        known: Dict[Text, bytes] = self.__dict__.setdefault("_parsed", {})
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if len(known) + len(new) > _PARSED:
            new = list(dict.fromkeys(texts))
            known.clear()
        known.update(zip(new, map(pickle.dumps, self._parse(new)), strict=True))
        return [pickle.loads(known[text]) for text in texts]

    def _parse(self, texts: Sequence[Text]) -> List[Dict[Text, Any]]:
        if not texts:
            return []
        target = self.model_metadata.nlu_target
        inputs = {
            PLACEHOLDER_MESSAGE: [UserMessage(text) for text in texts],
            PLACEHOLDER_TRACKER: DialogueStateTracker("nobody", []),
        }
        empty = {"text": "", "intent": {"name": None, "confidence": 0.0}, "entities": []}
        messages = self.graph_runner.run(inputs, [target])[target]
        parsed = [{**empty, **message.as_dict(only_output_properties=True)} for message in messages]
        for one in parsed:
            self._update_full_retrieval_intent(one)
        return parsed

    def _set_slots(self, tracker: DialogueStateTracker) -> None:
        turn = CURRENT.get()
        for name, value in (turn.slots if turn else {}).items():
            if tracker.get_slot(name) != value:
                tracker.update(SlotSet(name, value), self.domain)

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> Tuple[Action, PolicyPrediction]:
        """Rasa's prediction with the engine's version of the action."""
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        return own_version(action), prediction

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        return await super()._run_action(WatchedAction(action), tracker, output_channel, nlg, prediction)


class EngineAgent(Agent):
    """An Agent around EngineProcessor. Its tracker store is used as it is: an error there ends the turn, while Rasa's
    fail-safe wrapper would silently go on with an empty conversation."""

    model_facts: Dict[str, str]

    def load_model(self, model_path: Union[Text, Path], fingerprint: Optional[Text] = None) -> None:
        """Loads the model file. Raises ModelNotFound when there is none, and what a damaged one makes Rasa raise."""
        self.processor = EngineProcessor(
            model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            generator=self.nlg,
            action_endpoint=self.action_endpoint,
            on_circuit_break=_listen_again,
        )
        self.domain = self.processor.domain
        self.tracker_store.domain = self.domain
        self.tracker_store.story_turns = _story_turns(self.processor.model_metadata)
        if isinstance(self.nlg, TemplatedNaturalLanguageGenerator):
            self.nlg.responses = self.domain.responses
        self._set_fingerprint(fingerprint or _fingerprint(Path(model_path)))
        self.model_facts = {"file": os.path.basename(model_path), "fingerprint": self.fingerprint}

    async def handle_message(self, message: UserMessage) -> Optional[List[Dict[Text, Any]]]:
        """One turn, without Rasa's lock: the turn channel takes a conversation's turns one after another."""
        return await self.processor.handle_message(message)

    @staticmethod
    def _create_tracker_store(store: Optional[TrackerStore], domain: Optional[Domain]) -> TrackerStore:
        if store is None:
            raise ValueError("The engine needs a tracker store.")
        return store


def _listen_again(tracker: DialogueStateTracker, *_: Any) -> None:
    """Rasa gives up after ten actions in a row and would then give up at once at every later message."""
    turn = CURRENT.get()
    if turn:
        turn.fail(str(tracker.latest_action_name), "Ten actions in a row: the turn was cut short.")
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME))


def _story_turns(metadata: ModelMetadata) -> int:
    """How many turns of a story the model's policies look back on. Rules need none: they span one message."""
    nodes = metadata.predict_schema.nodes.values()
    storytellers = [n for n in nodes if issubclass(n.uses, Policy) and not issubclass(n.uses, RulePolicy)]
    return max((node.config.get("max_history") or _STORY_TURNS for node in storytellers), default=0)


def _fingerprint(model: Path) -> str:
    return sha256(model.read_bytes()).hexdigest()
