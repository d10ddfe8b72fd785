"""Why did you say that: answered from the decision records."""

from __future__ import annotations

from actions.base import CandorAction, Event, Scene


class ActionExplain(CandorAction):
    """Explains the assistant's last answer."""

    action = "action_explain"

    async def act(self, scene: Scene) -> list[Event]:
        """The reasons, kept from the engine: they may speak of what is personal."""
        if scene.visit is None:
            scene.say(scene.copy("nothing_to_explain"))
            return []
        scene.say(await scene.visit.keep_answer(await scene.visit.why()), scene.human())
        return []
