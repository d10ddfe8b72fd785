"""Published policies, for anybody to read: pages and JSON, every version, and what each one changed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.api.deps import GatewayServices, Snapshot
from bot.api.schemas.errors import errors
from bot.api.schemas.files import model_or_page
from bot.api.schemas.policies import Phrases, PolicyChanges, PolicyText, PublishedVersions
from bot.core.errors import NotFound
from bot.core.i18n import language_of
from bot.core.ids import Json
from bot.core.text import storable
from bot.policies import Document, Kind, address, in_force, pages, repository
from bot.policies.current import changes_address
from bot.policies.difference import Compared, compare
from bot.policies.markdown import readable
from bot.policies.markup import blocks_of
from bot.standing_requests import phrases_page

router = APIRouter(tags=["policies"])
JSON = ".json"
HEADERS = {"Cache-Control": "no-cache", "Vary": "Accept, Accept-Language"}


class Reader:
    """The language of the response, and whether it is a page or JSON."""

    def __init__(
        self,
        request: Request,
        services: GatewayServices,
        language: Annotated[str | None, Query(max_length=64, description="en or zh; else Accept-Language.")] = None,
        accept_language: Annotated[str | None, Header()] = None,
        accept: Annotated[str | None, Header()] = None,
    ) -> None:
        self.language = language_of(language or accept_language)
        self.page = pages.Page(self.language, services.settings.company, request.url.path)
        path_says = request.url.path.endswith(JSON)
        self.wants_json = path_says or (accept or "").split(",")[0].split(";")[0].strip() == "application/json"

    def answer(self, as_page: str, as_json: Json) -> Response:
        """Whichever of the two is wanted."""
        if self.wants_json:
            return JSONResponse(as_json, headers=HEADERS)
        return HTMLResponse(as_page, headers=HEADERS)


PolicyReader = Annotated[Reader, Depends()]


@router.get("/policies", responses=model_or_page(PublishedVersions, "Every version."))
@router.get("/policies.json", include_in_schema=False)
def list_versions(reader: PolicyReader, session: Snapshot) -> Response:
    """Everything that was published, the newest first."""
    found = repository.editions(session)
    return reader.answer(
        pages.listing(reader.page, found), {"versions": [_listed(one, reader.language) for one in found]}
    )


@router.get("/policies/phrases", responses=model_or_page(Phrases, "The phrases of each language."))
@router.get("/policies/phrases.json", include_in_schema=False)
def list_phrases(reader: PolicyReader) -> Response:
    """What counts as a yes, a no, and every other plain request, word for word."""
    return reader.answer(phrases_page.page(reader.page), phrases_page.as_json())


@router.get("/policies/{kind}", status_code=307, response_class=RedirectResponse, responses=errors(NotFound))
def get_current_version(reader: PolicyReader, kind: str) -> Response:
    """Redirects to the version in force."""
    known = _kind(kind)
    current = in_force().documents[known, "" if known is Kind.PURPOSES else reader.language]
    return RedirectResponse(address(known, current.version, reader.language), headers={"Cache-Control": "no-cache"})


@router.get("/policies/{kind}/{version}", responses={**model_or_page(PolicyText, "The text."), **errors(NotFound)})
def get_version(reader: PolicyReader, session: Snapshot, kind: str, version: str) -> Response:
    """One text. The address with `.json` at its end gives JSON."""
    asked = version.removesuffix(JSON)
    document = _found(session, _kind(kind), asked, reader.language)
    return reader.answer(pages.text(reader.page, asked, document), _whole(document, reader))


@router.get(
    "/policies/{kind}/{version}/changes",
    responses={**model_or_page(PolicyChanges, "The compared blocks."), **errors(NotFound)},
)
@router.get("/policies/{kind}/{version}/changes.json", include_in_schema=False)
def get_changes(reader: PolicyReader, session: Snapshot, kind: str, version: str) -> Response:
    """What this version changed of the one before it, block by block."""
    document = _found(session, _kind(kind), version, reader.language)
    # A version may leave the text in this language as it was: then it is compared with itself.
    before = repository.before(session, document) if document.version == version else document
    compared = _compared(before, document, reader) if before is not None else []
    return reader.answer(
        pages.changes(reader.page, before, document, compared),
        {
            **_about(document, reader.language),
            "before": before.version if before is not None else None,
            "blocks": [{"tag": block.tag, "runs": [asdict(run) for run in block.runs]} for block in compared],
        },
    )


def _kind(name: str) -> Kind:
    if name not in set(Kind):
        raise NotFound(f"There is no such policy; there are {', '.join(Kind)}.")
    return Kind(name)


def _found(session: Session, kind: Kind, version: str, language: str) -> Document:
    document = repository.published(session, kind, version, language) if storable(version, 64) else None
    if document is None:
        raise NotFound("There is no such version; /policies lists all there are.")
    return document


def _compared(before: Document, document: Document, reader: Reader) -> list[Compared]:
    old, new = (blocks_of(readable(one, reader.language, reader.page.company)) for one in (before, document))
    return compare(old, new)


def _listed(edition: repository.Edition, language: str) -> dict[str, Json]:
    return {
        "version": edition.version,
        "published_at": edition.published_at.isoformat(),
        "change": edition.change_in(language),
        "texts": [
            {
                "kind": kind,
                "language": text_language,
                "sha256": sha256,
                "url": address(kind, edition.version, text_language or language),
            }
            for kind, text_language, sha256 in edition.texts
        ],
    }


def _about(document: Document, language: str) -> dict[str, Json]:
    return {
        "kind": document.kind,
        "version": document.version,
        "language": document.language or language,
        "sha256": document.sha256,
        "published_at": document.published_at.isoformat() if document.published_at is not None else None,
        "change": document.change_in(language),
        "url": address(document.kind, document.version, language),
        "changes_url": changes_address(document.kind, document.version, language) if document.change else None,
    }


def _whole(document: Document, reader: Reader) -> dict[str, Json]:
    """`text` is what the hash is of; `readable` is what people read."""
    return {
        **_about(document, reader.language),
        "in_force": document in in_force().documents.values(),
        "text": document.text,
        "readable": readable(document, reader.language, reader.page.company),
    }
