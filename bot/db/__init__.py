"""Tables, the one transaction edge, and the keys that personal data is encrypted with."""

from bot.db.database import Database, core, touch
from bot.db.keyring import Keyring

__all__ = ["Database", "Keyring", "core", "touch"]
