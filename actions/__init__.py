"""Rasa's custom actions, one topic a file. They run inside the gateway and ask bot.rasa.action_context."""
