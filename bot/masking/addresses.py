"""Finds postal addresses: a street with its number, a post box, a postcode by its town, and after "my address is"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.masking.cues import Place, announced
from bot.masking.patterns import LETTER, UNIT, UPPER, cue, either, vocabulary, word_lists
from bot.masking.spans import Span

_LISTS = word_lists("addresses")

KIND = "ADDRESS"


def addresses(text: str) -> Iterator[Span]:
    """Every postal address; spans may overlap and come in no order."""
    if any(c.isdigit() for c in text):
        for start, end in _streets(text):
            yield start, _tail(text, end), KIND
        for pattern in _CODES:
            yield from ((*match.span(), KIND) for match in pattern.finditer(text))
        yield from announced(text, _CODE_CUE, _code)
    yield from announced(text, _CUE, _address)


# English streets: the number comes first.

_NUMBER = r"\d{1,5}(?:\s?[A-Ha-h](?![A-Za-z]))?(?:\s?[-–/]\s?\d{1,4}[A-Ha-h]?)?"
_UNIT_WORD = vocabulary(_LISTS["unit_word"])
_INSIDE = (
    rf"(?:(?i:{_UNIT_WORD})\s?#?\s?[A-Za-z0-9]{{1,5}}(?:[-/][A-Za-z0-9]{{1,4}})?|#\s?[A-Za-z0-9]{{1,5}}"
    r"|(?:\d{1,2}(?:st|nd|rd|th)|(?i:first|second|third|ground|top))\s(?i:floor|flat))"
)
_WORDS = either(_LISTS["words"])
_SURE_WORDS = either(_LISTS["sure_words"])
_ORDINARY_WORDS = "way side row run view bank park gate st place common green close".split()
_NAME = rf"(?:[{UPPER}][{LETTER}'’.-]{{0,30}}|\d{{1,3}}(?:st|nd|rd|th)|(?:of|the|la|de|del|and|on|upon|le|los|las))"
_NUMBERED = re.compile(
    rf"(?<![\w.,:/€$£-])(?:{_INSIDE},?\s)?{_NUMBER},?\s(?P<name>(?:(?:[NSEW]|North|South|East|West)\.?\s)?{_NAME}"
    rf"(?:\s{_NAME}){{0,3}}\s)"
    rf"(?P<word>(?i:{_WORDS}))(?![{LETTER}0-9])\.?(?:\s(?:[NSEW]{{1,2}}|North|South|East|West)(?![{LETTER}]))?"
)
_NUMBERED_LOWER = re.compile(
    rf"(?<![\w.,:/€$£-])(?:{_INSIDE},?\s)?\d{{1,4}}[a-h]?,?\s(?P<name>(?:[{LETTER}'’-]{{3,30}}\s){{1,3}})"
    rf"(?:{_SURE_WORDS})(?![{LETTER}0-9])\.?",
    re.IGNORECASE,
)
_NO_NAME = cue(_LISTS["no_name"])


def _streets(text: str) -> Iterator[tuple[int, int]]:
    for match in _NUMBERED.finditer(text):
        named = any(word[0].isupper() or word[0].isdigit() for word in match["name"].split())
        if named and match["word"] not in _ORDINARY_WORDS:
            yield match.span()
    for match in _NUMBERED_LOWER.finditer(text):
        if not _NO_NAME.search(match["name"]):
            yield match.span()
    for match in _JOINED.finditer(text):
        before = _BEFORE_JOINED.search(text, max(0, match.start() - 50), match.start())
        if before is not None and not _WAY.search(text, before.start(), match.end()):
            yield before.start(), match.end()
    for match in _FIRST_WORD.finditer(text):
        french = match["last"] is not None and (not match["last"] or match.group().lower().startswith("rue"))
        if match["before"] is not None or match["after"] is not None or french:
            yield match.span()
    for pattern in (_WITH_TOWN, _WITH_CODE, _BOX, _ROAD_BOX):
        yield from (match.span() for match in pattern.finditer(text))


# Other streets: the number comes last, and the word for a street is joined to its name or comes first.

_ENDINGS = (
    r"straße|strasse|str\.|weg|allee|gasse|platz|chaussee|ufer|damm|straat|laan|gracht|plein|kade|dijk|singel|dreef"
    r"|baan"
    r"|gatan|vägen|gade|vej|veien|gata|katu|tie|utca"
)
_JOINED = re.compile(
    rf"(?:(?<=[{LETTER}-][{LETTER}-])(?:{_ENDINGS})|(?<=[{LETTER}]\s)(?:{_ENDINGS}|ring|gate))\s?\d{{1,4}}(?:\s?[a-h]"
    rf"(?![{LETTER}]))?(?:\s?[-–/]\s?\d{{1,4}}[a-h]?|-[a-z](?![{LETTER}]))?"
    rf"(?![\d.,:]?\d|\s?{UNIT})",
    re.IGNORECASE,
)
_BEFORE_JOINED = re.compile(rf"(?<![{LETTER}0-9-])(?:[{UPPER}][{LETTER}.-]{{1,30}}\s)?[{LETTER}-]{{1,30}}\s?$")
_WAY = re.compile(
    r"(?:nor|under|unter|half|auf)\s?weg|(?<![A-Za-z])(?:my|the|new|a|this|that)\s(?:gate|ring|tie)", re.IGNORECASE
)
_PROPER = rf"[{UPPER}][{LETTER}'’-]{{1,30}}"
_WITH_TOWN = re.compile(
    r"(?<![A-Za-z0-9-])(?:(?:Am|An der|Im|In der|Zum|Zur|Auf dem|Unter den|Alter?|Neuer?|Große|Kleine|Obere|Untere)\s)?"
    rf"[{UPPER}][{LETTER}-]{{2,30}}(?:\s[{UPPER}][{LETTER}-]{{2,30}})?\s\d{{1,4}}\s?[a-h]?(?:[/-]\d{{1,4}})?,?\s"
    rf"(?:[A-Z]{{1,2}}-)?\d{{4,5}}(?:\s?[A-Z]{{2}})?,?\s[{UPPER}][{LETTER}-]{{2,30}}(?:\s[{UPPER}][{LETTER}-]{{2,30}})?"
)
_FIRST_WORD = re.compile(
    rf"(?<![{LETTER}0-9-])(?:(?P<before>\d{{1,4}}(?:\s?(?:bis|ter|[a-d]))?),?\s)?(?:"
    r"(?i:rue|avenue|av\.|boulevard|bd|place|chemin|impasse|allée|quai|cours|passage)\s"
    rf"(?i:de\sla|de\sl['’]|des|du|de|d['’]|la|le|les|l['’])?\s?{_PROPER}(?:\s(?:(?:de|la|du"
    rf"|des)\s)?{_PROPER}){{0,3}}(?P<last>,?\s\d{{1,4}}(?!\d)|(?=[,\n]\s?\d{{5}}\s[{UPPER}]))?"
    r"|(?i:calle|c/|avenida|avda\.|paseo|plaza|carrer|gran|pasaje|vial|cuesta|camino|ronda|glorieta|callejón"
    r"|urbanización|"
    r"acceso|alameda|carretera|rambla|via|viale|piazza|corso|contrada|borgo|vicolo|stretto|strada|largo|rotonda|rua"
    r"|praça|"
    r"travessa|ulica|ul\.|al\.|os\.)\s?"
    rf"(?:(?:de|del|della|da|do|la|las|los|di)\s){{0,2}}{_PROPER}(?:\s(?:(?:de|del|da|do|di)\s)?{_PROPER}){{0,3}}"
    r"(?P<after>,?\s(?:n[º°.]?\s?)?\d{1,4}[a-z]?(?!\d)))"
)
_BOX_WORDS = vocabulary(_LISTS["box_words"])
_BOX = re.compile(
    rf"(?<![A-Za-z])(?:{_BOX_WORDS})\s?(?:no\.?|number|nr\.?|#|:)?\s?[A-Z]{{0,3}}\d{{1,6}}(?:[ -]\d{{2,4}}){{0,2}}"
    rf"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_ROAD_BOX = re.compile(
    r"(?<![A-Za-z])(?:RR|HC|CR|SR|FM|Rural Route|County Road|State Route|Highway|Hwy)\.?\s\d{1,5},?\s"
    r"(?i:box)\s\d{1,6}(?![A-Za-z0-9])"
)

# What follows a street: flat, town, region, postcode.

_UK_AREAS = either(_LISTS["uk_areas"])
_UK = rf"(?:{_UK_AREAS})\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{{2}}(?![A-Za-z0-9])"
_PROVINCES = r"(?:ON|QC|BC|AB|MB|SK|NS|NB|NL|PE|YT|NT|NU)"
_STATES = either(_LISTS["states"])
_ZIP = rf"(?:{_STATES})\.?,?\s\d{{5}}(?:-\d{{4}})?(?!\d)"
_CANADA = rf"(?:{_PROVINCES},?\s)?[ABCEGHJ-NPRSTVXY]\d[A-Z]\s?\d[A-Z]\d(?![A-Za-z0-9])"
_AUSTRALIA = r"(?:NSW|VIC|QLD|TAS|ACT|WA|SA|NT)\.?,?\s\d{4}(?!\d)"
_IRELAND = r"(?:[AC-FHKNPRTV-Y]\d{2}|D6W)\s[0-9AC-FHKNPRTV-Y]{4}(?![A-Za-z0-9])"
_NO_TOWN = vocabulary(_LISTS["no_town"])
_TOWN = (
    rf"(?!(?i:{_NO_TOWN})(?![{LETTER}]))[{UPPER}][{LETTER}'’.-]{{1,30}}+(?!\d)"
    rf"(?:[\s-](?:(?:am|an|der|de|la|le|upon|on|in|the|sur|del)\s){{0,2}}[{UPPER}][{LETTER}'’.-]{{1,30}}+(?!\d)){{0,2}}"
)
_CODE_AND_TOWN = (
    rf"(?:[A-Z]{{1,2}}-)?(?:\d{{4}}\s?[A-Z]{{2}}|\d{{2}}-\d{{3}}|\d{{3}}\s\d{{2}}|\d{{4,6}})\s{{1,2}}{_TOWN}"
)
_ANY_CODE = (
    rf"(?:{_UK}|{_ZIP}|{_CANADA}|{_AUSTRALIA}|{_IRELAND}|\d{{4}}\s[A-Z]{{2}}(?![A-Za-z])"
    r"|\d{5,6}(?:-\d{3,4})?(?!\d))"
)
_WITH_CODE = re.compile(
    rf"(?<![\w.,:/€$£-]){_NUMBER},?\s{_PROPER}(?:\s{_PROPER}){{0,3}}(?:\s{_INSIDE})?(?:,\s|\n)(?:{_INSIDE}(?:,\s"
    rf"|\n))?(?:{_TOWN}(?:,\s|\n)){{0,2}}"
    rf"(?:{_TOWN},?\s)?(?:{_UK}|{_ZIP}|{_CANADA}|{_AUSTRALIA}|\d{{6}}(?!\d))"
    rf"|(?<![\w.,:/€$£-]){_NUMBER},\s{_PROPER}(?:\s{_PROPER}){{0,3}},\s{_PROPER}(?:\s{_PROPER})?(?:\s|-)\d{{6}}(?!\d)"
)
"""A number, names and at last a postcode: a street whatever its kind is called."""
_NEXT = re.compile(
    rf"(?:\s{{0,4}}[,\n]\s{{0,4}}|\s{{1,4}}(?=#|(?i:{_UNIT_WORD})\s?#?\d|{_ANY_CODE}|{_CODE_AND_TOWN}|in\s)"
    rf"|\s{{0,4}}-\s(?=\d)|\s{{0,4}}·\s{{0,4}})"
    rf"(?:(?:in|near)\s)?(?:{_INSIDE}|{_CODE_AND_TOWN}|{_TOWN}(?:,?\s{_ANY_CODE})?|{_ANY_CODE})"
)


def _tail(text: str, at: int) -> int:
    """Where the address ends that goes on at `at`."""
    for _ in range(5):
        match = _NEXT.match(text, at)
        if match is None:
            break
        at = match.end()
    return at


# Postcodes by themselves.

_CODES = (
    re.compile(rf"(?<![A-Za-z0-9])(?:{_TOWN},?\s)?(?:{_UK_AREAS})\d[A-Z\d]?\s\d[ABD-HJLNP-UW-Z]{{2}}(?![A-Za-z0-9])"),
    re.compile(rf"(?<![{LETTER}0-9])(?:{_TOWN},?\s)?{_ZIP}"),
    re.compile(rf"(?<![{LETTER}0-9]){_TOWN},?\s{_AUSTRALIA}"),
    re.compile(r"(?<![A-Za-z0-9])[ABCEGHJ-NPRSTVXY]\d[A-Z]\s\d[A-Z]\d(?![A-Za-z0-9])"),
    re.compile(rf"(?<![A-Za-z0-9-])(?:D|A|CH|F|NL|B|I|E|DK|S|PL|CZ)-\d{{4,5}}\s{_TOWN}"),
    re.compile(rf"(?<![A-Za-z0-9]){_IRELAND}(?=\s?(?:[,.;!?)]|$|Ireland|Dublin|Cork))"),
    re.compile(rf"(?<![\w.,-])\d{{4}}\s[A-Z]{{2}}\s(?!(?i:and|or)\s){_TOWN}"),
)
_CODE_CUE = cue(_LISTS["code_cue"], _LISTS["code_cue_han"])
_CODE = re.compile(
    rf"(?:{_UK}|{_CANADA}|{_IRELAND}|\d{{4}}\s?[A-Z]{{2}}(?![A-Z])|\d{{5}}-\d{{3,4}}|\d{{2}}-\d{{3}}"
    rf"|\d{{3}}\s\d{{2,3}}|\d{{4,6}})"
    r"(?![A-Za-z0-9])(?!\s?(?:-\s?|to\s)\d)",
    re.IGNORECASE,
)


def _code(place: Place) -> Span | None:
    match = _CODE.match(place.text, place.at)
    return None if match is None else (*match.span(), KIND)


# What "my address is" announces.

_CUE = cue(_LISTS["cue"])
_OTHER_ADDRESS = re.compile(
    r"(?:e-?\s?mail|mail|ip|mac|web|site|url|internet|wallet|bitcoin|contact|network|server|return|your|sender)\s"
    r"(?:\w{1,20}\s)?$",
    re.IGNORECASE,
)
_BEGINS = rf"(?=[{UPPER}\d#(\"]|flat|apt|the\s[{UPPER}])"
_WHOLE = re.compile(rf"{_BEGINS}[^!?;\n\x00。]{{4,120}}")
_WHOLE_LINES = re.compile(rf"{_BEGINS}[^!?;\x00。]{{4,120}}")
_GOES_ON = vocabulary(_LISTS["goes_on"])
_NEXT_LINE = vocabulary(_LISTS["next_line"])
_ENDS = re.compile(
    r"(?<!\bSt)(?<!\bRd)(?<!\bAve)(?<!\bNo)(?<!\bApt)(?<!\bstr)(?<!\bStr)(?<!\bMt)(?<![\s.][A-Z])[.](?:\s|$)"
    rf"|,?\s(?:{_GOES_ON})(?![A-Za-z])|\s\(|\n\s{{0,4}}(?:\n|(?i:{_NEXT_LINE})(?![A-Za-z]))"
)
_NO_ADDRESS = re.compile("(?:" + vocabulary(_LISTS["no_address"]) + r"|I\s|I['’]|It\s|You\s|My\s|We\s)(?![a-z])")


def _address(place: Place) -> Span | None:
    """What comes up to the end of the sentence; "I live in Leeds" counts only with a number or a comma."""
    groups = place.cue.groupdict()
    if (
        not place.near
        or not (place.linked or groups["live"] or groups["send"])
        or _OTHER_ADDRESS.search(place.before())
    ):
        return None
    match = (_WHOLE_LINES if place.colon else _WHOLE).match(place.text, place.at)
    if match is None or _NO_ADDRESS.match(match.group()):
        return None
    ends = _ENDS.search(match.group(), 3)
    value = (match.group() if ends is None else match.group()[: ends.start()]).rstrip(' ,.)"\n')
    if groups["live"] and not (any(c.isdigit() for c in value) or "," in value):
        return None
    return (place.at, place.at + len(value), KIND) if len(value) >= 5 else None
