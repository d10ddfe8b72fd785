"""An answer by e-mail: a colleague writes it. The assistant itself sends no mail."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.base import Event, Scene
from actions.personal import PersonalAction
from actions.topics import topics_before
from bot.core.messages import PLACEHOLDER
from bot.rasa.action_context import CONTACT_BY_EMAIL, Grant, Visit

REASON_LENGTH = 120


class ActionContactByEmail(PersonalAction[str | None]):
    """Asks for a person who is to write to the account's address, or to the one in the message."""

    action = "action_contact_by_email"
    purpose = CONTACT_BY_EMAIL
    how_to = "email_how_to"

    async def act(self, scene: Scene) -> list[Event]:
        """An address in the message was given for this; the account's is read under a grant only.

        An address and nothing else asks for nothing: then it is said how to ask.
        """
        if not any(character.isalpha() for character in PLACEHOLDER.sub("", scene.text)):
            scene.say(scene.copy(self.how_to), scene.human())
            return []
        given = await scene.visit.resolve(("EMAIL",), scene.text) if scene.visit is not None else []
        if scene.visit is not None and given:
            return await self._ask(scene, scene.visit, given[0], None)
        return await super().act(scene)

    async def read(self, scene: Scene, grant: Grant) -> str | None:
        """The account's e-mail address."""
        return await scene.services.shop.email(grant)

    async def tell(self, scene: Scene, visit: Visit, found: str | None) -> list[Event]:
        """Leave it with the request for a person."""
        if found is not None:
            return await self._ask(scene, visit, found, self.purpose)
        scene.say(scene.join("no_account_email", self.how_to), scene.human())
        return []

    def words(self, reason: str) -> tuple[str, ...]:
        """Signing in is not offered: an address can be given here and now."""
        return (self.how_to,) if reason == "not_signed_in" else tuple(super().words(reason))

    async def _ask(self, scene: Scene, visit: Visit, address: str, purpose: str | None) -> list[Event]:
        trigger = "button" if scene.text.startswith("/") else "text"
        asked = await visit.ask_for_mail(address, trigger, _reason(scene.tracker), purpose)
        scene.say(scene.copy("email_asked" if asked else self.how_to), None if asked else scene.human())
        return []


def _reason(tracker: Tracker) -> str:
    """For the agents: what was asked for, and after which topic; never the visitor's words."""
    topic = next(topics_before(tracker), None)
    return ("Asked for an answer by e-mail" + (f" after: {topic}" if topic else ""))[:REASON_LENGTH]
