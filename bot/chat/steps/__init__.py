"""The steps of a turn: route, mask, think, record and speak. `bot.chat.pipeline` takes them in order."""
