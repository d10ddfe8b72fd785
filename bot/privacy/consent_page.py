"""The receipt of a choice about personal data, to read and to keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.core.html import facts, moment, page, paragraph, table
from bot.core.i18n import copy
from bot.core.ids import Json
from bot.policies import purposes


def consent_page(receipt: Mapping[str, Json], language: str) -> str:
    """HTML of what `bot.consent.receipts.receipt` gave."""
    return page(copy("consent.receipt_title", language), language, _parts(receipt, language))


def _parts(receipt: Mapping[str, Json], language: str) -> Iterator[str]:
    def says(key: str) -> str:
        return copy(f"consent.receipt_{key}", language)

    record = receipt["dpv:hasRecordOfActivity"]
    process, events = record["dpv:hasProcess"], record["dpv:hasConsentStatus"]
    controller = record["dpv:hasDataController"]
    declared = purposes().get(process["dct:identifier"])
    yield paragraph(copy(f"consent.{events[-1]['@type'].removeprefix('dpv:')}", language))
    yield facts(
        [
            (says("what"), declared.title(language) if declared else process.get("dct:title")),
            (says("why"), declared.why(language) if declared else process.get("dct:description")),
            (says("when"), moment(receipt["dct:created"])),
            (says("until"), moment(events[-1]["dct:valid"])),
            (
                says("scope"),
                copy(f"consent.{events[-1]['candor:scope']}", language) if events[-1]["candor:scope"] else "",
            ),
            (says("data"), ", ".join(each["dct:title"] for each in process.get("dpv:hasPersonalData", ()))),
            (says("company"), f"{controller['schema:name']}, {controller['schema:address']}"),
            (says("contact"), f"{controller['dpv:hasContact']}, {controller['dpv:hasDataProtectionOfficer']}"),
            (says("number"), receipt["dct:identifier"]),
            (says("notice"), record["dpv:hasNotice"]["dct:identifier"]),
        ]
    )
    yield table(
        says("history"),
        [says("when"), says("happened"), says("how")],
        [
            (
                moment(event["dct:date"]),
                copy(f"consent.{event['@type'].removeprefix('dpv:')}", language),
                _how(event, language),
            )
            for event in events
        ],
    )


def _how(event: Mapping[str, Json], language: str) -> str:
    how = event["dpv:hasIndicationMethod"]
    return copy(f"consent.how_{how}", language) if how else ""
