"""Candor's extensions of Rasa, tied to Rasa 3.6.21 and Python 3.10 (tests/engine/test_rasa_internals.py lists the
private parts they use).

Every extension is a subclass or a configured component; Rasa is not patched, and `rasa train`, `test`, `shell` and
`data validate` work unchanged. The points of extension:

config.yml       tokenizer.MixedTokenizer, classifier.CandorClassifier, standing_requests.StandingRequestDetectors (both
                 over component.TextModelComponent), rule_policy.NamedRulePolicy
endpoints.yml    tracker_store.LiveTrackerStore (over event_log and live_tracker), responses.ResponsesWithSharedButtons
credentials.yml  turn_channel.TurnChannel (answers built by trace)
our launcher     `python -m engine` (server): processor.EngineAgent, EngineProcessor and StraightGraphRunner;
                 actions.ActionEndpoint, CustomAction, Form and WatchedAction; unused_packages puts stand-ins in the
                 place of packages that no component needs

Language understanding (intent_model, request_model, branch, ngrams, encoders, english_encoder, world_encoder,
onnx_graph, words) does not import Rasa.
"""
