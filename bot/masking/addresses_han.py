"""Finds Chinese postal addresses: the larger comes first, the number last."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.masking.patterns import HAN
from bot.masking.spans import Span

KIND = "ADDRESS"

_STOP = "的了吗呢吧啊是在到至寄送住你您他她请与及没能会要想这那哪店几多货址递"
"""Characters that no name of a place holds: an address begins after them and ends before them."""
_SEGMENT = re.compile(rf"(?:(?![{_STOP}])[{HAN}]|[0-9A-Za-z ·#-])++")
_LEAD = re.compile(
    r"(?:我[的要]?|给|帮|麻烦|改|换|成|为|往|去|来|从|把|按|查|买|订|跟|可以?|收|发|邮|快|包裹|[ :]){0,6}"
)
_NUMBER = (
    r"(?:第?\s?(?:[0-9]{1,5}|[一二三四五六七八九十百零〇]{1,5}|[A-Za-z][0-9]{0,4})(?:\s?-\s?[0-9]{1,5}){0,3}\s?"
    r"(?:号楼|號樓|号院|号|號|弄|栋|棟|幢|座|楼|樓|单元|單元|室|层|層|组|巷|门|户|房|期|段)(?:之[0-9]{1,3})?(?![线店码月]))"
)
_ROAD = (
    r"(?:路|街|街道|大道|道|巷|弄|胡同|村|镇|乡|小区|小區|社区|校区|花园|花園|园区|园|苑|公寓|大厦|大廈|广场|家园"
    r"|公馆|庄|城|坊|府|湾|庭|"
    r"里(?=\s?[0-9]{1,4}\s?[号號弄])|大学|医院)(?:[东西南北中]段?)?\s?"
)
_ROAD_AND_NUMBER = re.compile(rf"{_ROAD}{_NUMBER}")
_BUILDING = rf"[{HAN}]{{1,10}}?(?:大厦|大廈|广场|中心|公寓|花园|小区|家园|苑)"
_FURTHER = re.compile(
    rf"\s?(?:{_NUMBER}|{_BUILDING}\s?(?:{_NUMBER})?|-?[0-9]{{2,5}}(?![0-9年月日元])|[{HAN}]{{1,8}}?{_ROAD}{_NUMBER})"
)
_CUE = re.compile(
    r"(?:收货|收件|寄件|家庭|详细|邮寄|配送|送货|新的?|旧的?|我的?|公司|办公|账单|发货|收货人)?(?:地址|住址)|家住"
    r"|住在|我家在|"
    r"(?:寄|送|发|配送|邮寄|改寄|改送|改)[到至往]|搬到了?|搬去|户籍|寄"
)
_LINK = re.compile(r"(?:改成|改为|换成|应该是|是|为|在|改到|:|\s|公司|我家|学校|单位|宿舍){0,4}")
_ANY_NUMBER = re.compile(rf"{_NUMBER}|(?<=[{HAN}])[0-9]{{2,5}}$")
_AREA = re.compile(r"[省市区區县縣镇鎮乡鄉]")
_BOX = re.compile(r"(?:邮政)?信箱\s?[A-Z]?\d{1,6}(?:号|-\d{1,4})?|\d{1,6}\s?号?信箱")


def han_addresses(text: str) -> Iterator[Span]:
    """Every Chinese postal address; spans may overlap and come in no order."""
    if text.isascii():
        return
    yield from ((*match.span(), KIND) for match in _BOX.finditer(text))
    for segment in _SEGMENT.finditer(text):
        road = _ROAD_AND_NUMBER.search(text, *segment.span())
        if road is None:
            continue
        lead = _LEAD.match(text, segment.start(), road.start())
        start = max(segment.start() if lead is None else lead.end(), road.start() - 30)
        if start < road.start():
            yield start, _end(text, road.end(), segment.end()), KIND
    for words in _CUE.finditer(text):
        link = _LINK.match(text, words.end())
        at = words.end() if link is None else link.end()
        place = _SEGMENT.match(text, at, min(len(text), at + 60))
        if place is not None and _is_home(words.group(), place.group().strip()):
            yield (*place.span(), KIND)


def _end(text: str, at: int, end: int) -> int:
    """Where the address ends that goes on at `at`."""
    for _ in range(8):
        match = _FURTHER.match(text, at, end)
        if match is None:
            break
        at = match.end()
    return at


def _is_home(cue: str, place: str) -> bool:
    """A town that is asked about ("能寄到深圳市吗") is no address; one after 地址 with a district is."""
    if len(place) < 4 or place.isascii():
        return False
    if _ANY_NUMBER.search(place):
        return True
    told = cue.endswith(("址", "住", "住在", "家在"))
    return told and (len(_AREA.findall(place)) >= 2 or (len(place) >= 9 and "区" in place))
