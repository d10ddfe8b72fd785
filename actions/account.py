"""Which name and addresses does the shop have for me: a personal answer, given under a grant only."""

from __future__ import annotations

import re
from collections.abc import Mapping

from actions.base import Event, Scene
from actions.personal import PersonalAction
from bot.rasa.action_context import ACCOUNT_DETAILS, Account, Grant, Visit, describe_account

ASKED: Mapping[str, re.Pattern[str]] = {
    "name": re.compile(r"\bnames?\b|姓名|名字|叫什么"),
    "email": re.compile(r"e-?mails?\b|\bmail|邮箱|邮件|电邮"),
    "phone": re.compile(r"phone|mobile|\bcell|电话|手机"),
    # "E-mail address" and 邮箱地址 do not ask for the street.
    "address": re.compile(r"(?<!mail )\bad+ress|street|(?<!邮箱)(?<!邮件)地址"),
}
"""How a question names what it asks for."""


class ActionAccountDetails(PersonalAction[Account]):
    """Name, e-mail address, phone number and address of the account."""

    action = "action_account_details"
    purpose = ACCOUNT_DETAILS
    how_to = "account_how_to"

    async def read(self, scene: Scene, grant: Grant) -> Account:
        """The account."""
        return await scene.services.shop.account(grant)

    async def tell(self, scene: Scene, visit: Visit, found: Account) -> list[Event]:
        """What was asked for, or all of it; and how to correct it."""
        answer = [describe_account(found, asked_for(scene), scene.language), scene.copy("account_change")]
        scene.say(await visit.keep_answer(scene.sentences(answer), self.purpose), scene.human())
        return []


def asked_for(scene: Scene) -> list[str]:
    """The categories that the question names; none when it names none, or goes on after a yes."""
    text = scene.text.lower()
    return [name for name, pattern in ASKED.items() if scene.intent == "account_details" and pattern.search(text)]
