"""Actions as the engine runs them: custom actions over a connection that stays open, and no failure left unsaid.

Rasa swallows the error of an action: the turn goes on, its events are lost, and the caller gets 200. Here the running
turn notes it.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text

import aiohttp
import jsonschema
from rasa.core.actions.action import Action, ActionBotResponse, ActionExecutionRejection, RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from engine.turn import CURRENT

_REJECTED = 400
_RESULT = jsonschema.Draft7Validator(RemoteAction.action_response_format_spec())


def _note(action: Text, error: Text) -> None:
    turn = CURRENT.get()
    if turn:
        turn.fail(action, error)


class ActionEndpoint(EndpointConfig):
    """The action webhook, asked over connections that are kept; stock Rasa opens a new one for each call.

    Args:
        url: the webhook's address.
        token: sent in the header `X-Candor-Token`, when given.
        timeout: seconds one action may take.
    """

    def __init__(self, url: Text, token: Optional[Text] = None, timeout: float = 10.0) -> None:
        headers = {"X-Candor-Token": token} if token else {}
        super().__init__(url, headers=headers, enable_selective_domain=True)
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._session: Optional[aiohttp.ClientSession] = None

    async def request(self, *_: Any, **kwargs: Any) -> Any:
        """Runs the action described by `kwargs["json"]`; answers as EndpointConfig does and raises what it raises.

        Every failure but a rejection (400), which is a form's ordinary 'not for me', is noted in the running turn.
        """
        body = kwargs["json"]
        try:
            return await self._post(body)
        except ClientResponseError as error:
            if error.status != _REJECTED:
                _note(body["next_action"], f"The action webhook answered {error.status}.")
            raise
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            _note(body["next_action"], f"The action webhook could not be asked: {type(error).__name__}.")
            raise

    async def _post(self, body: Dict[Text, Any]) -> Any:
        if self._session is None:
            self._session = aiohttp.ClientSession(headers=self.headers, timeout=self._timeout)
        async with self._session.post(self.url, json=body) as response:
            if response.status >= _REJECTED:
                raise ClientResponseError(response.status, response.reason or "", await response.text())
            return await response.json()

    async def close(self) -> None:
        """Closes the connections."""
        if self._session is not None:
            await self._session.close()


class CustomAction(RemoteAction):
    """A custom action whose answer is checked by a validator built once; stock Rasa builds one at each call, 15 ms."""

    def _validate_action_result(self, result: Dict[Text, Any]) -> bool:
        _RESULT.validate(result)
        return True


class Form(FormAction):
    """A form that validates through CustomAction."""

    async def validate_slots(
        self,
        slot_candidates: Dict[Text, Any],
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> List[Event]:
        """Rasa's own steps with the faster action."""
        validator = f"validate_{self.name()}"
        if validator not in domain.action_names_or_texts:
            return []
        events: List[Event] = [SlotSet(slot, value) for slot, value in slot_candidates.items()]
        action = CustomAction(validator, self.action_endpoint)
        return await action.run(output_channel, nlg, self._temporary_tracker(tracker, events, domain), domain)


def own_version(action: Action) -> Action:
    """The engine's version of an action that Rasa chose; any other action as it is."""
    if type(action) is RemoteAction:
        return CustomAction(action.name(), action.action_endpoint)
    if type(action) is FormAction:
        return Form(action.name(), action.action_endpoint)
    return action


class WatchedAction(Action):
    """Runs an action and notes in the running turn what went wrong; the error itself goes on as before."""

    def __init__(self, action: Action) -> None:
        self._action = action

    def name(self) -> Text:
        """The action's name."""
        return self._action.name()

    async def run(self, *call: Any) -> List[Event]:
        """The action's events. Raises what the action raises."""
        try:
            events = await self._action.run(*call)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            _note(self.name(), f"The action failed: {type(error).__name__}.")
            raise
        if _said_nothing(self._action, events):
            _note(self.name(), "There is no response of this name for this conversation.")
        return events

    def event_for_successful_execution(self, prediction: PolicyPrediction) -> ActionExecuted:
        """The event that Rasa writes for the action."""
        return self._action.event_for_successful_execution(prediction)


def _said_nothing(action: Action, events: Optional[List[Event]]) -> bool:
    """A response that is missing makes Rasa say nothing at all."""
    speaks = isinstance(action, ActionBotResponse) and not action.silent_fail
    return speaks and not any(isinstance(event, BotUttered) for event in events or [])
