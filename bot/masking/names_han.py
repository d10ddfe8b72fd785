"""Finds Chinese names of people after words that announce one: 我叫, 收件人, 姓名, and before 先生 and 女士."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.masking.patterns import HAN
from bot.masking.spans import Span

KIND = "NAME"

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦"
    "江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦柳邢岳齐梅莫庄辛祝左涂谷祁舒耿牟詹关苗凌费纪靳盛童欧甄曲阳裴卫"
    "屈鲍覃霍翁隋甘景包柏宁柯阮桂闵柴华冉張劉陳楊趙黃吳孫馬羅鄭謝韓馮蕭許鄧蘇盧蔣賈葉閻鍾譚鄒陸顧龍萬錢湯喬賀賴龔龐蘭齊莊衛單寧關"
)
_RARER_SURNAMES = (
    "单單成时時路常房车車席项項解强強位边邊游苗卓薄古连連简簡呂储儲楚晁丛叢窦竇符管桂衡花怀懷霍姬计計纪紀荆井靖鞠匡郎冷厉厲练練蔺藺凌麻满滿米缪繆穆牟"
    "皮蒲戚祁曲全饶饒荣榮芮桑沙商尚盛索邰屠万巫乌烏奚宣薛荀晏燕伊应應虞喻元臧查翟宗仲阴陰郁郗郜邬鄔宫宮容景束干宿甄温溫安向"
)
"""Surnames that are common words as well: taken for one only after words such as 收件人."""
_SURNAMES_OF_TWO = "欧阳|上官|司马|诸葛|夏侯|司徒|皇甫|尉迟|公孙|慕容|令狐|端木|东方|南宫|歐陽|司馬|諸葛|東方|南宮|公孫"
_NO_GIVEN_NAME = (
    "的了吗呢吧啊呀是在有和与或及到去来从被把给对向跟要想能会不没未也都就才再还很最这那哪谁什怎所但且请您你我他她"
    "它们号码址邮箱退货款买卖件只条叫做说问打改填签拒寄送电收订单"
)
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
_WORDS = re.compile(
    "安全|方便|方式|方法|方向|高兴|高级|高档|高中|高温|成功|严重|常用|常见|文件|文字|金额|金牌|金色|金属|白天|白色"
    "|白金|黄金|黄色|于是|时间|万一|万元|左右|明天|周末|"
    "周[一二三四五六日]|马上|程度|曾经|温度|何时|何地|高度|包裹|包装|毛病|钱款|易碎|关于|关心|关机|江苏|江西|江浙"
    "|安徽|云南|甘肃|宁夏|温州|常州|宁波|金华|石家|华为|"
    "华东|华南|卫生|章程|任何|任意|毕竟|毕业|温馨|牛奶|牛皮|龙头|石头|武汉|孔夫子|白领|万能|高铁|柏林|欧洲|欧元|夏天"
    "|夏季|石英|田园|宁静|宁愿|康复|范围|顾客|余额|余下|"
    "盛夏|景色|景德|童装|童鞋|常客|安装|安排|安抚|白条|白酒|包邮|包括|包含|包月"
)
"""Words that begin as a surname does."""
_NO_PERSON = re.compile(r"(?:会员|人|家|客|户|费|店|式|级|型|款|员|商|司)$")


_CALLED = re.compile(rf"(?:我(?:的名字)?叫|我名叫|我的名字是|大家都?叫我)(?P<name>[{HAN}]{{2,4}})(?=[\s,.;。!~]|$)")
_NOBODY = re.compile(
    r"外卖|快递|客服|车|人|饭|餐|单|货|什|啥|怎|[它他她你谁的了过不没去来是有]|上门|师傅|维修|安装|滴滴|跑腿|救护|警察|保安|物流|代驾|电话|顺丰"
)


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
