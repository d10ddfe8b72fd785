"""Finds what opens something: passwords, PINs, one-time codes, keys and tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.masking.cues import Place, announced
from bot.masking.figures import WORD
from bot.masking.links import secret_links
from bot.masking.patterns import HAN, HAN_DIGIT, LETTER, SPOKEN, UNIT, cue, vocabulary, word_lists
from bot.masking.randomness import CHUNK, is_random
from bot.masking.spans import Span

_LISTS = word_lists("secrets")

KIND = "SECRET"


def secrets(text: str) -> Iterator[Span]:
    """Every secret in `text`; spans may overlap and come in no order."""
    for pattern in (_KEY_BLOCK, _KNOWN_KEY, _LICENCE_KEY, _MIXED):
        yield from ((*match.span(), KIND) for match in pattern.finditer(text))
    yield from ((*match.span(), KIND) for match in CHUNK.finditer(text) if is_random(match.group()))
    yield from secret_links(text)
    for pattern in (_ASSIGNED, _BEARER, _PAIR):
        yield from ((*match.span("value"), KIND) for match in pattern.finditer(text))
    for words, judge in (
        (_PASSWORD_CUE, _password),
        (_CODE_CUE, _code),
        (_BARE_CODE_CUE, _bare_code),
        (_TOKEN_CUE, _token),
        (_ANSWER_CUE, _answer),
        (_PHRASE_CUE, _phrase),
    ):
        yield from announced(text, words, judge)
    yield from _named_afterwards(text)


# Keys that are known by how they begin, and blocks of them.

_KEY_BLOCK = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----.*?(?:-----END [A-Z0-9 ]{0,40}-----|\Z)", re.DOTALL
)
_KNOWN_KEY = re.compile(
    r"(?<![A-Za-z0-9])(?:eyJ[\w-]{8,}+(?:\.[\w-]*+){0,4}"
    r"|(?:sk|pk|rk|whsec)[_-][A-Za-z0-9_-]{14,}+|gh[pousr]_[A-Za-z0-9]{12,}+|github_pat_\w{16,}+|glpat-[\w-]{12,}+"
    r"|xox[abeprs]-[A-Za-z0-9-]{8,}+|(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{12,}+|AIza[\w-]{16,}+|ya29\.[\w-]{8,}+"
    r"|(?:npm|hf|dop_v1|shpat|shpca|shppa|shpss|pat|tok|key|secret|token)_[A-Za-z0-9_]{14,}+|pypi-[\w-]{16,}+"
    r"|SG\.[\w-]{8,}+\.[\w-]{8,}+|sq0[a-z]{3}-[\w-]{8,}+|0x[0-9a-fA-F]{24,}+|bc1[a-z0-9]{20,}+"
    r"|ssh-(?:rsa|ed25519)\s[A-Za-z0-9+/=]{20,}+|otpauth://\S{1,400}+)",
    re.ASCII,
)
_LICENCE_KEY = re.compile(
    r"(?<![A-Za-z0-9-])(?=[A-Z0-9-]{0,50}[A-Z])(?=[A-Z0-9-]{0,50}\d)"
    r"(?:(?:[A-Z0-9]{4}-){3,8}[A-Z0-9]{4}|(?:[A-Z0-9]{5}-){2,8}[A-Z0-9]{5})(?![A-Za-z0-9-])"
)
_MIXED = re.compile(
    r"(?<![^\s:,;\"'(])(?=[^\s\d]{0,39}\d)(?=(?:[^\sa-z]{0,20}[a-z]){2})(?=(?:[^\sA-Z]{0,20}[A-Z]){2})"
    r"(?=[A-Za-z0-9_.-]{1,39}[!#$%^&*?@][!#$%^&*?A-Za-z0-9])"
    r"[A-Za-z0-9!#$%^&*?@+=_.-]{9,40}+(?<![.?])(?![^\s.,;:!?)\"'])"
)
"""A password that nothing announces: small letters, capitals, figures and signs within one word."""

# A value after its name, as programs write it.

_ASSIGNED = re.compile(
    r"(?<![A-Za-z0-9_-])(?:[A-Za-z0-9]{1,20}[_-]){0,4}(?:[a-z]{1,20}(?:Token|Secret|Session|Key|Auth|Password)|(?i:"
    + vocabulary(_LISTS["assigned"])
    + r"))(?:[_-][A-Za-z0-9]{1,20}){0,3}"
    rf"[\"']?\s?(?:=|:\s?(?=[\"'])|(?<=[\"'])\s?:)\s?[\"']?(?P<value>[^\s\"'<>&;,{HAN}\[\]\x00\x01]{{3,400}}+)"
)
_BEARER = re.compile(
    r"(?<![A-Za-z])(?:bearer|basic)\s{1,4}(?P<value>(?=[A-Za-z._~+/-]{0,200}[0-9=])[A-Za-z0-9._~+/-]{8,400}+=*)",
    re.IGNORECASE,
)

_PAIR = re.compile(
    r"(?<![A-Za-z])(?:log-?in|credentials|user(?:name)?)\s?:?\s?[\w.@-]{2,40}\s?[/|]\s?"
    r"(?P<value>(?=[^\s\[\]\x00]{0,30}\d)[^\s\[\]\x00]{4,40})",
    re.IGNORECASE,
)

# Passwords.

_PASSWORD_CUE = cue(_LISTS["password_cue"], _LISTS["password_cue_han"])
_VALUE = re.compile(rf"[^\s{HAN}\[\]\x00\x01。、]{{3,200}}+")
_ORDINARY = re.compile(
    vocabulary(_LISTS["ordinary"]),
    re.IGNORECASE,
)
"""What is said about a password and is none."""
_COUNT = re.compile(
    rf"\d{{1,2}}|\d{{1,4}}[-–~]\d{{1,4}}|\d{{1,4}}(?:st|nd|rd|th|h|x|[ap]m|mins?|secs?|fa|hrs?|{UNIT})", re.IGNORECASE
)
_AMOUNT = re.compile(rf"\s?-?\+?{UNIT}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CLAUSE_END = re.compile(
    r"\s{0,4}(?:[.,;:!?)\n]|$|(?:and|but|or|please|pls|thanks|can|could|so|for|on|both)(?![a-z])|[^\x00-\x7f])",
    re.IGNORECASE,
)
_CLOSING = dict(zip("\"'“‘「『`”’", "\"'”’」』`”’", strict=True))


def _password(place: Place) -> Span | None:
    if place.quote:
        end = place.text.find(_CLOSING[place.quote], place.at, place.at + 60)
        if end > place.at + 2 and not _ORDINARY.fullmatch(place.text[place.at : end]):
            return place.at, end, KIND
    match = _VALUE.match(place.text, place.at)
    if match is None:
        return _figures(place)
    value = match.group().rstrip(".,;:?)]}”’\"'`>")
    if len(value) >= 3 and _is_password(place, value):
        return place.at, place.at + len(value), KIND
    return None


def _is_password(place: Place, value: str) -> bool:
    """Whether this is no remark about a password. Without a colon or "is" it has to hold a figure or a sign."""
    if _ORDINARY.fullmatch(value) or _is_count(place.text, place.at, value):
        return False
    if place.at == place.cue.end() and place.cue.group().isascii():
        return False
    if any(c.isdigit() for c in value):
        return place.linked or not place.cue.group().isascii() or not _YEAR.fullmatch(value)
    if place.near and place.linked and (place.colon or place.cue.group().lower() != "pass"):
        return place.colon or _has_sign(value) or bool(_CLAUSE_END.match(place.text, place.at + len(value)))
    return _has_sign(value) and not value.isupper()


def _is_count(text: str, at: int, value: str) -> bool:
    """As in "password 3 times", "8-16 characters", "the 2nd"."""
    if _COUNT.fullmatch(value):
        return True
    return value.isdigit() and len(value) <= 4 and _AMOUNT.match(text, at + len(value)) is not None


def _has_sign(value: str) -> bool:
    """Whether there is something within it that words do not have."""
    inner = value[1:-1]
    return inner.count("-") >= 2 or any(c in "!#$%^&*~+=_@?<>|\\" for c in inner)


# Codes of figures: PINs, one-time codes, the three digits on a card's back.

_CODE_CUE = cue(_LISTS["code_cue"], _LISTS["code_cue_han"])
_FIGURES = re.compile(
    r"\d{3,10}(?!\d|[.:/-]\d|,\d{3})|\d{1,4}(?:[ -]\d{2,4}){1,2}(?![\d.,:/-])|\d(?:[ .,-]{1,2}\d){2,9}(?!\d)"
    rf"|[{HAN_DIGIT}](?:[ -]?[{HAN_DIGIT}]){{2,9}}|(?i:{SPOKEN}(?:[ ,-]{{1,2}}{SPOKEN}){{2,9}})"
    rf"|(?i:{WORD}(?:[ -]{WORD}){{1,7}})"
)
_CODE = re.compile(
    r"(?=[A-Za-z]{0,11}-?[A-Za-z]{0,11}\d)[A-Za-z0-9]{1,12}(?:-[A-Za-z0-9]{1,8}){0,3}(?<=[A-Za-z0-9-]{4})"
    r"(?![A-Za-z0-9])"
)
_AFTER_FIGURES = re.compile(
    rf"\s?(?:-\s?|to\s|or\s\d{{1,4}}\s)?(?:{UNIT}|more\s|other\s|different\s|attempts|tries|o['’]?clock)"
)
_BARE_CODE_CUE = cue("codes?  kode")
_NO_SECRET = vocabulary(_LISTS["no_secret"])
_NO_SECRET_CODE = re.compile(rf"(?:{_NO_SECRET})[-\s]?$", re.IGNORECASE)


def _code(place: Place) -> Span | None:
    figures = _figures(place)
    if figures is not None:
        return figures
    match = _CODE.match(place.text, place.at)
    if match is None or match.group().isdigit() or not (place.near or match.group().isupper()):
        return None
    few = sum(c.isdigit() for c in match.group()) < (1 if place.linked else 2)
    return None if few or _is_count(place.text, place.at, match.group()) else (*match.span(), KIND)


def _figures(place: Place) -> Span | None:
    """Figures, or words for them, that are no amount."""
    match = _FIGURES.match(place.text, place.at)
    if match is None or (not place.quote and _AFTER_FIGURES.match(place.text, match.end())):
        return None
    return *match.span(), KIND


def _bare_code(place: Place) -> Span | None:
    """A code of which nothing says what it is for: figures alone, after "is" or a colon."""
    if not place.linked or _NO_SECRET_CODE.search(place.before()):
        return None
    span = _figures(place)
    return span if span is not None and span[1] - span[0] >= 4 else None


# Keys and tokens by their names.

_TOKEN_CUE = cue(_LISTS["token_cue"], _LISTS["token_cue_han"])
_TOKEN = re.compile(rf"[^\s{HAN}\[\]\x00\x01。、\"'<>,;()]{{6,400}}+")


def _token(place: Place) -> Span | None:
    match = _TOKEN.match(place.text, place.at)
    if match is None:
        return None
    value = match.group().rstrip(".,;:!?)")
    figures = sum(c.isdigit() for c in value)
    mixed = figures > 0 and any(c.isalpha() for c in value) and len(value) >= 8
    if (mixed and (place.linked or (len(value) >= 12 and (figures >= 3 or len(value) >= 16)))) or (
        place.linked and len(value) >= 16
    ):
        return place.at, place.at + len(value), KIND
    return None


# Words that let one in: answers to security questions, seed phrases.

_ANSWER_CUE = cue(_LISTS["answer_cue"], _LISTS["answer_cue_han"])
_FEW_WORDS = re.compile(r"[^\s.,;!?。\x00\x01]{1,40}+(?: [^\s.,;!?。\x00\x01]{1,40}+){0,3}")
_PHRASE_CUE = cue("(seed|recovery|backup|mnemonic|secret) (phrase|words?)  pass ?-?phrase", "助记词")
_MANY_WORDS = re.compile(
    rf"[a-z0-9][a-z0-9-]{{0,30}}(?:[ ,]{{1,3}}[a-z0-9-]{{1,30}}){{2,23}}|[{HAN}]{{1,4}}"
    rf"(?:[ ,、]{{1,3}}[{HAN}]{{1,4}}){{2,23}}",
    re.IGNORECASE,
)


def _answer(place: Place) -> Span | None:
    match = _FEW_WORDS.match(place.text, place.at) if place.linked and place.near else None
    return None if match is None or _ORDINARY.fullmatch(match.group().split()[0]) else (*match.span(), KIND)


def _phrase(place: Place) -> Span | None:
    match = _MANY_WORDS.match(place.text, place.at) if place.linked else None
    if match is not None and place.colon:
        return (*match.span(), KIND)
    return None if match is None or _ORDINARY.fullmatch(match.group().split()[0]) else (*match.span(), KIND)


# "4821 is my PIN", 4821是我的验证码.

_BETWEEN = vocabulary(_LISTS["between"])
_NAMED_AFTERWARDS = re.compile(
    r"(?<![^\s\"'“(:,])(?P<value>[^\s\[\]\x00\x01\"”]{3,40}+)[\"'”’]?\s{1,4}(?:is|was|as)\s{1,4}"
    rf"(?:(?:{_BETWEEN})\s{{1,4}}){{0,4}}(?:password|passcode|pass\s?word|pin|code|cvv|cvc|otp|pw|api\skey|token"
    rf"|passphrase)(?![{LETTER}])",
    re.IGNORECASE,
)
_NAMED_AFTERWARDS_HAN = re.compile(
    r"(?<![!-~])(?P<value>[!-Z^-~]{4,40}+)\s?(?:就?是|为)(?:我的?|他的?|她的?|的|这个|那个|账户|账号|登录|支付|手机"
    r"|短信|收到){0,4}"
    r"(?:密码|密碼|验证码|口令|安全码|(?i:pin))"
)


_SPEAKS_OF_PASSWORDS = re.compile(
    r"\b(?:pass|passw\w*|pas+w?[ow]?r?[wo]?r?d|passwrod|pasword|pswd|psw|pwd?|credentials?"
    r"|passcode|log[- ]?in)\b|[密蜜]码|密碼|口令",
    re.IGNORECASE,
)
_LIKE_A_PASSWORD = re.compile(
    r"(?<![^\s\"'“”‘’(,;:，。：、\u3400-\u9fff])(?=[^\s]{0,40}[A-Za-z])(?=[^\s]{0,40}\d)"
    r"[A-Za-z0-9!@#$%^&*_.+=?-]{6,40}(?![A-Za-z0-9])"
)


def near_passwords(text: str) -> Iterator[Span]:
    """Letters mixed with figures in a message that speaks of passwords, however it is spelt: finders before this one
    have taken what is an order, an address or any other number."""
    if _SPEAKS_OF_PASSWORDS.search(text) is None:
        return
    for match in _LIKE_A_PASSWORD.finditer(text):
        value = match.group().rstrip(".?!")
        if _SPEAKS_OF_PASSWORDS.match(value.rstrip("0123456789")) is None:
            yield match.start(), match.start() + len(value), KIND


def _named_afterwards(text: str) -> Iterator[Span]:
    for pattern in (_NAMED_AFTERWARDS, _NAMED_AFTERWARDS_HAN):
        for match in pattern.finditer(text):
            value = match["value"].rstrip(",;:")
            figures = sum(c.isdigit() for c in value)
            alone = figures == 1 and (_has_sign(value) or (len(value) >= 5 and value.isalnum()))
            if figures >= 2 or alone:
                yield match.start("value"), match.start("value") + len(value), KIND
