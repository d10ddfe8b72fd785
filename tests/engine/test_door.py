"""The engine's door as docs/explanation/architecture.md promises it, asked for real."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from engine_process import Engine


@pytest.fixture
def sender() -> str:
    """A conversation of one's own."""
    return uuid.uuid4().hex


def test_a_turn_answers_with_messages_and_trace(engine: Engine, sender: str) -> None:
    answer = engine.turn(sender, "m1", "Where is my order?", company="Nord")
    assert answer["messages"] == [
        {"text": "It is on its way.", "buttons": [], "custom": {}, "utter_action": "utter_order_status"}
    ]
    assert answer["message_id"] == "m1" and answer["replayed"] is False and answer["failures"] == []
    trace = answer["trace"]
    assert (trace["text"], trace["intent"], trace["source"]) == ("Where is my order?", "order_status", "classifier")
    assert trace["actions"] == [
        {"name": "utter_order_status", "policy": "NamedRulePolicy", "confidence": 1.0, "rule": "order status"}
    ]
    assert trace["slots"] == {"company": "Nord"}
    assert trace["ranking"][0] == {"name": "order_status", "confidence": trace["confidence"]}
    assert 0 < trace["threshold"] <= trace["confidence"] <= 1
    assert set(answer["model"]) == {"file", "fingerprint"} and len(answer["model"]["fingerprint"]) == 64


def test_below_the_threshold_the_intent_is_nlu_fallback_and_the_ranking_keeps_real_intents(
    engine: Engine, sender: str
) -> None:
    trace = engine.turn(sender, "m1", "qwrtz plmk vbnx")["trace"]
    assert trace["intent"] == "nlu_fallback"
    assert trace["confidence"] < trace["threshold"]
    assert "nlu_fallback" not in [entry["name"] for entry in trace["ranking"]]
    assert trace["ranking"][0]["confidence"] == trace["confidence"]


def test_a_payload_is_taken_at_its_word(engine: Engine, sender: str) -> None:
    trace = engine.turn(sender, "m1", "/order_status")["trace"]
    assert (trace["intent"], trace["confidence"], trace["source"], trace["threshold"]) == (
        "order_status",
        1.0,
        "payload",
        None,
    )


def test_slots_are_set_before_the_message_is_read(engine: Engine, sender: str) -> None:
    assert engine.turn(sender, "m1", "hello", language="zh")["messages"][0]["text"] == "你好！"
    second = engine.turn(sender, "m2", "hello", language="zh")
    assert second["trace"]["slots"] == {}
    assert (
        engine.turn(sender, "m3", "hello", language=None, company="Nord")["messages"][0]["text"] == "Hello from Nord."
    )


def test_a_button_comes_with_its_payload(engine: Engine, sender: str) -> None:
    said = engine.turn(sender, "m1", "hello", company="Nord")["messages"][0]
    assert said["buttons"] == [{"title": "Order status", "payload": "/order_status"}]


def test_a_response_borrows_the_buttons_of_another(engine: Engine, sender: str) -> None:
    said = engine.turn(sender, "m1", "/out_of_scope")["messages"][0]
    assert said["text"] == "I cannot help with that."
    assert said["buttons"] == [{"title": "Order status", "payload": "/order_status"}]


def test_a_custom_action_may_send_json(engine: Engine, sender: str) -> None:
    said = engine.turn(sender, "m1", "/name_it")["messages"][0]
    assert said == {
        "text": "action_not_understood says so",
        "buttons": [],
        "custom": {"by": "action_not_understood"},
        "utter_action": None,
    }


def test_a_message_seen_before_answers_the_same_and_does_nothing(engine: Engine, sender: str) -> None:
    engine.turn(sender, "m1", "/book")
    first = engine.turn(sender, "m2", "Paris")
    again = engine.turn(sender, "m2", "Rome")
    assert again["replayed"] is True
    assert {k: v for k, v in again.items() if k not in ("replayed", "ms")} == {
        k: v for k, v in first.items() if k not in ("replayed", "ms")
    }
    assert engine.turn(sender, "m3", "Monday")["messages"][0]["text"] == "Booked Paris on Monday."


def test_the_same_message_id_in_two_conversations_is_two_messages(engine: Engine) -> None:
    one, two = (engine.turn(uuid.uuid4().hex, "same", text) for text in ("/order_status", "/goodbye"))
    assert [one["messages"][0]["text"], two["messages"][0]["text"]] == ["It is on its way.", "Bye."]
    assert two["replayed"] is False


def test_a_swallowed_action_error_is_reported(engine: Engine, sender: str) -> None:
    answer = engine.turn(sender, "m1", "/broken")
    assert answer["failures"] == [{"action": "action_broken", "error": "The action webhook answered 500."}]
    assert engine.turn(sender, "m1", "/broken")["failures"] == answer["failures"]


def test_an_action_that_declines_is_no_failure(engine: Engine, sender: str) -> None:
    assert engine.turn(sender, "m1", "/refused")["failures"] == []


def test_where_no_rule_applies_the_fallback_speaks_once_and_the_conversation_goes_on(
    engine: Engine, sender: str
) -> None:
    said = engine.turn(sender, "m1", "/name_it")["messages"]
    assert [message["text"] for message in said] == ["action_not_understood says so"]
    assert engine.turn(sender, "m2", "/goodbye")["messages"][0]["text"] == "Bye."


def test_actions_without_end_are_cut_short_reported_and_the_conversation_goes_on(engine: Engine, sender: str) -> None:
    failures = engine.turn(sender, "m1", "/again")["failures"]
    assert failures == [{"action": "action_again", "error": "Ten actions in a row: the turn was cut short."}]
    assert engine.turn(sender, "m2", "/goodbye")["messages"][0]["text"] == "Bye."


def test_a_form_asks_validates_and_ends(engine: Engine, sender: str) -> None:
    said = [
        engine.turn(sender, f"m{i}", text)["messages"]
        for i, text in enumerate(("/book", "/order_status", "Oslo", "Friday"))
    ]
    assert [[m["text"] for m in turn] for turn in said] == [
        ["Which city?"],
        ["Which city?"],
        ["Which day?"],
        ["Booked Oslo on Friday."],
    ]


def test_a_form_is_left_by_a_message_that_it_rejects_and_that_has_a_rule(engine: Engine, sender: str) -> None:
    """Falls when NamedRulePolicy._leaves_form says no, or no rule is found once the form was left."""
    engine.turn(sender, "m1", "/book")
    left = engine.turn(sender, "m2", "/goodbye")
    assert [message["text"] for message in left["messages"]] == ["Bye."]
    assert [(action["name"], action["rule"]) for action in left["trace"]["actions"]] == [
        ("action_deactivate_loop", "say goodbye"),
        ("utter_goodbye", "say goodbye"),
    ]
    assert left["trace"]["slots"] == {"requested_slot": None}
    assert engine.turn(sender, "m3", "/goodbye")["trace"]["actions"] == left["trace"]["actions"][1:]


def test_a_form_goes_on_after_a_message_whose_rule_mentions_it(engine: Engine, sender: str) -> None:
    engine.turn(sender, "m1", "/book")
    said = engine.turn(sender, "m2", "/greeting", company="Nord")["messages"]
    assert [message["text"] for message in said] == ["Hello from Nord.", "Which city?"]


def test_turns_of_one_conversation_run_one_after_another(engine: Engine, sender: str) -> None:
    engine.turn(sender, "begin", "/book")
    answers: list[dict[str, Any]] = []
    threads = [threading.Thread(target=lambda i=i: answers.append(engine_turn(engine, sender, i))) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    texts = [m["text"] for answer in answers for m in answer["messages"]]
    assert texts.count("Which day?") == 1
    assert sum(text.startswith("Booked") for text in texts) == 1


def engine_turn(engine: Engine, sender: str, number: int) -> dict[str, Any]:
    """A turn over a connection of its own: a session is not for several threads."""
    import requests

    body = {"sender": sender, "message_id": f"p{number}", "text": f"town {number}"}
    answer: dict[str, Any] = requests.post(
        f"http://127.0.0.1:{engine.port}/webhooks/turn/turn",
        json=body,
        headers={"X-Candor-Token": "a token for tests"},
        timeout=60,
    ).json()
    return answer


def test_understand_says_what_each_text_means_and_touches_no_conversation(engine: Engine) -> None:
    texts = ["where is my order", "/goodbye", "I want to talk to a human"]
    found = engine.post("understand", {"texts": texts}).json()["understood"]
    assert all(set(one) == {"intent", "confidence", "ranking", "threshold", "requests"} for one in found)
    assert [one["intent"] for one in found[:2]] == ["order_status", "goodbye"]
    order, payload, human = (one["requests"] for one in found)
    assert set(order) == set(human) == {"human", "robot"} and payload == {}
    assert set(human["human"]) == {"score", "threshold"}
    assert _hears(human) == ["human"] and _hears(order) == []
    nothing = engine.post("understand", {"texts": []}).json()
    assert nothing["understood"] == [] and nothing["model"]["fingerprint"]


def _hears(requests: dict[str, Any], share: float = 1) -> list[str]:
    return [name for name, one in requests.items() if one["score"] >= one["threshold"] * share]


def _listen(engine: Engine, sender: str, message_id: str, *texts: str) -> dict[str, Any]:
    body = {"sender": sender, "message_id": message_id, "text": texts[0], "slots": {"company": "Nord"}}
    response = engine.post("turn", {**body, "listen": list(texts)})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_a_turn_is_taken_when_nothing_that_is_listened_to_may_be_a_request(engine: Engine, sender: str) -> None:
    heard = _listen(engine, sender, "m1", "Where is my order? hello", "Where is my order?", "hello")
    assert "held" not in heard
    plain = engine.turn(f"other {sender}", "m1", "Where is my order? hello", company="Nord")
    assert {k: v for k, v in heard.items() if k != "ms"} == {k: v for k, v in plain.items() if k != "ms"}
    pressed = _listen(engine, sender, "m2", "/goodbye")
    assert pressed["messages"][0]["text"] == "Bye."


def test_a_turn_is_held_when_a_part_may_be_a_request_and_nothing_is_kept(engine: Engine, sender: str) -> None:
    """Falls when `_turn` of the channel runs the turn before it has looked at `held`."""
    texts = [f"where is my order? {sender} a human please", "where is my order?", "a human please"]
    answer = _listen(engine, sender, "m1", *texts)
    assert set(answer) == {"message_id", "held", "model"} and answer["message_id"] == "m1"
    assert answer["held"] == engine.post("understand", {"texts": texts}).json()["understood"]
    assert not _stored(engine, sender)
    recalled = engine.post("recall", {"sender": sender, "before": None}).json()
    assert (recalled["events"], recalled["texts"], recalled["slots"]) == ([], 0, {})


def test_a_turn_that_was_held_is_taken_by_the_next_call_with_its_id(engine: Engine, sender: str) -> None:
    texts = ("where is my order? a human please", "where is my order?", "a human please")
    assert "held" in _listen(engine, sender, "m1", *texts)
    taken = engine.turn(sender, "m1", "where is my order?")
    assert taken["replayed"] is False and taken["messages"][0]["text"] == "It is on its way."
    again = _listen(engine, sender, "m1", *texts)
    assert again["replayed"] is True and again["messages"] == taken["messages"]


def test_half_a_threshold_is_enough_to_hold(engine: Engine, sender: str) -> None:
    """The gateway may pause in doubt, so it has to look. Falls when `_may_ask` waits for the whole threshold."""
    text = "where is my order? I want a human"
    (parse,) = engine.post("understand", {"texts": [text]}).json()["understood"]
    assert _hears(parse["requests"]) == [] and _hears(parse["requests"], 0.5) == ["human"]
    assert _listen(engine, sender, "m1", text)["held"] == [parse]


BAD_TEXTS = [
    None, "hello", {"0": "hello"}, 5, [""], ["hello", "   "], ["hello", None], [["hello"]], [5], ["hello"] * 33,
]  # fmt: skip


@pytest.mark.parametrize("texts", BAD_TEXTS)
def test_texts_that_make_no_sense_are_refused_with_a_sentence(engine: Engine, sender: str, texts: Any) -> None:
    turn = {"sender": sender, "message_id": "m1", "text": "hello", "listen": texts}
    for response in (engine.post("understand", {"texts": texts}), engine.post("turn", turn)):
        assert response.status_code == 400
        error = response.json()["error"]
        assert error["code"] == "bad_request" and error["message"].endswith(".")
    assert engine.post("recall", {"sender": sender}).json()["texts"] == 0


def test_half_a_character_is_refused_among_texts_too(engine: Engine) -> None:
    assert engine.post("understand", b'{"texts": ["hello", "\\ud800"]}').status_code == 400
    assert engine.post("understand", {}).status_code == 400


def test_listening_to_nothing_takes_the_turn(engine: Engine, sender: str) -> None:
    body = {"sender": sender, "message_id": "m1", "text": "a human please", "listen": []}
    assert "held" not in engine.post("turn", body).json()
    assert len(engine.post("understand", {"texts": ["hello"] * 32}).json()["understood"]) == 32


def test_forgetting_leaves_nothing_in_the_store(engine: Engine, sender: str) -> None:
    secret = f"my secret is {uuid.uuid4().hex}"
    engine.turn(sender, "m1", secret)
    assert _stored(engine, secret)
    assert engine.post("forget", {"sender": sender}).status_code == 204
    assert not _stored(engine, secret)
    assert engine.turn(sender, "m1", "/goodbye")["replayed"] is False


@pytest.mark.parametrize("before", ["1", 1.5, True, 2**63, [1]])
def test_recalling_from_no_place_is_refused_with_a_sentence(engine: Engine, sender: str, before: Any) -> None:
    response = engine.post("recall", {"sender": sender, "before": before})
    assert response.status_code == 400 and response.json()["error"]["message"].endswith("or null.")


def _stored(engine: Engine, text: str) -> bool:
    return any(text.encode() in path.read_bytes() for path in engine.log_path.parent.glob("engine.db*"))


@pytest.mark.parametrize("call", ["turn", "understand", "recall", "forget"])
@pytest.mark.parametrize("token", ["", "wrong", "a token for test"])
def test_nobody_comes_in_without_the_token(engine: Engine, call: str, token: str) -> None:
    response = engine.post(call, {"sender": "x", "message_id": "1", "text": "hi"}, token=token)
    assert response.status_code == 401 and response.json()["error"]["code"] == "wrong_token"


@pytest.mark.parametrize(
    "body",
    [b"", b"not json", b"[]", b"null", b'"text"', b"\xff\xfe", {"sender": "x"},
     {"sender": "x", "message_id": "1", "text": ""},
     {"sender": "x", "message_id": "1", "text": "   "}, {"sender": "x", "message_id": "1", "text": None},
     {"sender": 5, "message_id": "1", "text": "hi"}, {"sender": "x", "message_id": "1", "text": ["hi"]},
     {"sender": "x", "message_id": "1", "text": "hi", "slots": [1]},
     {"sender": "x", "message_id": "1", "text": "hi", "slots": {"no": 1}},
     b'{"sender": "x", "message_id": "1", "text": "\\ud800"}'],
)  # fmt: skip
def test_a_request_that_makes_no_sense_is_refused_with_a_sentence(engine: Engine, body: Any) -> None:
    response = engine.post("turn", body)
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == "bad_request" and error["message"].endswith(".")


@pytest.mark.parametrize(
    "text",
    ["😀😀", "\x00\x01", "a" * 4000, "订单" * 1500, "/", "/ x", "/nothing{", '/order_status{"a": 1', "اين طلبي", "?!"],
)
def test_odd_texts_get_an_answer(engine: Engine, sender: str, text: str) -> None:
    assert engine.turn(sender, "m1", text)["trace"]["intent"] is not None


def test_rasas_own_http_api_is_off(engine: Engine) -> None:
    import requests

    for path in ("/model", "/domain", "/conversations/x/tracker", "/status", "/webhooks/rest/webhook"):
        assert requests.get(f"http://127.0.0.1:{engine.port}{path}", timeout=30).status_code == 404
