"""The form in which messages and phrases are compared: small letters, one spelling, nothing that carries no meaning."""

from __future__ import annotations

import re
import unicodedata

# What a keyboard or a habit varies without meaning anything else.
_CONTRACTIONS = {
    "i'm": "i am", "im": "i am", "it's": "it is", "its": "it is", "that's": "that is", "thats": "that is",
    "you're": "you are", "youre": "you are", "don't": "do not", "dont": "do not", "can't": "can not", "cant": "can not",
    "won't": "will not", "wont": "will not", "wouldn't": "would not", "i'd": "i would", "id": "i would",
    "i've": "i have", "ive": "i have", "let's": "lets", "cannot": "can not", "didn't": "did not", "isn't": "is not",
    "ma'am": "maam", "there's": "there is", "what's": "what is", "who's": "who is", "i'll": "i will",
    "wanna": "want to", "gimme": "give me", "lemme": "let me", "plz": "please", "shouldn't": "should not",
}  # fmt: skip
_FILLERS = frozenset({"please", "pls", "plz", "plse", "pleas", "plese", "kindly", "then", "now", "well", "oh"})
_CHINESE_FILLERS = re.compile("请你|请您|请|(?:麻烦|劳烦)[你您](?!了)")
_SIMPLIFIED = str.maketrans(
    "沒問題許權當確認請詢關係幫訂單資對們這個記錄刪轉機聯絡話給讓開閉還說實後來無為來見點聽買賣應該讀寫電腦會過嗎麼誰"
    "終繼續謝麻煩億嚟專員經領導負責務線熱復補償傾諮語",
    "没问题许权当确认请询关系帮订单资对们这个记录删转机联络话给让开闭还说实后来无为来见点听买卖应该读写电脑会过吗么谁"
    "终继续谢麻烦亿嚟专员经领导负责务线热复补偿倾咨语",
)
_HAN = re.compile(r"[\u3400-\u9fff]")
# Dots in a row are no full stop but a hesitation: "yes…" is not "yes".
_HESITATION = re.compile(r"[.。…]{2,}|…")
_HARMLESS = re.compile(r"[\s.,;:!~'\-–—_。，、；：！～*]+")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]|[\U0001f3fb-\U0001f3ff]")
_RUN = re.compile(r"([a-z])\1+")


def normalised(text: str) -> str:
    """`text` for comparison: signs that mean nothing are gone, all others stay, so that they match no phrase."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold().replace("’", "'").replace("`", "'")
    text = _HESITATION.sub(" … ", text.translate(_SIMPLIFIED))
    text = " ".join(_CONTRACTIONS.get(word, word) for word in _words(text))
    text = " ".join(word for word in text.split() if word not in _FILLERS)
    if _HAN.search(text):
        text = re.sub(r"\s+(?=[^a-z])|(?<=[^a-z])\s+", "", _CHINESE_FILLERS.sub("", text))
    return text


def key(text: str) -> str:
    """A normalised text with letters that are held down ("yesss", "okkk") as one."""
    return _RUN.sub(r"\1", text)


def _words(text: str) -> list[str]:
    # An apostrophe within a word belongs to it; elsewhere it is a quotation mark.
    text = re.sub(r"(?<=\w)'(?=\w)", "\0", text)
    return _HARMLESS.sub(" ", text).replace("\0", "'").split()
