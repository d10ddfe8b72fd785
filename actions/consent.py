"""What sounds like a yes or no and is none. Consent itself is a standing request: bot/standing_requests obeys it."""

from __future__ import annotations

from actions.base import CandorAction, Event, Scene
from bot.policies import purpose_named


class ActionAffirm(CandorAction):
    """A yes that is not on the closed list allows nothing (rule C1)."""

    action = "action_affirm"

    async def act(self, scene: Scene) -> list[Event]:
        """While the question for consent is unanswered: what to press or write. Else: what is wanted."""
        asked = await scene.visit.asked() if scene.visit is not None else None
        purpose = asked.purpose if asked is not None and asked.unanswered else None
        if purpose is None:
            scene.say(scene.copy("what_do_you_mean"))
        else:
            scene.say(scene.copy("allow_how", short=purpose_named(purpose).short(scene.language)))
        return []


class ActionDeny(CandorAction):
    """A no that is not on the closed list refuses nothing; without a yes nothing is used either."""

    action = "action_deny"

    async def act(self, scene: Scene) -> list[Event]:
        """After the question for consent: that it stays unused. After anything else: what else is wanted."""
        purpose = await _asked_just_now(scene)
        if purpose is None:
            scene.say(scene.copy("anything_else"))
        else:
            scene.say(scene.copy("stays_unused", short=purpose_named(purpose).short(scene.language)), scene.human())
        return []


async def _asked_just_now(scene: Scene) -> str | None:
    """The purpose that the assistant's last message asked consent for."""
    asked = await scene.visit.asked() if scene.visit is not None else None
    return asked.purpose if asked is not None and asked.just_now else None
