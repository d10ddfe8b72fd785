"""What Rasa loads from us. Tied to Rasa 3.6.21 and Python 3.10: the subclasses reach into parts that other releases
change.

Everything is a subclass or a configured component; nothing of Rasa is patched, and `rasa train`, `test`, `shell` and
`data validate` work unchanged. The points of extension:

config.yml       tokenizer.MixedTokenizer, classifier.CandorClassifier, standing_requests.StandingRequestDetectors,
                 rule_policy.NamedRulePolicy
endpoints.yml    tracker_store.LiveTrackerStore (over event_log and live_tracker)
credentials.yml  turn_channel.TurnChannel (answers built by trace)
our launcher     `python -m engine` (server): processor.EngineAgent, EngineProcessor and StraightGraphRunner;
                 actions.ActionEndpoint, CustomAction, Form and WatchedAction; without_tensorflow puts a stand-in for
                 TensorFlow where no component needs it

Understanding itself (intent_model, request_model, branch, ngrams, encoders, onnx_graph, words) knows nothing of Rasa.
"""
