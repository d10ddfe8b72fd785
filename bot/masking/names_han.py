"""Finds Chinese names of people after words that announce one: 我叫, 收件人, 姓名, and before 先生 and 女士."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.masking.patterns import HAN, word_lists
from bot.masking.spans import Span

KIND = "NAME"

_LISTS = word_lists("names_han")
_SURNAMES = "".join(_LISTS["surnames"].split())
_RARER_SURNAMES = "".join(_LISTS["rarer_surnames"].split())
"""Surnames that are common words as well: taken for one only after words such as 收件人."""
_SURNAMES_OF_TWO = "|".join(_LISTS["surnames_of_two"].split())
_NO_GIVEN_NAME = "".join(_LISTS["no_given_name"].split())
_GIVEN = rf"(?:(?![{_NO_GIVEN_NAME}])[{HAN}])"
_NAME = (
    rf"(?:(?:{_SURNAMES_OF_TWO}){_GIVEN}{{1,2}}|[{_SURNAMES}]\s?{_GIVEN}{{1,2}}"
    rf"|[{HAN}]{{1,6}}(?:[·・][{HAN}]{{1,6}}){{1,2}})"
)
_LATIN_NAME = r"(?:[A-Z][a-z'’-]{1,20}(?:\s[A-Z][a-z'’-]{0,20}){0,2})"
_CUE = re.compile(
    r"(?:我(?:的(?:真实|中文|全)?名字?[是叫]|名叫|叫做?|名字[叫是])|本人(?:姓名|名叫)?|鄙人|(?:真实)?姓名|名字(?=是"
    r"|叫|:|\s)|收件人|收货人|收貨人|收方|"
    r"寄件人|发件人|联系人|聯絡人|签收人|下单人|购买人|付款人|取件人|投保人|持卡人|户名|戶名|开户名|账户名|抬头|署名"
    r"|客户(?=:|是)|"
    r"我(?:老婆|老公|妻子|丈夫|爱人|妈妈?|爸爸?|女儿|儿子|朋友|同事|室友|妹妹|姐姐|弟弟|哥哥|邻居)(?:叫|是|的名字是)?"
    r"|(?:请|可以)?叫我|联系)"
    r"(?:姓名|名字|名)?\s?(?:应该是|改成|改为|是|叫|为|:|写的?是?)?\s?[「“\"(]?"
)
_AFTER_CUE = re.compile(
    rf"{_NAME}|[{_RARER_SURNAMES}]{_GIVEN}{{1,2}}(?=[\s,.;。!)]|$)|{_LATIN_NAME}|(?<=:)[{HAN}]{{2,4}}(?=[\s,;。]|$)"
)
_OTHERS = (
    re.compile(
        rf"(?:我是|我就是|这是|这里是|您好|你好|我姓名|此致|敬上|谢谢)[,!\s]{{0,3}}(?P<name>{_NAME})(?=\s?"
        rf"(?:[,.;!?。、\n)]|$|想|要|的(?!士)))"
    ),
    re.compile(rf"(?:^|[,\s])叫(?P<name>{_NAME})(?=\s?(?:[,.;!?。、\n)]|$))|(?P<addressee>{_NAME})\s?收(?=[\s,。)]|$)"),
    re.compile(rf"(?P<name>{_NAME})\s?(?:敬上|谨上|留$|上\s?$|是我的?(?:名字|姓名|真名))"),
    re.compile(
        rf"(?:我|本人|免贵|免貴|敝|贱)(?:免贵)?姓\s?(?P<name>(?:{_SURNAMES_OF_TWO}|[{_SURNAMES}]))(?![{HAN}]?名)"
    ),
    re.compile(
        rf"(?<![位各老])(?P<name>(?:{_SURNAMES_OF_TWO}|[{_SURNAMES}]){_GIVEN}{{0,2}}?)(?:先生|女士|小姐|太太|同学"
        rf"|夫人|老师|经理|医生|师傅|阿姨|叔叔|总(?=[,.。的\s]|$))"
        r"(?!手?表|[包鞋衣裤裙牌]|[款用专]|外套|香水|们)"
    ),
)
_WORDS = re.compile("|".join(_LISTS["words"].split()))
"""Words that begin as a surname does."""
_NO_PERSON = re.compile(r"(?:会员|人|家|客|户|费|店|式|级|型|款|员|商|司)$")


_CALLED = re.compile(rf"(?:我(?:的名字)?叫|我名叫|我的名字是|大家都?叫我)(?P<name>[{HAN}]{{2,4}})(?=[\s,.;。!~]|$)")
_NOBODY = re.compile("|".join(_LISTS["nobody"].split()))


def han_names(text: str) -> Iterator[Span]:
    """Every Chinese name that is announced; spans may overlap and come in no order."""
    if text.isascii():
        return
    for words in _CUE.finditer(text):
        match = _AFTER_CUE.match(text, words.end())
        if match is not None and not _WORDS.match(match.group()):
            yield (*match.span(), KIND)
    for match in _CALLED.finditer(text):
        if not _NOBODY.search(match["name"]):
            yield (*match.span("name"), KIND)
    for pattern in _OTHERS:
        for match in pattern.finditer(text):
            group = match.lastgroup or "name"
            if not _WORDS.match(match[group]) and not _NO_PERSON.search(match[group]):
                yield (*match.span(group), KIND)
