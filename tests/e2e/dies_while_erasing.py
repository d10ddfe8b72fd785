"""`candor serve`, dying by kill -9 in the middle of an erasure: first before, then after the engine has forgotten."""

import os
import signal
from pathlib import Path

from bot.cli import main
from bot.core.settings import load_settings
from bot.rasa import RasaEngine

mark: Path = load_settings().data_dir / "died-once"
really_forget = RasaEngine.forget


async def forget(self: RasaEngine, conversation_id: str) -> None:
    if mark.exists():
        await really_forget(self, conversation_id)
        mark.unlink()
    else:
        mark.touch()
    os.kill(os.getpid(), signal.SIGKILL)


RasaEngine.forget = forget  # type: ignore[method-assign]
main.main()
