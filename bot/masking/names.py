"""Finds names of people in Latin letters after words that announce one: "my name is", "recipient:", "regards"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.masking.cues import Place, announced
from bot.masking.patterns import LETTER, UPPER, cue, vocabulary, word_lists
from bot.masking.spans import Span

_LISTS = word_lists("names")

KIND = "NAME"


def names(text: str) -> Iterator[Span]:
    """Every name that is announced; spans may overlap and come in no order."""
    for words, judge in ((_NAME_CUE, _name), (_FIELD_CUE, _field), (_TITLE, _titled)):
        yield from announced(text, words, judge)
    for pattern in (_INTRODUCED, _SPEAKING, _SIGNED, _RELATIVE, _IN_THE_NAME, _AFTERWARDS):
        for match in pattern.finditer(text):
            yield from _within(match)


# What a name is made of.

_JOINT = (
    r"(?:van(?:\sde[nr]?|\s't)?|von(?:\sder)?|zu|de(?:\sla|\slos)?|del|della|di|da|dos?|du|le|la|el|al"
    r"|bin|ibn|ben|ter|ten|y|e)"
)
_PART = (
    rf"(?:(?:[A-Z]\.){{2,3}}|Sig\.ra|Dott\.ssa|Dipl\.-Ing|(?:Mc|Mac|O['’]|D['’])[{UPPER}][{LETTER}]{{1,30}}"
    rf"|[{UPPER}][{LETTER}]{{0,30}}+(?:['’][{UPPER}]?[{LETTER}]{{1,20}})?(?:-(?:{_JOINT}\s)?[{UPPER}][{LETTER}]{{1,30}}){{0,3}})\.?"
)
_CAPITALS = rf"{_PART}(?:\s(?:{_JOINT}\s)?{_PART}){{0,4}}"
_ANY_CASE = rf"[{LETTER}][{LETTER}'’.-]{{0,30}}(?:\s[{LETTER}][{LETTER}'’.-]{{0,30}}){{0,3}}"
_WITH_CAPITALS = re.compile(_CAPITALS)
_IN_ANY_CASE = re.compile(_ANY_CASE)
_MAY_JOIN = re.compile(_JOINT, re.IGNORECASE)
_NOT_A_NAME = re.compile(
    vocabulary(_LISTS["not_a_name"]),
    re.IGNORECASE,
)


_NEVER_A_NAME = re.compile(
    vocabulary(_LISTS["never_a_name"]),
    re.IGNORECASE,
)
_TITLE_WORD = re.compile(
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Ing|Dipl|Dipl\.-Ing|Dott|Dott\.ssa|Sig|Sig\.ra|Mag|St|Jr|Sr|Herr|Frau|Mme|Mlle|Sra|Srta|Rev|Sir)",
    re.IGNORECASE,
)


def _first_words(text: str, at: int, candidate: str) -> Span | None:
    """The words of `candidate` before the first that is none of a name; a full stop ends it, but for an abbreviation.

    After a first name a word with a capital may be a surname, whatever else it means: "Amy Black".
    """
    end, named = 0, False
    for match in re.finditer(r"\S+", candidate):
        word = match.group()
        bare = word.rstrip(".'’-")
        initial = len(bare) == 1 and word.endswith(".")
        capital = end > 0 and bare[:1].isupper() and not bare.isupper()
        ordinary = _NEVER_A_NAME if capital or _TITLE_WORD.fullmatch(bare) else _NOT_A_NAME
        if not bare or (not initial and ordinary.fullmatch(bare) and not (end and _MAY_JOIN.fullmatch(bare))):
            break
        end = match.start() + len(bare)
        named = named or _TITLE_WORD.fullmatch(bare) is None
        if word.endswith(".") and len(bare) > 2 and not _TITLE_WORD.fullmatch(bare):
            break
    return (at, at + end, KIND) if named and end >= 2 else None


# After a cue.

_NAME_CUE = cue(_LISTS["name_cue"])
_FIELD_CUE = cue(_LISTS["field_cue"])
_TITLE = re.compile(
    r"(?<![A-Za-z.])(?:Mr|Mrs|Ms|Mx|Miss|Dr|Prof|Mister|Missus|Herrn?|Frau|Mevrouw|Meneer|Mme|Mlle|Sr|Sra|Señora?"
    r"|Signora?|mr|mrs|ms|miss|dr|prof|herr|frau)(?![A-Za-z])\.?(?:\s(?:med|rer|nat|phil|ing|h\.?c)\.){0,2}(?=\s)"
)
_THINGS = vocabulary(_LISTS["things"])
_THING = re.compile(rf"(?:{_THINGS})(?:['’]s)?\s?$", re.IGNORECASE)
"""What has a name and is nobody."""
_BRAND = re.compile(
    r"Martens|Coffee|Pepper|Muscle|Dior|Hauschka|Oetker|Scholl|Bean|Proper|Clean|Hinch|Men|Sheen|Kipling|Potato"
    r"|Universe|World|Dre|Who|Strange|Robot|Big|Sparkle|Marvis|Bubbles?|Right|Wrong|Claus|Sixty|Selfridge|Brown['’]?s|Doyle['’]?s|Jart",
    re.IGNORECASE,
)
"""What follows Dr or Mrs on a label."""
_LOWER_CASE = re.compile(rf"[{LETTER}]{{2,30}}")


def _name(place: Place) -> Span | None:
    """After "my name is": words in any case, up to the first that is none of a name."""
    if not place.near:
        return None
    words = place.cue.group().lower()
    match = _IN_ANY_CASE.match(place.text, place.at)
    if match is None or (words.endswith("call me") and not match.group()[0].isupper()):
        return None
    if not place.linked and re.search(r"name|nom|naam|nome", words):
        match = _WITH_CAPITALS.match(place.text, place.at)
        if match is None or " " not in match.group():
            return None
    return _first_words(place.text, place.at, match.group())


def _field(place: Place) -> Span | None:
    """After "recipient:" or "name on the card"; without a link only two words with capitals are a name."""
    if not place.near or _THING.search(place.before()):
        return None
    match = (_IN_ANY_CASE if place.colon else _WITH_CAPITALS).match(place.text, place.at)
    if match is None:
        return None
    span = _first_words(place.text, place.at, match.group())
    part = re.match(r"first|last|sur|family|fore|middle|given|nach|vor", place.cue.group(), re.IGNORECASE) is not None
    enough = span is not None and (place.linked or part or " " in place.text[span[0] : span[1]])
    return span if enough else None


def _titled(place: Place) -> Span | None:
    if place.text[place.cue.end() : place.at].strip(" ."):
        return None
    match = _WITH_CAPITALS.match(place.text, place.at)
    if match is None and place.cue.group()[0].islower():
        match = _LOWER_CASE.match(place.text, place.at)
    if match is None or _BRAND.match(match.group()):
        return None
    return _first_words(place.text, place.at, match.group())


# In a sentence.

_GOES_ON = (
    r"(?:[,.;:!?()\n–-]|$|(?i:and|from|speaking|here|again|calling|writing|i|i['’]m|with|at|the|who|we|your|a|an|my)"
    rf"(?![{LETTER}]))"
)
_INTRODUCED = re.compile(
    rf"(?<![{LETTER}])(?i:this\sis|it['’]?s|here\sis|here['’]s|i\sam|i['’]m|im|hier\sist|ich\sbin|ici|c['’]est"
    rf"|je\ssuis|ik\sben|soy|sono|i,)\s"
    rf"(?P<two>{_PART}(?:\s(?:{_JOINT}\s)?{_PART}){{1,4}})(?=\s{{0,4}}{_GOES_ON})"
    rf"|(?<![{LETTER}])(?i:hi|hello|hey|hallo|good\s(?:morning|afternoon|evening|day)|dear\s[a-z]{{2,10}})[,.!]?\s"
    rf"(?i:this\sis|it['’]?s|i\sam|i['’]m|im|here\sis)\s(?P<one>{_PART})(?=\s{{0,4}}{_GOES_ON})"
    rf"|(?<![{LETTER}])(?:I\sam|I['’]m|i\sam|i['’]m)\s(?P<alone>[{UPPER}][a-zà-ÿ]{{2,20}})(?=\s?(?:[,.!]|$|and\s"
    rf"|from\s))"
)
_SPEAKING = re.compile(
    rf"(?<![{LETTER}])(?:(?i:this\sis|it['’]?s)\s)?(?P<one>{_CAPITALS})\s(?i:speaking|on\sthe\s(?:phone|line)"
    rf"|calling)(?=\s?(?:[,.;:!()\n–-]|$))"
    rf"|(?<![{LETTER}])(?i:this\sis|it['’]?s)\s(?P<named>{_CAPITALS})\s(?i:here|again|from|calling|writing)"
    rf"(?![{LETTER}])"
    rf"|^\s{{0,4}}(?:(?i:hi|hello|hey)[,.!]?\s)?(?P<here>{_CAPITALS})\s(?i:here)(?=\s?[,.;:!()\n–-])"
)
_FAREWELLS = vocabulary(_LISTS["farewells"])
_SIGNED = re.compile(
    rf"(?<![{LETTER}])(?i:{_FAREWELLS})"
    r"(?:\s{0,4}[,.!:]\s{0,4}|\s{0,4}\n\s{0,4}|(?<=regards)\s|(?<=sincerely)\s|(?<=wishes)\s|(?<=ly)\s|(?<=igned)\s"
    r"|\s{1,4}[-–—~]\s{0,4})"
    rf"[-–—~]?\s{{0,4}}(?P<one>{_CAPITALS})\s{{0,4}}(?=[.!)\n,]|$)(?=[^{LETTER}]{{0,40}}$|\s{{0,4}}\n|,)"
    rf"|(?:^|\n|[.!?]\s)\s{{0,4}}[-–—~]{{1,2}}\s{{0,4}}(?P<dashed>{_CAPITALS})\s?\.?\s{{0,4}}$"
)
_RELATIVES = vocabulary(_LISTS["relatives"])
_RELATIVE = re.compile(
    rf"(?<![{LETTER}])(?i:(?:my|our|his|her)\s(?:{_RELATIVES})(?:\s(?:is\scalled|called|named))?),?\s"
    rf"(?P<one>{_CAPITALS})"
)
_IN_THE_NAME = re.compile(
    rf"(?<![{LETTER}])(?i:(?:in|under|on|with|for)\s(?:the\s)?name(?:\sof)?|in\sthe\sname\sof|on\sbehalf\sof|"
    r"(?:parcel|package|order|booking|invoice|gift)\sis\sfor|(?:order|booking|account|it)(?:['’]?s|\sis|\swas)?\sunder)"
    rf"\s?:?\s(?P<one>{_CAPITALS})(?!\s?&)"
)
_AFTERWARDS = re.compile(
    rf"(?<![{LETTER}])(?P<one>{_CAPITALS})\s(?i:is\s(?:my|the\srecipient['’]?s|his|her)\s(?:full\s|real\s|last\s"
    rf"|first\s|sur|family\s)?name)"
)


def _within(match: re.Match[str]) -> Iterator[Span]:
    group = match.lastgroup or ""
    span = _first_words(match.string, match.start(group), match[group])
    if span is not None and not (group == "two" and " " not in match.string[span[0] : span[1]]):
        yield span
