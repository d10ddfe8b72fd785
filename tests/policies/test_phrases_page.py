"""The closed lists of phrases as anybody reads them: every list, word for word, in both languages."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from bot.core.i18n import entries
from bot.standing_requests import phrases
from bot.standing_requests.hearing import ALLOWING, IN_DOUBT, PLAIN
from tests.policies.outline import Outline
from tests.policies.site import Site

PAGE = "/policies/phrases"
LISTS = {*ALLOWING, *PLAIN, "refuse", IN_DOUBT}


def shown(page: str) -> str:
    """What is read on the page: its text without tags."""
    return unescape(re.sub(r"<[^>]+>", "", page.partition("<main>")[2]))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_plain_well_made_html(site: Site, language: str) -> None:
    answer = site.get(f"{PAGE}?language={language}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    page = Outline(answer.text)
    assert page.language == {"en": "en", "zh": "zh-Hans"}[language]
    assert "script" not in page.tags and page.tags.count("main") == 1 and page.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert "{" not in answer.text.partition("</style>")[2]
    ids = re.findall(r' id="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids)) and {link[1:] for link in page.links if link.startswith("#")} <= set(ids)


@pytest.mark.parametrize("reader", ["en", "zh"])
def test_every_list_is_shown_with_its_heading_and_every_phrase(site: Site, reader: str) -> None:
    page = site.get(f"{PAGE}?language={reader}").text
    text, copy = shown(page), entries("policies")
    gap = copy["phrases_purpose"][reader]
    for language in ("en", "zh"):
        assert phrases.lists_of(language).keys() == LISTS
        for part, patterns in phrases.lists_of(language).items():
            assert text.count(copy[f"phrases_{part}"][reader]) >= 2
            assert copy[f"phrases_{part}_text"][reader] in text
            for pattern in patterns:
                readable = re.sub("<([^<>]+)>", r"\1", pattern).replace("{purpose}", gap)
                assert f"\n{readable}\n" in text, pattern
        said = [*phrases.notation(language, "courtesy"), *phrases.notation(language, "weak")]
        said += [word for words in phrases.notation(language, "words").values() for word in words]
        said += [word for words in phrases.notation(language, "spellings").values() for word in words]
        assert [word for word in said if word not in text] == []


def test_the_same_is_to_be_had_as_data_in_the_files_notation(site: Site) -> None:
    data = site.get(f"{PAGE}.json").json()
    assert site.get(PAGE, Accept="application/json").json() == data
    english, chinese = data["languages"]
    assert (english["language"], chinese["language"], data["longest"]) == ("en", "zh", phrases.MAX_LENGTH)
    assert {one["name"] for one in chinese["lists"]} == LISTS
    assert "allow" in listed(english, "allow_any_time") and "谢谢" in chinese["courtesy"]
    assert english["spellings"]["allow"][0] == "alow" and "orders" in english["names_of_data"]["order_history"]


def listed(language: dict[str, Any], name: str) -> list[str]:
    return next(one["phrases"] for one in language["lists"] if one["name"] == name)


def test_the_other_pages_lead_there(site: Site) -> None:
    for path in ("/policies", "/policies/privacy", PAGE):
        page = Outline(site.get(f"{path}?language=zh").text)
        assert f"{PAGE}?language=zh" in page.links, path
    assert 'phrases?language=en" aria-current="page"' in site.get(f"{PAGE}?language=en").text


def test_a_name_leads_to_the_words_that_it_stands_for(site: Site) -> None:
    page = site.get(f"{PAGE}?language=en").text
    found = re.search(r'<a href="#([\w-]+)">person</a>', page)
    assert found is not None and f'<dt id="{found[1]}" lang="en">person</dt><dd lang="en">human · person' in page
