"""The Rasa project as oversight reads it."""

from __future__ import annotations

import os
from pathlib import Path

from bot.oversight.rasa_project import ALWAYS_ON, RasaProject
from bot.oversight.rasa_training_data import FROM_REVIEWS
from tests.parts import PROJECT


def test_the_topics_are_the_projects_files() -> None:
    topics = PROJECT.topics()
    assert topics["orders"].intents == {"order_status", "cancel_order", "change_order", "which_order"}
    assert {"action_order_status", "utter_cancel_order"} <= topics["orders"].steps
    assert "product_form" in topics["products"].steps
    assert not ALWAYS_ON & set(topics)


def test_the_projects_intents_and_placeholders_are_known() -> None:
    assert {"order_status", "out_of_scope", "contact_details"} <= PROJECT.intents()
    assert "nlu_fallback" not in PROJECT.intents()
    assert {"[ORDER_1]", "[EMAIL_1]"} <= PROJECT.placeholders() and "[CARD_1]" not in PROJECT.placeholders()


def test_an_exported_file_allows_no_further_placeholders(tmp_path: Path) -> None:
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    (tmp_path / "data" / "nlu" / "orders.yml").write_text("Where is [ORDER_1]?")
    (tmp_path / FROM_REVIEWS).write_text("My card is [CARD_1]")
    assert RasaProject(tmp_path).placeholders() == {"[ORDER_1]"}


def test_a_file_that_has_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "domain" / "orders.yml"
    path.parent.mkdir()
    path.write_text("intents: [order_status]")
    project = RasaProject(tmp_path)
    assert project.intents() == {"order_status"} and project.topics()["orders"].title == "Orders"
    path.write_text("intents: [order_status, {cancel_order: {use_entities: []}}]\nactions: [action_cancel]")
    os.utime(path, (1, 1))
    assert project.topics()["orders"].intents == {"order_status", "cancel_order"}
    assert project.topics()["orders"].holds(None, ["action_cancel"])
