"""Yes, no and not any more to the use of personal data, purpose by purpose. Each takes one step (rule C2)."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import CandorAction, Event, Scene
from actions.consent_card import show_consent_card
from actions.consent_words import how_long, means_everything, means_forget_me, named_purposes, unmistakable
from actions.personal import REFERENCE
from actions.topics import intent_before, question_before
from bot.action_services import Visit, day
from bot.consent import Asked, Scope, Standing
from bot.policies import (
    ACCOUNT_DETAILS,
    CONTACT_BY_EMAIL,
    ORDER_HISTORY,
    RECOMMENDATIONS,
    purpose_named,
    purposes,
)

RESUMABLE = {
    "action_order_status": (ORDER_HISTORY, "order_how_to"),
    "action_refund_status": (ORDER_HISTORY, "refund_how_to"),
    "action_account_details": (ACCOUNT_DETAILS, "account_how_to"),
    "action_recommend": (RECOMMENDATIONS, "recommend_how_to"),
    "action_contact_by_email": (CONTACT_BY_EMAIL, "email_how_to"),
}
"""Actions that go on after a yes to their purpose, and what helps without one."""

SURE = 0.75
"""How sure the engine has to be that words mean yes; what can be undone needs less."""


class ActionAllowConsent(CandorAction):
    """The visitor says yes: to the question just asked, or in so many words."""

    def name(self) -> str:
        """The action's name in domain/."""
        return "action_allow_consent"

    async def act(self, scene: Scene) -> list[Event]:
        """Record the yes and go on with what was asked; a bare "yes" to anything else is no consent."""
        if scene.visit is None:
            scene.say(scene.copy("allow_which"))
            return []
        purpose = await _one_purpose(scene, scene.visit)
        if purpose is None:
            scene.say(scene.copy("what_do_you_mean" if scene.intent != "allow_consent" else "allow_which"))
            return []
        stand, asked, signed_in = await scene.visit.consent(purpose)
        # Without this line a "yes" to some other question would count as consent (rule C1).
        if scene.intent != "allow_consent" and not (asked and asked.just_now):
            scene.say(scene.copy("what_do_you_mean"))
            return []
        if purpose_named(purpose).sign_in and not signed_in:
            scene.say(scene.copy("allow_sign_in", short=_short(scene, [purpose])), scene.human())
            return []
        return await self._allow(scene, scene.visit, purpose, stand, asked)

    async def _allow(
        self, scene: Scene, visit: Visit, purpose: str, stand: Standing, asked: Asked | None
    ) -> list[Event]:
        if stand.allowed and (stand.event is None or not _given(scene) or stand.event.scope == how_long(scene)):
            await _confirm(scene, visit, purpose)
            return []
        if asked is None:
            # Nobody can agree to what they have not been told: first the question itself.
            return await show_consent_card(scene, visit, purpose, None, None)
        if not unmistakable(scene) and not (asked.just_now and scene.confidence >= SURE):
            # The engine may have misread a question such as "what about my orders" (rule C1).
            scene.say(scene.copy("allow_how", short=_short(scene, [purpose])))
            return []
        await visit.give_consent(purpose, how_long(scene), {"how": _how(scene), "screen": "card"})
        await _confirm(scene, visit, purpose)
        return _go_on(scene, asked, stand.state == "requested")


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
        asked = await scene.visit.asked()
        explicit = scene.intent == "refuse_consent"
        if not explicit and not (asked and asked.just_now):
            scene.say(scene.copy("nothing_to_refuse"))
            return []
        names = await _refused_purposes(scene, scene.visit, asked)
        if not names:
            scene.say(scene.copy("nothing_to_refuse"))
            return []
        ended = await _end(scene, scene.visit, names, refuse=True)
        if ended:
            return _withdrawn(scene, ended)
        how_to = RESUMABLE.get(asked.resume or "", ("", ""))[1] if asked and names == [asked.purpose] else ""
        said = [scene.copy("refused", short=_short(scene, names)), *([scene.copy(how_to)] if how_to else [])]
        scene.say(("" if scene.language == "zh" else " ").join(said), scene.human())
        return [SlotSet(REFERENCE, None)]


class ActionWithdrawConsent(CandorAction):
    """The visitor takes a yes back."""

    def name(self) -> str:
        """The action's name in domain/."""
        return "action_withdraw_consent"

    async def act(self, scene: Scene) -> list[Event]:
        """Record it and forget what was read; an open question is thereby answered with no."""
        if scene.visit is None:
            scene.say(scene.copy("nothing_allowed", short=scene.copy("all_of_it")))
            return []
        everything = means_forget_me(scene)
        names = [] if everything else named_purposes(scene)
        before = await scene.visit.standings()
        wanted = names or list(purposes())
        asked_for = [name for name in wanted if before[name].state == "requested"]
        ended = await _end(scene, scene.visit, wanted, refuse=False)
        if ended:
            return _withdrawn(scene, ended, everything)
        key = "refused" if asked_for else "nothing_allowed"
        scene.say(_and_more(scene, scene.copy(key, short=_short(scene, asked_for or wanted)), everything))
        return [SlotSet(REFERENCE, None)]


async def _refused_purposes(scene: Scene, visit: Visit, asked: Asked | None) -> list[str]:
    """What a no is about: what was just asked for, or named; else everything, or whatever is allowed now."""
    named = named_purposes(scene) if scene.intent == "refuse_consent" else []
    if named or (asked and asked.just_now):
        return named or ([asked.purpose] if asked else [])
    if means_everything(scene):
        return list(purposes())
    allowed = [name for name, stand in (await visit.standings()).items() if stand.state == "given"]
    return allowed or ([asked.purpose] if asked else [])


async def _end(scene: Scene, visit: Visit, names: Sequence[str], *, refuse: bool) -> list[str]:
    """Take back what is allowed of `names`, answer open questions with no; gives those that were allowed.

    With `refuse` a no is recorded also where nobody had asked.
    """
    before, ended = await visit.standings(), []
    for name in names:
        state = before[name].state
        if state == "given":
            await visit.record_consent("withdraw", name, {"how": _how(scene)})
            ended.append(name)
        elif state == "requested" or (refuse and state not in ("refused", "withdrawn")):
            await visit.record_consent("refuse", name, {"how": _how(scene)})
    return ended


def _withdrawn(scene: Scene, names: Sequence[str], everything: bool = False) -> list[Event]:
    scene.say(_and_more(scene, scene.copy("withdrawn", short=_short(scene, names)), everything))
    return [SlotSet(REFERENCE, None)]


def _and_more(scene: Scene, text: str, everything: bool) -> str:
    """Whoever wants to be forgotten is told where all the rest can be erased."""
    if not everything:
        return text
    return ("" if scene.language == "zh" else " ").join([text, scene.copy("forget_me")])


async def _one_purpose(scene: Scene, visit: Visit) -> str | None:
    """What a yes is about: what was named, or just asked for, or the last question needs; None: about nothing."""
    names = named_purposes(scene) if scene.intent == "allow_consent" else []
    asked = await visit.asked()
    if not names and not (asked and asked.just_now):
        # A yes later on is about the question put last, and not about whatever was asked for before it (rule C1).
        needed = RESUMABLE.get(f"action_{question_before(scene.tracker)}")
        names = [needed[0]] if needed else []
    if asked is not None and (not names or asked.purpose in names):
        return asked.purpose
    return names[0] if names else None


async def _confirm(scene: Scene, visit: Visit, purpose: str) -> None:
    stand, _, _ = await visit.consent(purpose)
    if stand.event is None or stand.event.valid_until is None:
        return
    until = day(stand.event.valid_until, scene.language)
    scope = scene.copy(f"allowed_{stand.event.scope or Scope.CONVERSATION}", until=until)
    scene.say(scene.copy("allowed", short=_short(scene, [purpose]), scope=scope))


def _go_on(scene: Scene, asked: Asked, unanswered: bool) -> list[Event]:
    """Back to the question that waits for the yes: the one just put, else the one that consent was asked for."""
    just_put = f"action_{intent_before(scene.tracker)}"
    resume = just_put if RESUMABLE.get(just_put, ("", ""))[0] == asked.purpose else asked.resume
    if resume not in RESUMABLE:
        return []
    return [SlotSet(REFERENCE, asked.reference if unanswered else None), FollowupAction(resume)]


def _short(scene: Scene, names: Sequence[str]) -> str:
    shorts = [purpose_named(name).short(scene.language) for name in names]
    return scene.copy("all_of_it") if len(shorts) > 2 else scene.copy("and").join(shorts)


def _given(scene: Scene) -> bool:
    """Does this yes say for how long, by a button?"""
    return scene.text.startswith("/")


def _how(scene: Scene) -> str:
    return "button" if scene.text.startswith("/") else "text"
