"""Finds e-mail addresses, also written out: "name at host dot tld", 艾特, &#64;, with spaces, without the sign."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.masking.patterns import HAN, LETTER, either, vocabulary, word_lists
from bot.masking.spans import Span

_LISTS = word_lists("emails")

KIND = "EMAIL"


def emails(text: str) -> Iterator[Span]:
    """Every e-mail address in one of the usual spellings; spans may overlap and come in no order."""
    if _SIGN.search(text):
        yield from _with_sign(text)
        yield from _spoken(text)
    for pattern in (_GLUED_PROVIDER, _PROVIDER_CUE):
        yield from ((*match.span("value"), KIND) for match in pattern.finditer(text))
    yield from ((*match.span(), KIND) for match in _NO_SIGN.finditer(text) if _may_be_name(match["name"]))


def other_emails(text: str) -> Iterator[Span]:
    """What stands around a sign for @ all the same, whatever the script: 张三@例子.公司."""
    if "@" in text:
        yield from _around(_ANY, text)


_TOP = either(_LISTS["top"])
"""Ends of domains that people write; where a sign is missing only these make an address."""
_PROVIDER = vocabulary(_LISTS["provider"])
_LOCAL = rf"(?:(?![{HAN}])[\w.!#$%&'*+/=?^`{{|}}~-])"
_LABEL = rf"(?:(?![{HAN}])[\w-]){{1,63}}+"
_WORD = r"[A-Za-z0-9][A-Za-z0-9._+-]{0,62}"
_NAME = rf"(?<![A-Za-z0-9._+-])[{LETTER}0-9_][{LETTER}0-9._+-]{{0,62}}+"

# Signs for @ and the dot.

_SIGN = re.compile(
    r"@|%40|&#|&commat|艾特|圈a|小老鼠|(?<![A-Za-z])(?:at|ät|arroba|chez|klammeraffe)(?![A-Za-z])|[\[({<]\s?a\s?[\])}>]"
    r"|[_-]at[_-]|AT|[#*$!~^|]",
    re.IGNORECASE,
)
_ENTITY = r"(?:&#0{0,4}64;?|&#x0{0,4}40;?|&commat;|%40|\\u0040|\(@\)|\[@\]|\{@\}|<@>)"
_DOT = r"(?:\s?\.\s?|\s?[\[({<]\s?(?:dot|punkt|point|punto|\.|点)\s?[\])}>]\s?|&#46;|%2E|\s?[点點。]\s?)"
_DOT_WORD = r"[\[({<-]?(?<![A-Za-z])(?:dot|punkt|punto|point|period|full\s?stop)(?![A-Za-z])[\])}>-]?"
_SPOKEN_DOT = (
    rf"(?:\s{{0,4}},?\s{{0,4}}(?:[.点點。]|[\[({{<]点[\])}}>]|{_DOT_WORD}),?\s{{0,4}}"
    r"|,\s?(?=(?:com|de|net|org|cn)(?![A-Za-z])))"
)
_JOINT = r"(?:\s{1,4}(?:dot|punkt|punto|underscore|unterstrich|dash|hyphen|minus|bindestrich|plus)\s{1,4})"

# With a sign for @.

_WITHOUT_SPACES = re.compile(
    rf"(?:\"[^\"\n\x00]{{1,64}}\"|(?<!{_LOCAL}){_LOCAL}++)@{{1,3}}(?:\[[0-9A-Fa-f:.]{{3,40}}\]|{_LABEL}"
    rf"(?:{_DOT}{_LABEL})*)"
)
_ANY = re.compile(r"(?<![^\s@<>()\[\],;:\x00])[^\s@<>()\[\],;:\x00]++@{1,3}[^\s@<>()\[\],;\x00]+")
_WITH_SPACES = re.compile(
    rf"(?<!{_LOCAL}){_LOCAL}++\s{{0,2}}@{{1,3}}\s{{0,2}}{_LABEL}(?:{_DOT}{_LABEL}){{0,6}}?{_DOT}(?:{_TOP})"
    rf"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_BRACKETED = re.compile(
    rf"{_NAME}(?:{_JOINT}{_WORD}){{0,3}}(?:\s?[\[({{<]\s?(?:at|ät|arroba|艾特)\s?[\])}}>]\s?|\s?{_ENTITY}\s?)"
    rf"{_LABEL}(?:{_SPOKEN_DOT}{_LABEL})*"
    rf"|{_NAME}\s?(?P<sign>[-|*/\"'#~=+:])(?:at|@)(?P=sign)\s?[A-Za-z0-9-]+(?:(?:\.|\s?(?P=sign)dot"
    rf"(?P=sign)\s?)[A-Za-z0-9-]+)+",
    re.IGNORECASE,
)
_GLUED = re.compile(
    rf"(?<![A-Za-z0-9._-])[A-Za-z0-9.+]{{1,40}}?[_-]at[_-][A-Za-z0-9-]{{1,40}}?(?:[_-]dot[_-]|\.)(?:{_TOP})"
    rf"(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9])[a-z0-9._]{1,40}AT[a-z0-9-]{1,40}(?:DOT|\.)[a-z]{2,4}(?![A-Za-z])"
    rf"|(?<![A-Za-z0-9])[A-Za-z0-9._]{{1,40}}?(?:艾特|圈[aA])[A-Za-z0-9-]{{1,40}}(?:{_SPOKEN_DOT}[A-Za-z0-9-]{{1,40}})*"
)
_OTHER_SIGN = re.compile(
    r"(?<![A-Za-z0-9._+/#*-])[A-Za-z0-9][A-Za-z0-9._+-]{0,60}[#*~$!^&|]{1,2}[A-Za-z0-9-]{1,63}"
    r"(?:\.[A-Za-z0-9-]{1,63})*?"
    rf"\.(?:{_TOP})(?![A-Za-z0-9.])",
    re.IGNORECASE,
)
_AT_PROVIDER = re.compile(
    rf"(?<![A-Za-z0-9._+@/-])(?P<name>{_WORD})\s?(?:@|\sat\s|艾特)\s?(?:{_PROVIDER})(?![A-Za-z0-9])", re.IGNORECASE
)
_ANNOUNCED = re.compile(
    r"(?:e-?\s?mail(?!s)(?:\s(?:address|id|is|addr|me|us))?|mail|mailbox|inbox|邮箱|郵箱|邮件地址|信箱|电邮)"
    rf"(?:\s?[:是为]|\s(?:is|at|to|was)|['’]s)?\s{{0,4}}(?P<value>(?P<name>{_WORD})\s{{1,2}}(?:@|at)\s{{1,2}}{_WORD})"
    rf"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"\d+(?:[.,:]\d+)?\s?(?:x|[ap]m|h|each|k|%|usd|eur|gbp)?(?:\.png|\.jpg|\.webp)?\W*", re.IGNORECASE)


def _with_sign(text: str) -> Iterator[Span]:
    yield from _around(_WITHOUT_SPACES, text)
    for pattern in (_WITH_SPACES, _BRACKETED, _GLUED, _OTHER_SIGN):
        yield from ((*match.span(), KIND) for match in pattern.finditer(text))
    for pattern in (_ANNOUNCED, _AT_PROVIDER):
        for match in pattern.finditer(text):
            if _may_be_name(match["name"]):
                yield (*match.span("value" if pattern is _ANNOUNCED else 0), KIND)


def _around(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    for match in pattern.finditer(text):
        address = match.group().rstrip(".,;:!?")
        if _is_domain(address.rpartition("@")[2]):
            yield match.start(), match.start() + len(address), KIND


def _is_domain(domain: str) -> bool:
    """Whether there is a letter in it that makes no amount of it: neither 36.00 nor 2x, 5pm or 10am."""
    return any(c.isalpha() for c in domain + ("a" if domain.startswith("[") else "")) and not _AMOUNT.fullmatch(domain)


# Spoken, or without a sign.

_SPOKEN = re.compile(
    rf"(?<![A-Za-z0-9._+-])(?P<name>{_WORD})(?P<joined>(?:{_JOINT}{_WORD}){{0,3}})"
    r"(?:\s{0,4}[,(]?\s{0,4}(?:then\s|and\s)?(?:the\s)?(?<![A-Za-z])(?:at|ät|arroba|klammeraffe|chez|-\s?at\s?-)"
    r"(?:[\s-]?(?:sign|symbol))?(?![A-Za-z])[,)]?\s{0,4}(?:then\s)?|\s?\(a\)\s?|\s?(?:艾特|圈[aA]|小老鼠|at符号)\s?)"
    rf"(?P<domain>{_WORD}?(?:\s(?:dash|hyphen|minus|bindestrich)\s[A-Za-z0-9]{{1,40}}){{0,2}}"
    rf"(?:{_SPOKEN_DOT}[A-Za-z0-9-]{{1,40}}){{0,3}}?){_SPOKEN_DOT}(?P<top>{_TOP})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_CUE = re.compile(r"e-?\s?mail|mail|reach|contact|write\sto|address|send|邮|郵|信箱|账号|登录", re.IGNORECASE)
_NO_SIGN = re.compile(
    rf"(?<![A-Za-z0-9._+@/-])(?P<name>{_WORD})(?:\s{{1,2}}at)?\s{{1,2}}(?:{_PROVIDER})"
    rf"(?:{_SPOKEN_DOT}|\s)(?:com|net|de|cn|org|fr|nl|co|uk|ch|at|es|it|ru)"
    rf"(?:(?:{_SPOKEN_DOT}|\s)(?:uk|cn|jp|au|br|hk|tw|nz|za|kr))?(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_GLUED_PROVIDER = re.compile(
    r"(?<![A-Za-z0-9._/-])(?!(?:www|mail|accounts?|m|smtp|imap|pop3?|login|support|help)\.)"
    r"(?P<value>[A-Za-z0-9][A-Za-z0-9_-]{0,40}(?:\.[A-Za-z0-9_-]{1,40})*?\."
    r"(?:gmail|hotmail|outlook|yahoo|icloud|gmx|posteo|protonmail|foxmail|163|qq)\.(?:com|de|net|me|co\.uk|cn|fr))"
    r"(?![A-Za-z0-9./])",
    re.IGNORECASE,
)
_PROVIDER_CUE = re.compile(
    r"(?:gmail|hotmail|outlook|yahoo|icloud|gmx|proton\s?mail|e-?mail|邮箱)(?:\s(?:address|account|id|name))?"
    r"(?:\s?[:=]|\s(?:is|was)|['’]s|\s?[是为])\s?"
    r"(?P<value>(?=[A-Za-z0-9._-]{0,40}[\d._])[A-Za-z][A-Za-z0-9._-]{3,40}(?<![.]))(?![A-Za-z0-9@])",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    vocabulary(_LISTS["no_name"]),
    re.IGNORECASE,
)


def _spoken(text: str) -> Iterator[Span]:
    """As "lena dot kraus at posteo dot de"; not as "I saw it at ikea dot com", where no name stands before the "at"."""
    for match in _SPOKEN.finditer(text):
        plain_dot = "." in match["domain"] + text[match.end("domain") : match.start("top")]
        sure = (
            bool(match["joined"])
            or not match["name"].isalpha()
            or _CUE.search(text, max(0, match.start() - 40), match.start()) is not None
            or re.fullmatch(_PROVIDER, match["domain"].strip(), re.IGNORECASE) is not None
        )
        if _may_be_name(match["name"]) and (sure or not plain_dot):
            yield (*match.span(), KIND)


def _may_be_name(word: str) -> bool:
    return _NO_NAME.fullmatch(word) is None
