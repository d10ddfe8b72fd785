"""Rasa component: splits a message into words, English and Chinese alike (see words.py)."""

from __future__ import annotations

from typing import Any, Dict, List, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from engine.words import words


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class MixedTokenizer(Tokenizer):
    """One tokenizer for messages in English, Chinese or both; a token's `lemma` is its normal form."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Rasa's own options for intents, at Rasa's own values."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @staticmethod
    def required_packages() -> List[Text]:
        """What must be installed."""
        return ["rjieba", "regex"]

    def tokenize(self, message: Message, attribute: Text) -> List[Token]:
        """The words of one attribute of the message."""
        return [Token(word.text, word.start, lemma=word.normal) for word in words(message.get(attribute))]
