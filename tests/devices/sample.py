"""A sale of a small shop as a receipt, written by hand in three languages."""

from __future__ import annotations

from app.domain.receipt import (
    QR,
    Align,
    Cell,
    Cut,
    DrawerPulse,
    Feed,
    Node,
    ReceiptDocument,
    Row,
    Rule,
    RuleStyle,
    Text,
)
from app.i18n import LANGUAGES
from app.texts.receipt import TEXTS

QR_DATA = "R1:01-1-A000123"

_SHOP = ("好日子選物店", "好日子选物店", "Good Days Store")
_ADDRESS = (
    "臺北市大安區和平東路一段 162 號",
    "台北市大安区和平东路一段 162 号",
    "162 Heping E. Rd. Sec. 1, Taipei",
)
_OPERATOR = ("林小美", "林小美", "May Lin")
_MEMBER = ("陳○堃 0912-***-678", "陈○堃 0912-***-678", "0912-***-678")
_TIER = ("金卡", "金卡", "Gold")
_ITEMS = (
    (("御茶園特撰日式綠茶 550ml", "御茶园特选日式绿茶 550ml", "Green tea 550 ml"), "2", "25", "50"),
    (("鮮乳坊小農鮮乳 936ml", "鲜乳坊小农鲜乳 936ml", "Farm milk 936 ml"), "1", "109", "109"),
    (
        (
            "手工鳳梨酥禮盒（10 入，附提袋）",
            "手工凤梨酥礼盒（10 入，附提袋）",
            "Pineapple cakes, gift box of ten",
        ),
        "1",
        "420",
        "420",
    ),
    (("滷味豆乾", "卤味豆干", "Marinated tofu"), "3", "35", "105"),
    (("台東池上米 1.5kg", "台东池上米 1.5kg", "Chishang rice 1.5 kg"), "1", "189", "189"),
    (("有機地瓜葉", "有机地瓜叶", "Sweet potato leaves"), "2", "39", "78"),
    (("Café 拿鐵（大）", "Café 拿铁（大）", "Caffè latte, large"), "1", "65", "65"),
    (("阿里山高山烏龍茶", "阿里山高山乌龙茶", "Alishan oolong tea"), "1", "380", "380"),
    (("蜂蜜檸檬乾", "蜂蜜柠檬干", "Honey lemon slices"), "1", "120", "120"),
    (("洗衣精補充包 1,500ml", "洗衣液补充装 1,500ml", "Laundry refill 1,500 ml"), "1", "99", "99"),
    (("環保購物袋", "环保购物袋", "Shopping bag"), "1", "3", "3"),
)
_BANANAS = (
    ("旗山香蕉", "旗山香蕉", "Bananas"),
    ("0.685 公斤 × 48／公斤", "0.685 千克 × 48／千克", "0.685 kg × 48/kg"),
    "33",
)
_OFFER = ("買二送一 滷味豆乾", "买二送一 卤味豆干", "Buy 2 get 1: tofu")
_MEMBER_OFFER = ("金卡會員 95 折", "金卡会员 9.5 折", "Gold member 5% off")


def receipt(language: str) -> ReceiptDocument:
    """A member's sale in `zh_TW`, `zh_CN` or `en`: twelve goods, two offers, points and cash."""
    column = LANGUAGES.index(language)
    nodes: list[Node] = [DrawerPulse(), *_head(column)]
    for item in _ITEMS:
        nodes.append(_item(item, column))
        if item is _ITEMS[3]:
            nodes.append(_pair(f"  {_OFFER[column]}", "-35"))
    names, weight, amount = _BANANAS
    nodes += [
        _pair(names[column], amount),
        Text(f"  {weight[column]}"),
        Rule(),
        _pair(f"{_say(column, 'subtotal')}  {_say(column, 'item_count', count='16')}", "1,616"),
        _pair(_MEMBER_OFFER[column], "-81"),
        _total(column, "NT$1,535"),
        _pair(_say(column, "tax_included", rate="5%"), "73"),
        Rule(),
        _pair(_say(column, "points_tender", points="100"), "100"),
        _pair(_say(column, "cash"), "2,000"),
        _pair(_say(column, "change"), "565", bold=True),
        Rule(),
        _pair(f"{_say(column, 'member')}  {_TIER[column]}", _MEMBER[column]),
        _pair(_say(column, "points_earned"), "+14"),
        _pair(_say(column, "points_balance"), "1,254", bold=True),
        _pair(_say(column, "points_expiring", points="320", date="2026-12-31"), ""),
        Rule(RuleStyle.SOLID),
        *_foot(column),
    ]
    return ReceiptDocument(tuple(nodes), language, "sale")


def short_receipt(language: str) -> ReceiptDocument:
    """A cash sale of four goods to nobody in particular: 32 lines of text, empty ones and rules counted."""
    column = LANGUAGES.index(language)
    nodes: list[Node] = [
        DrawerPulse(),
        *_head(column),
        *(_item(item, column) for item in _ITEMS[:4]),
        _pair(f"  {_OFFER[column]}", "-35"),
        Rule(),
        _pair(_say(column, "subtotal"), "649"),
        _total(column, "NT$649"),
        _pair(_say(column, "tax_included", rate="5%"), "31"),
        _pair(_say(column, "cash"), "700"),
        _pair(_say(column, "change"), "51", bold=True),
        Rule(RuleStyle.SOLID),
        *_foot(column),
    ]
    return ReceiptDocument(tuple(nodes), language, "sale")


def _head(column: int) -> list[Node]:
    return [
        Text(_SHOP[column], Align.CENTER, size=2, bold=True),
        Text(_ADDRESS[column], Align.CENTER),
        Text(_say(column, "phone", phone="02-2362-5678"), Align.CENTER),
        Text(_say(column, "tax_id", number="12345675"), Align.CENTER),
        Feed(),
        _pair(_say(column, "title"), _say(column, "till", till="01"), bold=True),
        _pair("2026-11-21 15:02", _say(column, "operator", name=_OPERATOR[column])),
        _pair(_say(column, "number", number="01-1-A000123"), ""),
        Rule(RuleStyle.SOLID),
        _columns(*(_say(column, key) for key in ("item", "quantity", "unit_price", "amount"))),
        Rule(),
    ]


def _foot(column: int) -> list[Node]:
    return [
        QR(QR_DATA, _say(column, "scan_for_return")),
        Text(_say(column, "check_code", code="7f3a 91c2"), Align.CENTER),
        Feed(),
        Text(_say(column, "return_policy", days="7"), Align.CENTER),
        Text(_say(column, "not_an_invoice"), Align.CENTER),
        Text(_say(column, "thanks"), Align.CENTER, bold=True),
        Feed(),
        Cut(),
    ]


def _item(item: tuple[tuple[str, str, str], str, str, str], column: int) -> Row:
    names, quantity, price, amount = item
    return _columns(names[column], quantity, price, amount)


def _columns(name: str, quantity: str, price: str, amount: str) -> Row:
    numbers = ((quantity, 4), (price, 6), (amount, 7))
    return Row((Cell(name), *(Cell(text, Align.RIGHT, width) for text, width in numbers)))


def _pair(label: str, amount: str, *, bold: bool = False) -> Row:
    return Row((Cell(label, bold=bold), Cell(amount, Align.RIGHT, bold=bold)))


def _total(column: int, amount: str) -> Row:
    return Row((Cell(_say(column, "total"), bold=True), Cell(amount, Align.RIGHT, bold=True)), size=2)


def _say(column: int, key: str, **fields: str) -> str:
    return TEXTS[f"receipt.{key}"][column].format(**fields)
