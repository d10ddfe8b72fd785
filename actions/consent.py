"""Yes, no and not any more to the use of personal data. Each takes one step (rule C2)."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import CandorAction, Event, Scene
from actions.consent_card import show_consent_card
from actions.personal import REFERENCE
from actions.topics import intent_before
from bot.action_services import ORDER_HISTORY, Visit, day
from bot.consent import Asked

RESUMABLE = {"action_order_status": "order_how_to", "action_refund_status": "refund_how_to"}
"""Actions that go on after a yes, and what helps without one."""

SURE = 0.75
"""How sure the engine has to be that words mean yes; what can be undone needs less."""
ALLOWING = frozenset({"allow", "i allow", "i allow it", "允许", "我允许"})


class ActionAllowConsent(CandorAction):
    """The visitor says yes: to the question just asked, or in so many words."""

    def name(self) -> str:
        """The action's name in domain/."""
        return "action_allow_consent"

    async def act(self, scene: Scene) -> list[Event]:
        """Record the yes and go on with what was asked; a bare "yes" to anything else is no consent."""
        if scene.visit is None:
            scene.say(scene.copy("allow_sign_in"))
            return []
        state, asked, signed_in = await scene.visit.consent(ORDER_HISTORY)
        explicit = scene.intent == "allow_consent"
        # Without this line a "yes" to some other question would count as consent (rule C1).
        if not explicit and not (asked and asked.just_now):
            scene.say(scene.copy("what_do_you_mean"))
            return []
        if not signed_in:
            scene.say(scene.copy("allow_sign_in"), scene.human())
            return []
        if state == "given":
            await self._confirm(scene, scene.visit)
            return []
        if asked is None:
            # Nobody can agree to what they have not been told: first the question itself.
            return await show_consent_card(scene, scene.visit, None, None)
        if not _unmistakable(scene) and not (asked.just_now and scene.confidence >= SURE):
            # The engine may have misread a question such as "what about my orders" (rule C1).
            scene.say(scene.copy("allow_how"))
            return []
        await scene.visit.record_consent("give", ORDER_HISTORY, {"how": _how(scene)})
        await self._confirm(scene, scene.visit)
        return _go_on(scene, asked, state == "requested")

    async def _confirm(self, scene: Scene, visit: Visit) -> None:
        ends = await visit.consent_ends(ORDER_HISTORY)
        if ends is not None:
            scene.say(scene.copy("allowed", until=day(ends, scene.language)))


class ActionRefuseConsent(CandorAction):
    """The visitor says no."""

    def name(self) -> str:
        """The action's name in domain/."""
        return "action_refuse_consent"

    async def act(self, scene: Scene) -> list[Event]:
        """Record the no and help without; a bare "no" to anything else is just that."""
        if scene.visit is None:
            scene.say(scene.copy("nothing_to_refuse"))
            return []
        state, asked, _ = await scene.visit.consent(ORDER_HISTORY)
        if scene.intent != "refuse_consent" and not (asked and asked.just_now):
            scene.say(scene.copy("nothing_to_refuse"))
            return []
        if state == "given":
            return await withdraw(scene, scene.visit)
        if state not in ("refused", "withdrawn"):
            await scene.visit.record_consent("refuse", ORDER_HISTORY, {"how": _how(scene)})
        how_to = RESUMABLE.get(asked.resume or "") if asked else None
        scene.say(scene.join("refused", *([how_to] if how_to else [])), scene.human())
        return [SlotSet(REFERENCE, None)]


class ActionWithdrawConsent(CandorAction):
    """The visitor takes a yes back."""

    def name(self) -> str:
        """The action's name in domain/."""
        return "action_withdraw_consent"

    async def act(self, scene: Scene) -> list[Event]:
        """Record it and forget what was read; an open question is thereby answered with no."""
        if scene.visit is None:
            scene.say(scene.copy("nothing_allowed"))
            return []
        state, _, _ = await scene.visit.consent(ORDER_HISTORY)
        if state == "given":
            return await withdraw(scene, scene.visit)
        if state == "requested":
            await scene.visit.record_consent("refuse", ORDER_HISTORY, {"how": _how(scene)})
        scene.say(scene.copy("refused" if state == "requested" else "nothing_allowed"))
        return [SlotSet(REFERENCE, None)]


async def withdraw(scene: Scene, visit: Visit) -> list[Event]:
    """Record the withdrawal, forget what was read, say so."""
    await visit.record_consent("withdraw", ORDER_HISTORY, {"how": _how(scene)})
    scene.say(scene.copy("withdrawn"))
    return [SlotSet(REFERENCE, None)]


def _go_on(scene: Scene, asked: Asked | None, unanswered: bool) -> list[Event]:
    """Back to the question that waits for the yes: the one just put, else the one that consent was asked for."""
    just_put = f"action_{intent_before(scene.tracker)}"
    resume = just_put if just_put in RESUMABLE else asked.resume if asked else None
    if resume not in RESUMABLE:
        return []
    reference = asked.reference if asked and unanswered else None
    return [SlotSet(REFERENCE, reference), FollowupAction(resume)]


def _unmistakable(scene: Scene) -> bool:
    """The button, or the very word we ask for: nothing that had to be understood."""
    return scene.text.startswith("/") or scene.text.strip(" .!。！“”\"'").lower() in ALLOWING


def _how(scene: Scene) -> str:
    return "button" if scene.text.startswith("/") else "text"
