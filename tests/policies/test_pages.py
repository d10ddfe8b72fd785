"""Policies as anybody reads them: every version, in both languages, and what each one changed, without a script."""

from __future__ import annotations

import hashlib

import pytest

from bot.policies.difference import compare, only_changed
from bot.policies.markup import Block, as_html, blocks_of
from tests.policies.drafting import MOVED, OTHER_DATA, edit, publish
from tests.policies.outline import Outline
from tests.policies.site import Site

FIRST = "/policies/privacy/2026-11-27"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_is_plain_well_made_html(site: Site, language: str) -> None:
    version = site.publish(*MOVED).version
    query = f"?language={language}"
    paths = ["/policies"]
    paths += [f"/policies/{kind}/2026-11-27" for kind in ("disclosure", "privacy", "purposes")]
    paths += [f"/policies/{kind}/{version}{end}" for kind in ("privacy", "purposes") for end in ("", "/changes")]
    for path in paths:
        answer = site.get(path + query)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8"), path
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        page = Outline(answer.text)
        assert page.language == {"en": "en", "zh": "zh-Hans"}[language]
        assert "script" not in page.tags and "img" not in page.tags and page.tags.count("main") == 1
        assert page.headings[0] == 1 and page.headings.count(1) == 1, path
        steps = zip(page.headings, page.headings[1:], strict=False)
        assert all(after - before <= 1 for before, after in steps), (path, page.headings)
        assert all(site.get(link).status_code == 200 for link in page.links if link.startswith("/")), path
        assert "Fern &amp; Hale" in answer.text and "{" not in answer.text.partition("</style>")[2]


def test_the_language_is_the_one_asked_for_else_the_browsers(site: Site) -> None:
    assert "本聊天中的隐私" in site.get(FIRST, **{"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}).text
    assert "Privacy in this chat" in site.get(FIRST, **{"Accept-Language": "fr"}).text
    assert "Privacy in this chat" in site.get(FIRST + "?language=en", **{"Accept-Language": "zh-CN"}).text


def test_a_text_is_shown_with_its_date_its_hash_and_whether_it_is_in_force(site: Site) -> None:
    before = site.get(FIRST).text
    data = site.get(f"{FIRST}.json").json()
    assert data["sha256"] == hashlib.sha256(data["text"].encode()).hexdigest() and data["in_force"] is True
    assert data["sha256"] in before and f'datetime="{data["published_at"][:19]}' in before
    assert "In force" in before and "no longer in force" not in before

    version = site.publish(*MOVED).version
    after = site.get(FIRST).text
    assert "no longer in force" in after and f'href="/policies/privacy/{version}?language=en"' in after
    assert site.get(f"{FIRST}.json").json()["text"] == data["text"]
    assert "14 Market Street" in site.get(f"/policies/privacy/{version}").text


def test_a_kind_leads_to_the_version_in_force(site: Site) -> None:
    version = site.publish(*MOVED).version
    answer = site.get("/policies/privacy?language=zh")
    assert answer.url.endswith(f"/policies/privacy/{version}?language=zh") and answer.history[0].status_code == 307


def test_versions_are_listed_the_newest_first_with_what_changed(site: Site) -> None:
    version = site.publish(*MOVED).version
    page = site.get("/policies?language=zh").text
    assert page.index(version) < page.index("我们搬家了。") < page.index("这是第一个版本。")
    listed = site.get("/policies", Accept="application/json").json()["versions"]
    assert [(one["version"], one["change"]) for one in listed] == [(version, "We moved."), ("2026-11-27", "")]
    assert [text["kind"] for text in listed[0]["texts"]] == ["privacy", "privacy", "purposes"]


def test_changes_are_marked_and_not_by_colour_alone(site: Site) -> None:
    version = site.publish(*MOVED).version
    page = site.get(f"/policies/privacy/{version}/changes").text
    assert '<del><span class="spoken">[removed: </span>12<span class="spoken">]</span></del>' in page
    assert '<ins><span class="spoken">[added: </span>14<span class="spoken">]</span></ins> Market Street' in page
    assert "We moved." in page and "Who is responsible" in page and "Your rights" not in page
    data = site.get(f"/policies/privacy/{version}/changes.json").json()
    changed = [block for block in data["blocks"] if len(block["runs"]) > 1]
    assert (data["before"], len(changed)) == ("2026-11-27", 1)
    assert [run["text"] for run in changed[0]["runs"] if run["op"] == "added"] == ["14"]


def test_the_purposes_are_words_and_not_yaml(site: Site) -> None:
    version = site.publish(*OTHER_DATA).version
    page = site.get(f"/policies/purposes/{version}").text
    assert "<h3>Use your order history</h3>" in page and "What is used: order status, delivery</li>" in page
    assert "sign_in:" not in page and "under_gpc" not in page
    changes = site.get(f"/policies/purposes/{version}/changes?language=zh").text
    assert "、退款信息" in changes and "使用您的订单记录" in changes and "使用您的账户资料" not in changes


def test_a_language_that_did_not_change_says_so(site: Site) -> None:
    version = site.publish("privacy.zh.md", "## 谁负责", "## 由谁负责").version
    english = site.get(f"/policies/privacy/{version}?language=en").text
    assert "unchanged since version 2026-11-27." in english and "no longer in force" not in english
    changes = site.get(f"/policies/privacy/{version}/changes?language=en").text
    assert "the same in both versions" in changes and "<ins>" not in changes
    assert "由" in site.get(f"/policies/privacy/{version}/changes?language=zh").text


def test_the_first_version_has_nothing_to_be_compared_with(site: Site) -> None:
    assert "This is the first version." in site.get(f"{FIRST}/changes").text
    assert site.get(f"{FIRST}/changes.json").json()["before"] is None


@pytest.mark.parametrize(
    "path",
    ["/policies/privacy/2026-01-01", "/policies/secrets/2026-11-27", "/policies/secrets", f"{FIRST}.2/changes",
     "/policies/privacy/..%2f..%2fetc"],
)  # fmt: skip
def test_what_does_not_exist_is_404_in_the_one_shape(site: Site, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 404 and set(answer.json()["error"]) == {"code", "message"}


def test_nothing_in_a_text_becomes_html(site: Site) -> None:
    edit(site.folder, "privacy.en.md", "## Who answers you", "## <script>alert(1)</script> & <b>who</b>")
    edit(
        site.folder, "privacy.en.md", "An AI assistant", "[x](javascript:alert(1)) ![p](https://e.example/p.png) An AI"
    )
    edit(site.folder, "purposes.yml", "en: Use your order history", "en: <img src=x onerror=alert(1)>")
    version = publish(site.services.database, site.folder, {"en": "<i>We moved.</i>", "zh": "好。"})[0].version
    for path in ("/policies", f"/policies/privacy/{version}", f"/policies/privacy/{version}/changes",
                 f"/policies/purposes/{version}", f"/policies/purposes/{version}/changes"):  # fmt: skip
        page = Outline(site.get(path + "?language=en").text)
        assert not {"script", "b", "i", "img"} & set(page.tags), path
        assert not [link for link in page.links if "script" in link], path


def test_links_to_policies_keep_the_language() -> None:
    assert 'href="/policies?language=zh"' in as_html("[所有版本](/policies)", "zh")
    assert 'href="https://example.com/policies"' in as_html("[x](https://example.com/policies)", "zh")


def test_a_reworded_sentence_is_set_against_the_old_one_and_a_new_one_stands_by_itself() -> None:
    before = blocks_of("# T\n\nOne two three.\n\n- apples and pears\n- plums\n\nGone altogether.")
    after = blocks_of("# T\n\nOne 2 three.\n\n- apples and cherries\n- plums\n- figs\n")
    marked = [(one.tag, [(run.op, run.text) for run in one.runs]) for one in compare(before, after)]
    assert marked == [
        ("h1", [("same", "T")]),
        ("p", [("same", "One "), ("removed", "two"), ("added", "2"), ("same", " three.")]),
        ("li", [("same", "apples and "), ("removed", "pears"), ("added", "cherries")]),
        ("li", [("same", "plums")]),
        ("li", [("added", "figs")]),
        ("p", [("removed", "Gone altogether.")]),
    ]


def test_only_what_changed_is_shown_with_the_headings_above_it() -> None:
    before = [Block("h1", "T"), Block("h2", "A"), Block("p", "a"), Block("h2", "B"), Block("p", "b b b")]
    shown = only_changed(compare(before, [*before[:-1], Block("p", "b b c")]))
    assert [(one.tag, one.runs[0].text) for one in shown] == [("h1", "T"), ("h2", "B"), ("p", "b b ")]
