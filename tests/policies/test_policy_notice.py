"""Returning visitors are told what changed: once, in a sentence, in their language, and never before the disclosure."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.chat.disclosure import confirm, current_notice
from bot.chat.policy_notice import PolicyNotice
from bot.chat.sessions import open_conversation
from bot.core.errors import Conflict
from bot.core.settings import Settings
from bot.db import Database
from bot.db.models import ConversationRow
from bot.policies import in_force, put_in_force
from bot.services import Services
from tests import transactions
from tests.playing import ask, play, said
from tests.policies.drafting import MOVED, OTHER_WORDS, SENTENCES, edit, publish
from tests.scripted import ScriptedEngine

TOLD = "Our privacy notice has changed: We moved. You can read it here: "


def tell(services: Services, conversation_id: str) -> None:
    transactions.write(
        services.database, lambda s: services.policy_notice.announce(s, s.get_one(ConversationRow, conversation_id))
    )


def told_version(services: Services, conversation_id: str) -> str | None:
    return transactions.read(services.database, lambda s: s.get_one(ConversationRow, conversation_id)).policy_version


def test_a_fresh_conversation_begins_with_what_is_in_force_and_is_told_nothing(
    settings: Settings, published: Database, folder: Path
) -> None:
    edit(folder, *MOVED)
    publish(published, folder)

    async def scenario(services: Services, _engine: ScriptedEngine, conversation_id: str) -> None:
        await ask(services, conversation_id, "refund?")
        assert [author for author, _ in await said(services, conversation_id)] == ["visitor", "assistant"]
        assert told_version(services, conversation_id) == in_force().version

    play(settings, published, scenario)


def test_a_returning_visitor_is_told_once_before_what_they_say_is_answered(
    settings: Settings, published: Database, folder: Path
) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine, conversation_id: str) -> None:
        tell(services, conversation_id)
        edit(folder, *MOVED)
        version = publish(published, folder)[0].version
        await ask(services, conversation_id, "refund?")
        await ask(services, conversation_id, "refund?")
        tell(services, conversation_id)
        messages = await said(services, conversation_id)
        assert messages[0] == ("system", f"{TOLD}/policies/privacy/{version}?language=en")
        assert [author for author, _ in messages] == ["system", "visitor", "assistant", "visitor", "assistant"]

    play(settings, published, scenario)


def test_nobody_is_told_twice_when_several_try_at_once(settings: Settings, published: Database, folder: Path) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine, conversation_id: str) -> None:
        tell(services, conversation_id)
        edit(folder, *MOVED)
        publish(published, folder)

        def work(session: Session) -> None:
            services.policy_notice.announce(session, session.get_one(ConversationRow, conversation_id))

        await asyncio.gather(*(published.run(transactions.write, published, work) for _ in range(8)))
        assert [text.partition("/")[0] for _, text in await said(services, conversation_id)] == [TOLD]

    play(settings, published, scenario)


def test_nothing_is_said_before_the_disclosure(settings: Settings, published: Database, folder: Path) -> None:
    """Rule D1. Falls when `tell` no longer asks for the disclosure."""

    async def scenario(services: Services, _engine: ScriptedEngine, conversation_id: str) -> None:
        def back(session: Session) -> None:
            session.get_one(ConversationRow, conversation_id).policy_version = "2026-11-27"

        transactions.write(services.database, back)
        edit(folder, *MOVED)
        publish(published, folder)
        tell(services, conversation_id)
        with pytest.raises(Conflict):
            await ask(services, conversation_id, "refund?")
        assert await said(services, conversation_id) == []
        assert told_version(services, conversation_id) == "2026-11-27"

        def disclose(session: Session) -> None:
            notice = current_notice("en", settings.company)
            confirm(session, session.get_one(ConversationRow, conversation_id), notice, notice.version)

        transactions.write(services.database, disclose)
        tell(services, conversation_id)
        assert len(await said(services, conversation_id)) == 1

    play(settings, published, scenario, disclose=False)


def test_who_missed_several_versions_is_told_of_each_in_one_message(
    settings: Settings, published: Database, folder: Path
) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine, conversation_id: str) -> None:
        tell(services, conversation_id)
        edit(folder, *MOVED)
        notice = publish(published, folder)[0].version
        edit(folder, *OTHER_WORDS)
        publish(published, folder, {"en": "One purpose is called otherwise.", "zh": "一个目的换了名称。"})
        tell(services, conversation_id)
        expected = (
            f"{TOLD.replace('We moved.', 'We moved. One purpose is called otherwise.')}/policies/privacy/{notice}"
        )
        assert await said(services, conversation_id) == [("system", f"{expected}?language=en")]
        assert told_version(services, conversation_id) == in_force().version != notice

    play(settings, published, scenario)


@pytest.mark.parametrize(
    ("change", "beginning", "kind"),
    [
        (MOVED, "我们的隐私声明有更新：", "privacy"),
        (OTHER_WORDS, "我们使用个人数据的目的有更新：", "purposes"),
        (("disclosure.zh.md", "随时", "任何时候都"), "我们关于本助手的说明有更新：", "disclosure"),
    ],
    ids=["privacy", "purposes", "disclosure"],
)
def test_the_message_is_in_the_visitors_language_and_links_to_what_changed(
    settings: Settings, published: Database, folder: Path, change: tuple[str, str, str], beginning: str, kind: str
) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine, conversation_id: str) -> None:
        def chinese(session: Session) -> None:
            session.get_one(ConversationRow, conversation_id).language = "zh"

        transactions.write(services.database, chinese)
        tell(services, conversation_id)
        edit(folder, *change)
        version = publish(published, folder)[0].version
        tell(services, conversation_id)
        link = f"https://chat.example.com/candor/policies/{kind}/{version}?language=zh"
        assert await said(services, conversation_id) == [
            ("system", f"{beginning}{SENTENCES['zh']}您可以在这里阅读：{link}")
        ]

    play(settings.model_copy(update={"public_url": "https://chat.example.com/candor/"}), published, scenario)


def test_a_process_that_does_not_know_the_newest_version_yet_sets_nobody_back(
    settings: Settings, published: Database, folder: Path
) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine, conversation_id: str) -> None:
        before = in_force()
        edit(folder, *MOVED)
        publish(published, folder)
        tell(services, conversation_id)
        newest = told_version(services, conversation_id)
        put_in_force(tuple(before.documents.values()), before.rows)
        tell(services, conversation_id)
        assert told_version(services, conversation_id) == newest != before.version

    play(settings, published, scenario)


def test_whether_there_is_news_is_known_without_asking_the_database(published: Database) -> None:
    def work(session: Session) -> ConversationRow:
        return open_conversation(session, "widget", "en")

    conversation = transactions.write(published, work)
    notice = PolicyNotice(None, "")  # type: ignore[arg-type]
    assert notice.due(conversation.policy_version)
    conversation.policy_version = in_force().version
    assert not notice.due(conversation.policy_version)
