"""Finds numbers of parcels, invoices, tickets, customers: who knows one can ask about somebody. None is an order's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.masking.cues import Place, announced
from bot.masking.patterns import cue, vocabulary
from bot.masking.spans import Span

KIND = "NUMBER"

_CARRIERS = re.compile(
    r"(?<![A-Za-z0-9])(?:1Z[ -]?(?:[A-Z0-9][ -]?){15}[A-Z0-9]|[A-Z]{2} ?\d{3} ?\d{3} ?\d{3} ?[A-Z]{2}"
    r"|(?:JD|SF|YT|JJD|JT|ZTO|STO|YD|DPK|JDV|JDX|GM|LX|CNG|H|JVGL)[A-Z]{0,4}\d{8,20}(?:-\d{1,3}){0,3})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_NUMBERED = vocabulary(
    """
    tracking  parcel  package  shipment  consignment  shipping  delivery  dispatch  waybill  awb  airway bill
    container  courier  label  barcode  customer  client  member(ship)?  loyalty  account  user  subscriber
    subscription  contract  policy  quote  offer  invoice  bill  receipt  ticket  case  claim  complaint  incident
    request  transaction  payment  transfer  reservation  booking  confirmation  return  rma  refund  serial  device
    machine  meter  registration  application  file  job  service  credit note  kunden  gift ?card
    (loyalty|member|library|store) ?card  clubcard  nectar  bahncard
    """
)
_CUE = cue(
    rf"""
    (?:{_NUMBERED}) ?-?(numbers?|no\.?|nr\.?|num|ids?|codes?|ref(erence)?\.?( (number|no\.?))?|#|nummer)  tracking
    awb  waybill  sendungsnummer  parcel  shipment  consignment  imei  rma  invoice  receipt  ticket  case  s/n
    serial  credit note
    (ups|dhl|usps|fedex|dpd|gls|hermes|evri|yodel|royal mail|postnl|tnt|ems)( (number|no\.?|tracking|parcel|code))?
    kundennummer  rechnungsnummer  vertragsnummer  gift card  loyalty card  membership card
    """,
    """
    (?:运单|運單|快递|快遞|物流|货运|单据|退款|退货|售后|支付|交易|流水|发票|發票|会员卡?|客户|客戶|用户|合同|保单|设备|序列|工单|投诉|案件|机身|礼品卡|购物卡|储值卡|账单|编|追踪|跟踪|取件)(?:单号|單號|号码?|號碼?|编号|代码|ID|码)
    快递 物流 运单 顺丰 中通 圆通 申通 韵达 京东物流 EMS
    """,
)
_CALLED_NUMBER = re.compile(
    r"numb|no\.?$|nr|num$|id|code|ref|#|imei|rma|s/n|serial|tracking|awb|waybill|号|號|码|单", re.IGNORECASE
)
_VALUE = re.compile(
    r"(?:[A-Z]{1,6}[-_ /]?|[A-Za-z]{1,6}[-_/]?)?(?=\d|[A-Za-z0-9]{0,3}\d)[A-Za-z0-9]{1,40}"
    r"(?:[-_/. ](?=[A-Za-z]{0,3}\d)[A-Za-z0-9]{1,40}){0,6}(?![A-Za-z])"
)
_AMOUNT_AFTER = re.compile(r"(?<=\S{7})(?:\s\d{1,3}){1,2}$")
_YEAR = re.compile(r"(?:19|20)\d\d")


def references(text: str) -> Iterator[Span]:
    """Every such number; spans may overlap and come in no order."""
    yield from ((*match.span(), KIND) for match in _CARRIERS.finditer(text))
    yield from announced(text, _CUE, _reference)


def _reference(place: Place) -> Span | None:
    """A number after its name; what is not called a number needs six figures, so that "case 2" stays."""
    match = _VALUE.match(place.text, place.at)
    if match is None:
        return None
    value = match.group()
    if value.count(" ") <= 2:
        value = _AMOUNT_AFTER.sub("", value)
    named = place.near and _CALLED_NUMBER.search(place.cue.group()) is not None
    if sum(c.isdigit() for c in value) < (4 if named else 6) or _YEAR.fullmatch(value):
        return None
    return place.at, place.at + len(value), KIND
