"""What the trained detectors cannot be trusted with: whether a wish is negated, asked about, or somebody else's.

Each rule is a list of patterns over the normal form of a text (normal.py), English first, then Chinese.
"""

from __future__ import annotations

import re

from bot.policies import purposes
from bot.standing_requests.normal import normalised


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


# Withdrawing

_ASKS_HOW = _any(
    r"^(?:and |but |so |ok |okay |also |thanks |btw )*(?:how|where|which way|what do i)\b.{0,60}\b(?:withdraw"
    r"|revoke|take back"
    r"|take it back|undo|stop|opt out|turn|switch|cancel|object|delete|erase|unsubscribe|forget)\b",
    r"^(?:and |but |so |ok |okay |also |thanks )*(?:can|may|could|must|should|do|am) i\b",
    r"^(?:is it|would it be) (?:possible|ok|okay|allowed|alright) (?:for me |if i |to )",
    r"(?:怎么|如何|怎样|在哪|哪里|在哪里)(?:可以|能|才能)?.{0,6}(?:撤|收回|取消|关|停|删|退出|退订|忘|清)",
    r"(?:可以|能|能不能|可不可以|还能|是否可以|是不是可以|需要|必须|一定要).{0,4}"
    r"(?:不同意|不允许|拒绝|撤|收回|反悔|取消|后悔|不授权|不给|退出|说不).{0,8}(?:吗|么|嘛|不)",
)
_ASKS_ABOUT_LATER = _any(
    r"\b(?:can|could|may|will|would) (?:i|one|you|we)\b.{0,50}"
    r"\b(?:later|if i|any time|anytime|once|afterwards|in future|at some point|some day)\b",
    r"\bwhat if i\b",
    r"\bwhat happens (?:if|when|once)\b",
    r"(?:以后|之后|后|将来|随时).{0,10}(?:可以|能|还能).{0,10}(?:吗|么|嘛)",
    r"的话.{0,8}(?:可以|能|会|行)",
)
_SAYS_GO_ON = _any(
    r"\b(?:do not|dont|never|please do not|no need to|not going to|will not|did not|am not|not) (?:\w+ ){0,2}?"
    r"(?:stop|forget|withdraw|withdrawing|revoke|revoking|take it back|delete|erase|stopping|taking)\b",
    r"\b(?:keep|continue|carry on|go on) (?:on )?(?:using|reading|looking|checking|to use)\b",
    r"(?:不要|别|不用|不必|不想|没有|没|不是要|不会|无需|不打算|先不|暂不)(?:停|忘|撤|收回|取消|删|关闭|退订|再问)",
    r"(?<![不别再你准许])(?:继续|接着)(?:用|使用|看|查)",
)
_ANOTHERS = _any(
    # somebody else's consent, or what somebody said
    r"\b(?:his|her|their) (?:consent|permission|data|access)\b",
    r"\b(?:told|asked|asks|says|said|wants|wanted) (?:me|us|him|her) to\b",
    r"^(?:did|does|has|is|was|are) (?:my|the) (?:consent|permission|access)\b",
    r"(?:他|她|朋友|老公|老婆|妈妈?|爸爸?|哥哥?|姐姐?|弟弟?|妹妹?|同事|孩子)(?:撤回|收回|取消|不同意)",
    # forgetting, manners and goods
    r"^我(?:又|真的|好像|刚才)?忘(?:了|记)?(?:$|密码|账号|带|说|填|写|买|选|加)|忘记密码|忘了密码",
    r"退货|退款|换货|退单|退掉|[别不]要?(?:烦|闹|骗|吵|急|催)我?",
    r"\bstop (?:lying|joking|kidding|wasting|repeating|asking|talking|saying|laughing|shouting"
    r"|being|sending|texting|calling"
    r"|spamming|arguing|guessing|apologi[sz]ing)\b(?!.*\b(?:data|orders?|consent)\b)",
)
_NOT_KNOWING = _any(
    r"\b(?:do not|dont|does not|did not|can not|could not) (?:really |even |quite )?"
    r"(?:know|understand|remember|see|find|recall|get why|have|recogni[sz]e)\b"
)
_ENDING = _any(
    r"\b(?:stop\w*|quit\w*|ceas\w*|end\w*|withdr\w*|widthdr\w*|revo\w*|rvok\w*|rescind\w*|retract\w*|undo\w*"
    r"|cancel\w*)\b",
    r"\b(?:remov\w*|delet\w*|eras\w*|wip\w*|purg\w*|destroy|forget\w*|forgot\w*|4get|object\w*|opt|optout"
    r"|unsub\w*)\b",
    r"\b(?:unallow|disallow\w*|disabl\w*|deactivat\w*|switch|turn|off|out|back|clos\w*|lock\w*|shut\w*"
    r"|block\w*|pull)\b",
    r"\b(?:scrap|void|over|enough|private|privacy|no|not|none|never|nope|without|anymore|longer|again|mistake)\b",
    r"\b(?:accident\w*|regret\w*|sorry|mind|alone|business|hands|eyes|leave|away|refus\w*|deny|denied"
    r"|declin\w*|reject\w*)\b",
    r"\b(?:terminat\w*|expire\w*|gone|nothing|neither|dont|doesnt|isnt|wont|cant|shouldnt|couldnt|didnt|keep out)\b",
    r"\b(?:get out|rather|prefer|uncomfortable|comfortable|snoop\w*|spy\w*|peek\w*|nosy|clear|reset|kill|drop|ban)\b",
    r"\b(?:halt|pause|suspend|hold|limit|restrict)\b|n't\b",
    r"[不没别停撤收消删忘悔反拒关够退解终废止莫甭勿唔冇禁免清抹毁断封锁改错罢休滚]|算了|住手",
)
_OBJECTING = _any(r"\bobject(?:ion|ing|s)?\b", "反对")
_ERASING = _any(
    r"\bforget (?:about )?(?:me|everything|it all|all (?:about|of) me|what you know)\b|\bforgotten\b",
    r"\b(?:erase|erased|erasure|delete|deleted|wipe|purge|destroy|remove)\b",
    r"忘(?:了|记|掉)我|把我忘|全都?忘|关于我.{0,4}忘|删|清除|清空|抹掉|销毁|被遗忘",
)
_AT_LARGE = _any(
    r"\b(?:data|info|information|stuff|details|everything|anything|all of it|any of it|records?|file)\b",
    r"任何|所有|全部|一切|数据|信息|资料|隐私|东西",
)
_AT_LARGE_WORDS = frozenset({"资料", "details", "data", "info"})
"""Words of a purpose that mean everything when they stand alone."""

# A human

_NO_HUMAN = _any(
    r"\b(?:no|not|without|never|skip|forget|avoid|rather than|instead of|anything but|cancel|stop) "
    r"(?:a |an |any |the |your |need for |need of |more |with |to |connecting |transferring |transfer "
    r"|handing |me |over "
    r"|through |waiting |for |another |further |real |live |request |phone |wait ){0,5}"
    r"(?:human|humans|person|persons|people|agent|agents|rep|representative|operator|calls?|phone calls?"
    r"|anyone|anybody"
    r"|somebody|someone|manager|supervisor|colleague|colleagues|staff|handover|transfer|escalation|callback"
    r"|call back)\b",
    r"\b(?:do not|dont|did not|would not|will not|wont|no longer|not|never|no need to|rather not|prefer not to"
    r"|hate to|refuse to) "
    r"(?:ever |really |want |need |wish |like |have |to |you |please |be |even |it |just |me |this |the ){0,6}"
    r"(?:a |an |any |another |your |some |to |with |over |through |be ){0,4}"
    r"(?:human|person|agent|rep|representative|operator|manager|supervisor|talk to (?:a |an |any|some|your|people)"
    r"|speak (?:to|with) (?:a |an |any|some|your|people)|call|ring|phone|connect|transfer|transferred"
    r"|connected|hand me"
    r"|escalate|put me through|handed over|pass me|forward)\b",
    r"(?:不要|别|不用|不需要|不必|先不|暂时不|暂不|无需|用不着|不想|不愿|取消|不打算|没必要|不希望|拒绝)"
    r"(?:再|给我|帮我|让我|麻烦|跟|和|与|找|要|用|接|转|叫|请|打|任何|什么|你们的?|现在|急着|马上|了){0,6}"
    r"(?:人工|真人|客服|人说话|人讲|人聊|人沟通|人谈|活人|电话|回电|坐席|经理|主管|转接|来电|致电|任何人)",
)
_PREFERS_THE_MACHINE = _any(
    r"\brather (?:talk|chat|speak|write|stay|deal|type) (?:to|with) "
    r"(?:you|the bot|a bot|this bot|a machine|the machine|the ai|an ai|the assistant)\b",
    r"\bprefer (?:you|the bot|this bot|the machine|the ai|the assistant)\b",
    r"\b(?:already|just) (?:spoke|spoken|talked|chatted|asked|had|been)\b",
)
_MACHINE = _any(
    r"\b(?:machines?|bots?|robots?|chatbots?|computers?|program|ai|software|algorithm|automat\w+)\b",
    "机器|程序|电脑|ai|人工智能|自动",
)
_NEAR = 24
"""Characters behind a negated wish within which a machine may be named: "no more talking to a bot"."""

# Who answers

_BEING = (
    r"(?:computers?|robots?|machines?|bots?|chatbots?|humans?|human beings?|people|persons?|ais?|droids?"
    r"|androids?|cyborgs?"
    r"|men|man|women|woman)"
)
_OTHERS_NATURE = _any(
    # the writer's own nature, or a third party's
    r"\bam i (?!(?:\w+ )?(?:talkin\w*|speak\w*|chat\w*|text\w*|writing|conversing|dealing|communicating"
    r"|interacting|connected"
    r"|being|in touch|typing)\b)",
    r"\b(?:they|he|she|alexa|siri|google|cortana) (?:is|are|was|were)\b|\bthey're\b",
    r"\bis (?:alexa|siri|amazon|apple|google|cortana|he|she|it true that (?:he|she))\b",
    r"\bis (?!(?:this|it|that|there|any\w*|some\w*|your|you|who\w*|what|the|a|an|my)\b)[a-z]+ (?:just |only "
    r"|really )?"
    r"(?:a|an|human|artificial|real)\b",
    r"\bthink (?:that )?i am\b|\bi am not a robot\b|\bi'm not a robot\b",
    # works and pictures
    r"\b(?:have|did) you (?:ever )?(?:seen|heard|read|met|watched|see|hear|watch|know that)\b",
    r"\b(?:tv show|song|film|movie|book|novel|episode|series|picture|photo|video|captcha)\b",
    # people and machines at large
    r"^(?:so |but |and |well |hm |hmm )*(?:do|does|can|could|will|would|should|is|are|how would|how do|what is"
    r"|what are|why do"
    r"|why are|what makes) (?:a |an |the |all |any |just a |only a )?(?:real |actual |actually |living |live "
    r"|automated |other )*"
    rf"{_BEING}\b(?! (?:\w+ )?(?:answering|typing|there|reading|on|behind|writing|replying|talking|here"
    rf"|sitting|available"
    r"|responding|helping|or))",
    r"\bdifferences?\b|\bsame (?:thing )?as\b|\bwould you rather\b|\bimagine (?:being|you are)\b",
    r"\bfeel like (?:something )?to be\b|\b(?:like|mean) to be (?:a |an )?(?:human|robot|person)\b",
    r"\bsomething (?:a|an|only a) \w+ would say\b(?!.*\bare you\b)",
    # the nature is taken as known
    r"\bi know (?:that )?you(?: are|'re|re)\b|\b(?:you said (?:that )?you|you told me)\b(?!.*\bare you\b)"
    r"|\bi told you\b",
    r"\bfooled you\b|\byou are (?:a |an )*\w+(?: robot)? (?:so|therefore|that means)\b|\bsince you are (?:a|an)\b",
    # something else is asked
    r"\bare you (?:\w+ )?(?:made (?:by|in|of)|programmed|able to|sure(?! you| ur| your)|familiar|one who"
    r"|talking to me|kidding"
    r"|joking|being sarcastic|genuine|in (?:the )?stock)\b",
    r"\b(?:boy|girl|female|male) robot\b",
)
_NATURE = _any(
    r"\b(?:hum\w*|hoom\w*|pers\w*|ppl|peopl\w*|rob\w*|bot\w*|chatb\w*|chat bot|mach\w*|comp\w*|prog\w*|soft\w*"
    r"|ais?|artif\w*)\b",
    r"\b(?:autom\w*|algor\w*|script\w*|cod(?:e|ing)|real\w*|reel|live|living|life|alive|man|men|wom[ae]n"
    r"|girl\w*|boy\w*|guy\w*)\b",
    r"\b(?:dude\w*|bloke\w*|lad(?:y|ies)|gent\w*|gal|chap|lass|somebody|someone|anybody|anyone|nobody|body"
    r"|flesh|blood|skin)\b",
    r"\b(?:bones?|meat|metal|silicon|carbon|circuit\w*|organic|biolog\w*|synthetic|virtual|digital|gpt\w*"
    r"|chatgpt|llms?|model)\b",
    r"\b(?:siri|alexa|cortana|claude|gemini|copilot|llama|deepseek|assistant|agent|staff|team|employee|app"
    r"|record\w*|tape)\b",
    r"\b(?:system|droid\w*|android|cyborg\w*|hologram|deepfake|fake|avatar|alien|mortal|immortal|species|being"
    r"|creature|thing)\b",
    r"\b(?:exist\w*|typ(?:ed|ing|es)|written|writing|generated|brain|mind|conscious\w*|sentien\w*|turing)\b",
    r"\b(?:who|what|whom|which) (?:exactly |the hell |even |kind of \w+ )?(?:are|r|am|is|do) (?:you|u|i|this|it)\b",
    r"\bwho (?:answers|writes|replies|responds|types|is (?:answering|writing|typing|replying|behind))\b",
    r"\bare you one\b|\b(?:what|how) about you\b|\bidentify yourself\b",
)
_HERE = _any(
    r"\b(?:are|r) (?:you|u)\b",
    r"\bis (?:this|it)\b",
    r"\bam i (?:talking|speaking|chatting|texting|writing)\b",
    r"\byou are not\b",
)
_WISH = _any(r"\b(?:speak|talk|chat|connect me|connected|transfer me|put me through) (?:to|with)\b")


def asks_how(text: str) -> bool:
    """Is it asked how or whether one can withdraw, rather than withdrawn? Then use pauses and the visitor is asked."""
    return _ASKS_HOW.search(normalised(text)) is not None


def keeps(text: str) -> bool:
    """Does it say that nothing is to end, ask about later, or speak of somebody or something else?"""
    plain = normalised(text)
    return any(rule.search(plain) is not None for rule in (_SAYS_GO_ON, _ASKS_ABOUT_LATER, _ANOTHERS))


def says_an_end(text: str) -> bool:
    """Does any word say that something is to end, or not to be? Without one it cannot be a withdrawal."""
    return _ENDING.search(_NOT_KNOWING.sub(" ", normalised(text))) is not None


def objects(text: str) -> bool:
    """Is it an objection, after which nobody asks again?"""
    return _OBJECTING.search(normalised(text)) is not None


def erases(text: str) -> bool:
    """Does the visitor want to be forgotten or erased?"""
    return _ERASING.search(normalised(text)) is not None


def means_everything(text: str) -> bool:
    """Do the words speak of data at large, as in "my data", 我的资料?"""
    return _AT_LARGE.search(normalised(text)) is not None


def wants_no_human(text: str) -> bool:
    """Is the wish for a human negated, or of the past? A wish for no machine is neither."""
    plain = normalised(text)
    if _PREFERS_THE_MACHINE.search(plain) is not None:
        return True
    negated = _NO_HUMAN.search(plain)
    return negated is not None and _MACHINE.search(plain, negated.start(), negated.end() + _NEAR) is None


def asks_of_others(text: str) -> bool:
    """Is it about people and machines at large, about somebody else, or a wish, rather than about who answers here?"""
    plain = normalised(text)
    if _OTHERS_NATURE.search(plain) is not None or (plain.isascii() and _NATURE.search(plain) is None):
        return True
    return _WISH.search(plain) is not None and _HERE.search(plain) is None


def named_purposes(text: str) -> tuple[str, ...]:
    """The purposes that the words speak of; none when they name none in particular."""
    plain = normalised(text)
    return tuple(
        name
        for name, purpose in purposes().items()
        if any(_speaks_of(plain, word) for words in purpose.words.values() for word in words)
    )


def _speaks_of(plain: str, word: str) -> bool:
    """Latin words as whole words, Chinese ones anywhere."""
    word = normalised(word)
    if not word or word in _AT_LARGE_WORDS:
        return False
    if not word.isascii():
        return word in plain
    return re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", plain) is not None
