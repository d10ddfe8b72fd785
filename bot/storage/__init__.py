"""Tables, the one transaction edge, and the keys that personal data is encrypted with."""

from bot.storage.database import Database, by_index_alone, touch
from bot.storage.keyring import Keyring

__all__ = ["Database", "Keyring", "by_index_alone", "touch"]
