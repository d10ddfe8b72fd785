"""Published policies as anybody may read them: pages and JSON, every version, and what each one changed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.core.errors import NotFound
from bot.core.i18n import language_of
from bot.core.ids import Json
from bot.core.text import storable
from bot.policies import Document, Kind, address, in_force, pages, repository
from bot.policies.current import changes_address
from bot.policies.difference import Compared, compare
from bot.policies.markdown import readable
from bot.policies.markup import blocks_of
from bot.services import Services
from bot.standing_requests import phrases_page

router = APIRouter(tags=["policies"])
JSON = ".json"
HEADERS = {
    "Cache-Control": "no-cache",
    "Vary": "Accept, Accept-Language",
}


class Reader:
    """Who reads: in which language, and whether a page or JSON."""

    def __init__(
        self,
        request: Request,
        language: Annotated[str | None, Query(max_length=64, description="en or zh; else Accept-Language.")] = None,
        accept_language: Annotated[str | None, Header()] = None,
        accept: Annotated[str | None, Header()] = None,
    ) -> None:
        parts: Services = request.app.state.services
        self.parts = parts
        self.language = language_of(language or accept_language)
        self.page = pages.Page(self.language, parts.settings.company, request.url.path)
        path_says = request.url.path.endswith(JSON)
        self.wants_json = path_says or (accept or "").split(",")[0].split(";")[0].strip() == "application/json"

    def answer(self, as_page: str, as_json: Json) -> Response:
        """Whichever of the two is wanted."""
        if self.wants_json:
            return JSONResponse(as_json, headers=HEADERS)
        return HTMLResponse(as_page, headers=HEADERS)


Who = Annotated[Reader, Depends()]


@router.get("/policies")
@router.get("/policies.json", include_in_schema=False)
async def every_version(who: Who) -> Response:
    """Everything that was published, the newest first."""
    found = await who.parts.database.read(repository.editions)
    return who.answer(pages.listing(who.page, found), {"versions": [_listed(one, who.language) for one in found]})


@router.get("/policies/phrases")
@router.get("/policies/phrases.json", include_in_schema=False)
async def every_phrase(who: Who) -> Response:
    """What counts as a yes, a no, and every other plain request, word for word."""
    return who.answer(phrases_page.page(who.page), phrases_page.as_json())


@router.get("/policies/{kind}")
async def in_force_now(who: Who, kind: str) -> Response:
    """Leads to the version in force."""
    known = _kind(kind)
    current = in_force().documents[known, "" if known is Kind.PURPOSES else who.language]
    return RedirectResponse(address(known, current.version, who.language), headers={"Cache-Control": "no-cache"})


@router.get("/policies/{kind}/{version}")
async def one_text(who: Who, kind: str, version: str) -> Response:
    """One text as it stood once this version was published."""
    asked = version.removesuffix(JSON)
    document = await who.parts.database.read(lambda s: _found(s, _kind(kind), asked, who.language))
    return who.answer(pages.text(who.page, asked, document), _whole(document, who))


@router.get("/policies/{kind}/{version}/changes")
@router.get("/policies/{kind}/{version}/changes.json", include_in_schema=False)
async def what_changed(who: Who, kind: str, version: str) -> Response:
    """What this version changed of the one before it, block by block."""

    def work(session: Session) -> tuple[Document | None, Document]:
        document = _found(session, _kind(kind), version, who.language)
        # A version may leave the text in this language as it was: then there is nothing to set against it but itself.
        return (repository.before(session, document) if document.version == version else document), document

    before, document = await who.parts.database.read(work)
    compared = _compared(before, document, who) if before is not None else []
    return who.answer(
        pages.changes(who.page, before, document, compared),
        {
            **_about(document, who.language),
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


def _compared(before: Document, document: Document, who: Reader) -> list[Compared]:
    old, new = (blocks_of(readable(one, who.language, who.page.company)) for one in (before, document))
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


def _whole(document: Document, who: Reader) -> dict[str, Json]:
    """`text` is what the hash is of; `readable` is what people read."""
    return {
        **_about(document, who.language),
        "in_force": document in in_force().documents.values(),
        "text": document.text,
        "readable": readable(document, who.language, who.page.company),
    }
