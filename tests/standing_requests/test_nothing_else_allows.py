"""Rule C1: words allow only as a phrase of the closed list. 20,000 texts that sound like one allow nothing."""

# ruff: noqa: E501 (tables of wordings)

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from bot.core.i18n import LANGUAGES
from bot.standing_requests import phrases
from bot.standing_requests.hearing import ALLOWING
from bot.standing_requests.phrases import PURPOSE, find

DEEDS = (
    "allow it", "allow that", "allow you to look", "agree", "agree to this", "accept", "consent", "permit it", "say yes",
    "give permission", "let you look", "approve", "authorise you", "share my orders", "grant access", "click allow",
)  # fmt: skip
YES = (
    "yes",
    "yeah",
    "ok",
    "sure",
    "fine",
    "of course",
    "alright",
    "go ahead",
    "you may look",
    "I agree",
    "absolutely",
    "allow",
)
FRAMES = {
    "question": (
        "should I {do}", "do I have to {do}", "why should I {do}", "what happens if I {do}", "can I {do} later", "who else can {do}",
        "how do I {do}", "must I {do}?", "would you {do}", "did I {do}", "is it safe to {do}", "when did I {do}", "{do}?", "what if I {do}",
        "you want me to {do}", "why does it say {do}", "do people {do}", "how long does it last if I {do}",
    ),
    "condition": (
        "I {do} only if you delete it", "I {do} if it is free", "I {do} once I have talked to somebody", "I {do} unless you keep it",
        "I {do} provided nobody else sees it", "I {do} as long as it stays here", "I might {do} when you answer me", "I would {do} if I knew you",
        "I {do} but not before tomorrow", "I {do} on condition that it is erased", "maybe I {do}", "perhaps I {do} tomorrow",
    ),
    "report": (
        "they said I {do}", "the mail told me to {do}", "your colleague said {do}", "it says {do}", "my friend typed {do}", "the site wants me to {do}",
        "she told me to {do}", "he would {do}", "I read that one can {do}", "my boss says {do}", "the law says I {do}", "last time I had to {do}",
    ),
    "negation": (
        "I do not {do}", "I don't {do}", "I never {do}", "I won't {do}", "I can't {do}", "I would rather not {do}", "no I do not {do}",
        "I refuse to {do}", "I did not {do}", "nobody will {do}", "why would I {do}, no", "I {do} not", "not going to {do}", "I no longer {do}",
    ),
    "sarcasm": (
        "oh sure, I {do}, and take my house keys too", "as if I would {do}", "I {do} when hell freezes over", "great, now I have to {do}",
        "yeah right, I {do}", "I {do} the day pigs fly", "lovely, I {do} and you sell it", "sure, why not {do} and my diary too",
    ),
    "another": (
        "my wife would {do}", "my dad will {do}", "my husband can {do}", "on behalf of my sister I {do}", "mum lets me {do}", "my boss has to {do}",
        "it is my brother's order, I {do}", "our neighbour wants to {do}",
    ),
    "minor": ("I'm eleven and I {do}", "I am 12, I {do}", "mum doesn't know but I {do}", "I'm a kid and {do}"),
}  # fmt: skip
AFTER_YES = (
    "but no", "but not now", "if you must", "no wait", "whatever", "and you?", "only if it is deleted", "I think", "my wife says",
    "she said", "as if", "not", "I guess not", "actually no", "but first a question", "to what", "or no", "in your dreams", "never",
    "just kidding", "I want a refund", "but who reads it", "give me a human", "?", "...", "/no", "on the other hand no", "says the mail",
    "thanks for nothing", "and then what",
)  # fmt: skip
BEFORE_YES = (
    "not", "no", "never say", "why", "who said", "if I say", "my husband says", "I did not say", "do I say", "the button says", "should I write",
    "I'm ten,", "don't", "when hell freezes over,", "I will not say", "it is not", "mum says", "he typed", "what does it mean:", "only if you are human,",
)  # fmt: skip
CHINESE_DEEDS = (
    "同意", "允许", "授权", "让你看", "给你权限", "准许", "答应", "点允许", "批准", "让你查订单", "接受", "说可以", "分享订单", "让你用",
)  # fmt: skip
CHINESE_YES = ("可以", "好的", "行", "同意", "允许", "没问题", "好", "你查吧", "当然", "我同意", "嗯")
CHINESE_FRAMES = (
    "我该{do}吗", "为什么要{do}", "{do}了会怎样", "必须{do}吗", "怎么{do}", "谁{do}了", "{do}安全吗", "我什么时候{do}过", "要我{do}？", "不{do}会怎么样",
    "如果免费我就{do}", "只有你看我才{do}", "等我想想再{do}", "除非删掉否则不{do}", "先告诉我用途我再{do}", "也许会{do}",
    "我妈说{do}", "客服说{do}", "网站让我{do}", "他{do}我不{do}", "老公{do}了", "我朋友{do}", "邮件说要{do}", "孩子点的{do}",
    "我不{do}", "绝不{do}", "我没{do}", "不想{do}", "谁要{do}", "我不会{do}", "还没{do}", "不能{do}", "拒绝{do}", "后悔{do}了",
    "{do}才怪", "{do}你个头", "等太阳从西边出来我就{do}", "呵呵，{do}", "我才十岁，{do}", "我是小学生，{do}",
)  # fmt: skip
CHINESE_AFTER = (
    "才怪", "吗", "个头", "但是不要看", "，不过算了", "，等等，不行", "的话再说", "？", "……", "，开玩笑的", "，我妈说的", "，客服说的", "，如果免费",
    "，转人工", "，我想退货", "，谁看", "，不是吧", "，就你能", "以后再说", "不了", "什么", "不可以", "，先等一下", "，我才八岁", "，是我老公说的",
)  # fmt: skip
MARKS = ("", ".", "!", "?", " please", " thanks", " ok")
CHINESE_MARKS = ("", "。", "！", "？", "，谢谢", "吧")


def generated() -> Iterator[str]:
    """Every text that the templates stand for."""
    frames = itertools.chain.from_iterable(FRAMES.values())
    said = [frame.format(do=deed) for frame, deed in itertools.product(frames, DEEDS)]
    said += [f"{yes}, {after}" for yes, after in itertools.product(YES, AFTER_YES)]
    said += [f"{yes} {after}" for yes, after in itertools.product(YES, AFTER_YES)]
    said += [f"{before} {yes}" for before, yes in itertools.product(BEFORE_YES, YES)]
    yield from (text + mark for text, mark in itertools.product(said, MARKS))
    said = [frame.format(do=deed) for frame, deed in itertools.product(CHINESE_FRAMES, CHINESE_DEEDS)]
    said += [yes + after for yes, after in itertools.product(CHINESE_YES, CHINESE_AFTER)]
    yield from (text + mark for text, mark in itertools.product(said, CHINESE_MARKS))


def test_twenty_thousand_texts_that_give_no_consent_allow_nothing() -> None:
    """Fails when anything but a listed phrase, whole and unconditional, is taken for a yes."""
    texts = list(dict.fromkeys(generated()))
    assert len(texts) >= 20_000
    allowing = [(text, found.pattern) for text in texts if (found := find(text, *ALLOWING)) is not None]
    assert allowing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_stands_both_for_a_yes_and_for_a_no(language: str) -> None:
    lists = {part: wordings(language, patterns) for part, patterns in phrases.lists_of(language).items()}
    noes = lists["refuse"] | lists["withdraw"] | lists["erase"]
    assert not noes & (lists["allow_any_time"] | lists["allow_right_after"] | lists["allow_named"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_names_a_purpose_says_so_in_the_first_person(language: str) -> None:
    """A phrase that counts even after a refusal has to name what is allowed."""
    assert all(PURPOSE in pattern for pattern in phrases.lists_of(language)["allow_named"])


def wordings(language: str, patterns: list[str]) -> set[str]:
    return {wording for pattern in patterns for wording in phrases.expand(language, pattern)}


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "Yes!",
        "yesss",
        "yess pls",
        "ok",
        "👍",
        "sure, go ahead",
        "I allow it",
        "you may look at my orders",
        "that's fine with me",
    ]
    + ["可以", "好的，查吧", "同意", "可以看我的订单", "没问题", "冇问题", "沒問題", "行行行查吧"],
)
def test_a_plain_yes_is_listed_however_it_is_typed(text: str) -> None:
    assert find(text, *ALLOWING) is not None


@pytest.mark.parametrize(
    "text",
    ["yes?", "yes…", '"yes"', "yes/no", "yes 5", "yes 🙄", "ok thanks", "好的谢谢", "yes yes I know", "[ORDER_1] yes"],
)
def test_a_sign_that_is_not_harmless_makes_it_no_phrase(text: str) -> None:
    """Fails when question marks, hesitations, quotes, digits or unknown signs are left out of the comparison."""
    assert find(text, *ALLOWING) is None


def test_a_slip_in_the_notation_of_a_list_is_told_with_its_place() -> None:
    for pattern in ("(yes|no", "yes)", "<unknown> yes"):
        with pytest.raises(ValueError, match=r"phrases/en\.yml"):
            phrases.expand("en", pattern)
