"""Everything a door may use, put together once."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from bot.chat.inbox import Inbox
from bot.chat.pipeline import Turns
from bot.chat.policy_notice import PolicyNews
from bot.chat.turn_queue import TurnQueue
from bot.consent import Consents, Gate
from bot.core.settings import Settings
from bot.db import Database, Keyring
from bot.db.keyring import load_secret
from bot.decisions import Recorder
from bot.handoff import Handoffs
from bot.masking import Finder, Vault
from bot.messaging import Hub, Outbox
from bot.oversight.contests import Contests
from bot.oversight.stops import Stops, switched_off
from bot.privacy.erasure.external_stores import Stores
from bot.privacy.erasure.service import Eraser
from bot.privacy.retention import Retention
from bot.privacy.withdrawal_cleanup import Forgetting
from bot.rasa import Engine
from bot.shop import DemoShop, IdentityTokens, Shop
from bot.standing_requests.service import StandingRequests
from bot.transparency_log import Sealer
from bot.transparency_log.checkpoint import Signer


@dataclass(frozen=True)
class Services:
    """The parts of a running gateway. Doors find them at `request.app.state.services`."""

    settings: Settings
    database: Database
    keyring: Keyring
    hub: Hub
    outbox: Outbox
    recorder: Recorder
    vault: Vault
    consents: Consents
    gate: Gate
    shop: Shop
    identities: IdentityTokens
    handoffs: Handoffs
    engine: Engine
    turns: Turns
    news: PolicyNews
    sealer: Sealer
    stops: Stops
    contests: Contests
    eraser: Eraser
    stores: Stores
    retention: Retention


def build(settings: Settings, database: Database, engine: Engine) -> Services:
    """Put the parts together. Within the event loop: the hub belongs to it. Secrets are made at first start."""
    keyring = Keyring.from_folder(settings.data_dir)
    hub, outbox, vault = Hub(), Outbox(keyring), Vault(keyring, Finder(settings.order_pattern))
    database.on_commit(hub.wake)
    recorder = Recorder(keyring, socket.gethostname())
    handoffs = Handoffs(outbox, recorder.record, keyring, settings.handoff_wait, switched_off)
    consents = Consents(outbox.append, Forgetting(vault, handoffs), settings.consent_days)
    stops = Stops(settings, outbox, recorder.record, handoffs)
    news = PolicyNews(outbox, settings.public_url)
    turns = Turns(
        database=database,
        keyring=keyring,
        settings=settings,
        outbox=outbox,
        hub=hub,
        recorder=recorder,
        vault=vault,
        consents=consents,
        handoffs=handoffs,
        stops=stops,
        requests=StandingRequests(settings, outbox, recorder, consents, handoffs),
        engine=engine,
        inbox=Inbox(outbox, news),
        queue=TurnQueue(),
    )
    eraser = Eraser(keyring, recorder, handoffs, settings.data_dir)
    return Services(
        settings=settings,
        database=database,
        keyring=keyring,
        hub=hub,
        outbox=outbox,
        recorder=recorder,
        vault=vault,
        consents=consents,
        gate=Gate(keyring, recorder.record, consents),
        shop=DemoShop(database),
        identities=IdentityTokens(load_secret(settings.data_dir, "identity.key"), settings.identity_public_key),
        handoffs=handoffs,
        engine=engine,
        turns=turns,
        news=news,
        sealer=make_sealer(settings),
        stops=stops,
        contests=Contests(settings, outbox, recorder.record, keyring, vault),
        eraser=eraser,
        stores=Stores(database, keyring, eraser, engine, hub, turns.queue.holds, settings.data_dir),
        retention=Retention(database, eraser, engine),
    )


def make_sealer(settings: Settings) -> Sealer:
    """The sealer of this log; its key is made at first start."""
    signer = Signer(settings.log_origin, load_secret(settings.data_dir, "log.key"))
    return Sealer(signer, settings.data_dir)
