"""Every intent of the domain has a title in every language; only what is worth asking again is offered."""

from __future__ import annotations

from bot.core.i18n import LANGUAGES
from bot.core.intents import intents, offered
from bot.oversight.rasa_project import RasaProject


def test_every_intent_has_a_title_in_every_language() -> None:
    assert intents().keys() == RasaProject().intents()
    assert [name for name, intent in intents().items() if set(intent.titles) != set(LANGUAGES)] == []
    assert intents()["order_status"].title("zh") == "我的订单到哪了？"
    assert intents()["order_status"].title("fr") == "Where is my order?"


def test_small_talk_is_not_offered() -> None:
    small_talk = {"affirm", "deny", "greeting", "thanks", "goodbye", "out_of_scope", "praise"}
    details = {"contact_by_email", "which_order"}
    assert {name for name in intents() if offered(name) is None} == small_talk | details
    assert offered("nlu_fallback") is None and offered(None) is None
