"""Baskets as plain values and back, for drafts and held sales. They stay on this till: a basket knows its member's name and phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.domain.basket import Basket, BasketLine, Discount, DiscountKind, ReturnTerms
from app.domain.codec_parts import (
    DAMAGE,
    VERSION,
    Plain,
    approval_from_plain,
    approval_to_plain,
    check_version,
    day,
    return_of_from_plain,
    return_of_to_plain,
    tenders_from_plain,
    tenders_to_plain,
    text,
    whole,
)
from app.domain.errors import Refused
from app.domain.ids import BasketId, CategoryId, ItemId, MemberId
from app.domain.item import Item, TaxClass, Unit
from app.domain.loyalty.coupon import BasketCoupon, coupon_fields, coupon_of_fields
from app.domain.loyalty.coupon_codec import TERMS, from_plain, to_plain
from app.domain.loyalty.coupon_terms import CouponTerms
from app.domain.loyalty.moves import GiftTaken
from app.domain.loyalty.stamps_codec import reward_from_plain, reward_to_plain
from app.domain.member import Member, MemberCard
from app.domain.money import CURRENCIES, Currency, Money
from app.domain.quantity import ONE


def basket_to_plain(basket: Basket) -> Plain:
    """A whole basket, with its items as they were pinned and the member's card: for drafts and held sales on this till."""
    plain: Plain = {"v": VERSION, "id": basket.id.hex, "at": basket.opened_at}
    currency = _currency_of(basket)
    if currency is not None:
        plain["currency"] = currency.code
    if basket.lines:
        plain["lines"] = [_basket_line_to_plain(line) for line in basket.lines]
    if basket.member is not None:
        plain["member"] = _card_to_plain(basket.member)
    if basket.is_new_member:
        plain["new_member"] = True
    if basket.discount is not None:
        plain["discount"] = _discount_to_plain(basket.discount)
    if basket.tenders:
        plain["tenders"] = tenders_to_plain(basket.tenders)
    if basket.approvals:
        plain["approvals"] = [approval_to_plain(approval) for approval in basket.approvals]
    if basket.note:
        plain["note"] = basket.note
    if basket.coupons:
        plain["coupons"] = [_coupon_to_plain(one) for one in basket.coupons]
    if basket.rewards:
        plain["rewards"] = [reward_to_plain(one) for one in basket.rewards]
    if basket.gifts:
        plain["gifts"] = [[gift.code, gift.name, gift.pieces, gift.points] for gift in basket.gifts]
    return plain


def basket_from_plain(plain: Plain) -> Basket:
    """The basket that ``basket_to_plain`` wrote. Raises Refused as ``from_plain`` does."""
    try:
        check_version(plain)
        # A basket without money names no currency, and then nothing below asks for it.
        currency = CURRENCIES[plain.get("currency", "TWD")]
        member = plain.get("member")
        discount = plain.get("discount")
        return Basket(
            id=BasketId(UUID(plain["id"])),
            opened_at=whole(plain["at"]),
            lines=tuple(_basket_line_from_plain(line, currency) for line in plain.get("lines", ())),
            member=None if member is None else _card_from_plain(member),
            is_new_member=plain.get("new_member", False),
            discount=None if discount is None else _discount_from_plain(discount),
            tenders=tenders_from_plain(plain.get("tenders", ()), currency),
            approvals=tuple(approval_from_plain(approval) for approval in plain.get("approvals", ())),
            note=plain.get("note", ""),
            coupons=tuple(_coupon_from_plain(one) for one in plain.get("coupons", ())),
            rewards=tuple(reward_from_plain(one) for one in plain.get("rewards", ())),
            gifts=tuple(
                GiftTaken(text(code), text(name), whole(pieces), whole(points))
                for code, name, pieces, points in plain.get("gifts", ())
            ),
        )
    except DAMAGE as error:
        raise Refused("record_damaged") from error


def _currency_of(basket: Basket) -> Currency | None:
    if basket.lines:
        return basket.lines[0].item.price.currency
    return basket.tenders[0].amount.currency if basket.tenders else None


def _basket_line_to_plain(line: BasketLine) -> Plain:
    plain: Plain = {"n": line.number, "item": _item_to_plain(line.item)}
    if line.quantity != ONE:
        plain["qty"] = line.quantity
    if line.barcode:
        plain["barcode"] = line.barcode
    if line.open_price is not None:
        plain["price"] = line.open_price.minor
    if line.label_amount is not None:
        plain["label"] = line.label_amount.minor
    if line.discount is not None:
        plain["discount"] = _discount_to_plain(line.discount)
    if line.note:
        plain["note"] = line.note
    terms = line.return_terms
    if terms is not None:
        plain["terms"] = {
            "refund": terms.refund.minor,
            "of": None if terms.of is None else return_of_to_plain(terms.of),
            "earned": terms.points_earned,
            "spent": terms.points_spent,
        }
    if line.is_void:
        plain["void"] = True
    if line.gift_of:
        plain["gift"] = line.gift_of
    return plain


def _basket_line_from_plain(plain: Plain, currency: Currency) -> BasketLine:
    discount = plain.get("discount")
    terms = plain.get("terms")
    return BasketLine(
        number=whole(plain["n"]),
        item=_item_from_plain(plain["item"], currency),
        quantity=whole(plain.get("qty", ONE)),
        barcode=text(plain.get("barcode", "")),
        open_price=Money(plain["price"], currency) if "price" in plain else None,
        label_amount=Money(plain["label"], currency) if "label" in plain else None,
        discount=None if discount is None else _discount_from_plain(discount),
        note=text(plain.get("note", "")),
        return_terms=None if terms is None else _terms_from_plain(terms, currency),
        is_void=plain.get("void", False) is True,
        gift_of=text(plain.get("gift", "")),
    )


def _coupon_to_plain(one: BasketCoupon) -> Plain:
    plain: Plain = {
        "coupon": coupon_fields(one.coupon),
        "at": one.coupon.issued_at,
        "terms": to_plain(one.terms),
    }
    if one.holder is not None:
        plain["holder"] = one.holder.hex
    if one.is_foreign:
        plain["foreign"] = True
    return plain


def _coupon_from_plain(plain: Plain) -> BasketCoupon:
    holder = plain.get("holder")
    return BasketCoupon(
        coupon=coupon_of_fields(plain["coupon"], whole(plain["at"])),
        terms=from_plain(plain["terms"], TERMS, CouponTerms),
        holder=None if holder is None else MemberId(UUID(holder)),
        is_foreign=plain.get("foreign", False) is True,
    )


def _terms_from_plain(plain: Plain, currency: Currency) -> ReturnTerms:
    of = plain["of"]
    return ReturnTerms(
        refund=Money(plain["refund"], currency),
        of=None if of is None else return_of_from_plain(of),
        points_earned=whole(plain["earned"]),
        points_spent=whole(plain["spent"]),
    )


def _item_to_plain(item: Item) -> Plain:
    plain: Plain = {
        "id": item.id.hex,
        "sku": item.sku,
        "name": item.name,
        "price": item.price.minor,
        "pv": item.price_version,
    }
    if item.unit is not Unit.EACH:
        plain["unit"] = item.unit._value_
    if item.tax_class is not TaxClass.TAXABLE:
        plain["tax"] = item.tax_class._value_
    if item.category_path:
        plain["path"] = [category.hex for category in item.category_path]
    if item.member_price is not None:
        plain["member"] = item.member_price.minor
    if item.is_open_price:
        plain["open"] = True
    if not item.is_discountable:
        plain["discountable"] = False
    if not item.earns_points:
        plain["earns"] = False
    return plain


def _item_from_plain(plain: Plain, currency: Currency) -> Item:
    return Item(
        id=ItemId(UUID(plain["id"])),
        sku=text(plain["sku"]),
        name=text(plain["name"]),
        unit=Unit(plain.get("unit", "each")),
        tax_class=TaxClass(plain.get("tax", "taxable")),
        category_path=tuple(CategoryId(UUID(category)) for category in plain.get("path", ())),
        price=Money(plain["price"], currency),
        member_price=Money(plain["member"], currency) if "member" in plain else None,
        price_version=whole(plain["pv"]),
        is_open_price=plain.get("open", False) is True,
        is_discountable=plain.get("discountable", True) is True,
        earns_points=plain.get("earns", True) is True,
    )


def _discount_to_plain(discount: Discount) -> list[object]:
    return [discount.kind._value_, discount.value, discount.reason]


def _discount_from_plain(plain: list[Any]) -> Discount:
    kind, value, reason = plain
    return Discount(DiscountKind(kind), whole(value), text(reason))


def _card_to_plain(card: MemberCard) -> Plain:
    member = card.member
    return {
        "id": member.id.hex,
        "phone": member.phone,
        "name": member.name,
        "tier": member.tier,
        "joined": None if member.joined_on is None else member.joined_on.isoformat(),
        "birthday": member.birthday,
        "gender": member.gender,
        "note": member.note,
        "code": member.code,
        "consent": member.has_marketing_consent,
        "points": card.points,
        "visits": card.visits,
        "last": None if card.last_visit_on is None else card.last_visit_on.isoformat(),
        "spent": card.spent_minor,
        "as_of": card.as_of,
    }


def _card_from_plain(plain: Plain) -> MemberCard:
    return MemberCard(
        member=Member(
            id=MemberId(UUID(plain["id"])),
            phone=text(plain["phone"]),
            name=text(plain["name"]),
            tier=text(plain["tier"]),
            joined_on=day(plain["joined"]),
            birthday=text(plain["birthday"]),
            gender=text(plain["gender"]),
            note=text(plain["note"]),
            code=text(plain["code"]),
            has_marketing_consent=plain["consent"] is True,
        ),
        points=whole(plain["points"]),
        visits=whole(plain["visits"]),
        last_visit_on=day(plain["last"]),
        spent_minor=whole(plain["spent"]),
        as_of=None if plain["as_of"] is None else whole(plain["as_of"]),
    )
