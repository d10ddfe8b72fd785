"""Everything a door may use, put together once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.inbox import Inbox
from bot.chat.pipeline import TurnPipeline
from bot.chat.policy_notice import PolicyNotice
from bot.chat.steps.endings import Endings
from bot.chat.steps.mask import Mask
from bot.chat.steps.record import Answerer
from bot.chat.steps.route import Router
from bot.chat.steps.think import Thinker
from bot.chat.turn_queue import TurnQueue
from bot.consent import Consents, Gate
from bot.core.rate_limit import RateLimit, message_limit, sign_in_limit
from bot.core.settings import Settings
from bot.db import Database
from bot.db.keyring import load_secret
from bot.desk.queue import QueueView
from bot.masking import Finder, PlaceholderStore
from bot.messaging import PubSub
from bot.offline import OfflineServices, build_offline
from bot.oversight.access_log import AccessLog
from bot.oversight.contests import Contests
from bot.oversight.corrections import Corrections
from bot.oversight.rasa_project import RasaProject
from bot.oversight.reviews import Reviews
from bot.oversight.stops import Stops
from bot.privacy.erasure.external_stores import ExternalStores
from bot.privacy.retention import Retention
from bot.privacy.withdrawal_cleanup import WithdrawalCleanup
from bot.rasa import Engine
from bot.shop.demo import DemoShop
from bot.shop.identity import IdentityTokens
from bot.shop.shop import Shop
from bot.standing_requests.service import StandingRequests


@dataclass(frozen=True)
class Services(OfflineServices):
    """The parts of a running gateway. Doors find them at `request.app.state.services`."""

    pubsub: PubSub
    placeholders: PlaceholderStore
    consents: Consents
    gate: Gate
    shop: Shop
    identities: IdentityTokens
    engine: Engine
    turns: TurnPipeline
    policy_notice: PolicyNotice
    stops: Stops
    contests: Contests
    project: RasaProject
    access_log: AccessLog
    corrections: Corrections
    reviews: Reviews
    queue_view: QueueView
    external_stores: ExternalStores
    message_limit: RateLimit
    sign_in_limit: RateLimit


def build(settings: Settings, database: Database, engine: Engine) -> Services:
    """Construct all services."""
    offline = build_offline(settings, database)
    keyring, outbox, recorder, handoffs = offline.keyring, offline.outbox, offline.recorder, offline.handoffs
    pubsub, placeholders, eraser = PubSub(), PlaceholderStore(keyring, Finder(settings.order_pattern)), offline.eraser
    database.on_commit(pubsub.publish)
    consents = Consents(outbox, WithdrawalCleanup(placeholders, handoffs), settings.consent_days)
    project = RasaProject()
    stops = Stops(settings, outbox, recorder, handoffs, project)
    corrections = Corrections(recorder, keyring, placeholders.finder, project)
    policy_notice = PolicyNotice(outbox, settings.public_url)
    mask, endings = Mask(placeholders), Endings(settings, outbox, recorder, stops)
    requests = StandingRequests(settings, outbox, recorder, consents, handoffs)
    turns = TurnPipeline(
        database=database,
        pubsub=pubsub,
        inbox=Inbox(outbox, policy_notice),
        mask=mask,
        router=Router(settings, recorder, consents, handoffs, requests, mask, endings),
        thinker=Thinker(engine, pubsub),
        answerer=Answerer(settings, outbox, recorder, placeholders, endings),
        endings=endings,
        queue=TurnQueue(),
    )
    return Services(
        **{**vars(offline), "retention": Retention(database, eraser, engine)},
        pubsub=pubsub,
        placeholders=placeholders,
        consents=consents,
        gate=Gate(keyring, recorder, consents),
        shop=DemoShop(database),
        identities=IdentityTokens(load_secret(settings.data_dir, "identity.key"), settings.identity_public_key),
        engine=engine,
        turns=turns,
        policy_notice=policy_notice,
        stops=stops,
        contests=Contests(settings, outbox, recorder, keyring, placeholders),
        project=project,
        access_log=AccessLog(recorder),
        corrections=corrections,
        reviews=Reviews(recorder, corrections, project),
        queue_view=QueueView(outbox, handoffs),
        external_stores=ExternalStores(database, keyring, eraser, engine, pubsub, turns.queue.holds, settings.data_dir),
        message_limit=message_limit(settings.message_rate),
        sign_in_limit=sign_in_limit(),
    )
