"""Tables, the one transaction edge, and the keys that personal data is encrypted with."""

from bot.storage.database import Database, touch
from bot.storage.keyring import Keyring

__all__ = ["Database", "Keyring", "touch"]
