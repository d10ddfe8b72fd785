"""Not understood: say so, offer what is likely, and a person; the second time in a row the person comes first."""

from __future__ import annotations

from actions.base import CandorAction, Event, Scene
from actions.topics import likely, not_understood_before


class ActionNotUnderstood(CandorAction):
    """Answers a message below the threshold."""

    action = "action_not_understood"

    async def act(self, scene: Scene) -> list[Event]:
        """Two or three topics and a human, or a human and the topics."""
        topics = likely(scene.tracker.latest_message, scene.language)
        if not_understood_before(scene.tracker):
            scene.say(scene.copy("not_understood_again"), [*scene.human(), *topics])
        else:
            scene.say(scene.copy("not_understood"), [*topics, *scene.human()])
        return []
