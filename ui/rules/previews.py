"""The live preview beside each page: a sample that can be changed, and what the draft makes of it. It follows every key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.loyalty.coupon_benefit import BenefitKind
from app.domain.loyalty.coupon_terms import CouponRules, CouponTerms
from app.domain.loyalty.describe import standing_sentence
from app.domain.loyalty.gifts import GiftRules, offers
from app.domain.loyalty.points_rules import PointsRules
from app.domain.loyalty.stamps import StampRules
from app.domain.loyalty.tiers import NO_TIER, TierRules, TierState, standing_of
from app.domain.loyalty.value_rules import ValueRules
from app.domain.money import Money, format_money
from app.i18n import t
from app.service.rule_words import say
from ui.rules.areas import Area, amount, whole
from ui.rules.blanks import Surroundings
from ui.rules.card_areas import StampArea
from ui.rules.coupon_areas import CouponArea
from ui.rules.forms import Blank, Clause, Form, Row, Section
from ui.rules.painted import TIER_TILES, CardFace, CardView, StampView
from ui.rules.sample import WHAT, WHO, outcome
from ui.rules.section_view import SectionView
from ui.rules.words_list import WordsList
from ui.theme import Space, TypeRole
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till

CARDS_SHOWN_MAX: Final = 6
SAMPLE_FORMS: Final[dict[str, str]] = {
    "spend": "sample_spend",
    "points": "sample_earned",
    "visits": "sample_visits",
}


class Preview(QWidget):
    """What every preview is: `show_rules(draft)`, and again whenever its sample changes."""

    def __init__(self, till: Till, area: Area, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._till = till
        self._area = area
        self._around = around
        self._rules: Any = None
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(Space.S)
        self.result = TextLabel(parent=self, type=TypeRole.TITLE, tone="accent", wraps=True)
        # What is supposed stands apart from what comes of it: the page puts it further down.
        self.supposed = QWidget(parent)
        self._supposed_box = QVBoxLayout(self.supposed)
        self._supposed_box.setContentsMargins(0, 0, 0, 0)
        self._supposed_box.setSpacing(Space.S)
        self.supposed.hide()

    def show_rules(self, rules: Any) -> None:
        """The draft; None while it cannot be read: then the last one stays."""
        if rules is not None:
            self._rules = rules
            self.render_sample()

    def render_sample(self) -> None:
        """Show what the draft makes of the sample."""

    def sample(self, section: Section, *rows: Row) -> SectionView:
        """A sentence of the sample, with its blanks."""
        view = SectionView(section, self._around, self.supposed)
        view.show_rows(rows)
        view.changed.connect(self.on_sample)
        self._supposed_box.addWidget(view)
        self.supposed.show()
        return view

    def on_sample(self) -> None:
        if self._rules is not None:
            self.render_sample()


class PointsPreview(Preview):
    """A sale: who, when, what; the points it would earn, and why."""

    def __init__(self, till: Till, area: Area, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(till, area, around, parent)
        self.box.addWidget(self.result)
        self.lines = WordsList(self)
        self.box.addWidget(self.lines)
        self.who = self.sample(WHO, Row("sample", {"sample_tier": "", "on": around.today()}))
        self.what = self.sample(WHAT, Row("sample_any", {"amount": 1_270 * 10**around.currency.digits}))

    def render_sample(self) -> None:
        rules: PointsRules = self._rules
        try:
            rows = {WHO.name: self.who.read(), WHAT.name: self.what.read()}
        except Refused:
            return
        found = outcome(self._till, rules, rows)
        paid = format_money(Money(found.paid_minor, self._till.shop.currency))
        self.result.show_text("rules_ui.sample.earns", points=f"{found.points:,}", amount=paid)
        self.lines.show_sentences(found.lines)


class TierPreview(Preview):
    """How much somebody has: the card they would hold, and how far it is to the next."""

    def __init__(self, till: Till, area: Area, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(till, area, around, parent)
        self.box.addWidget(self.result)
        self.card = CardView(self)
        self.box.addWidget(self.card)
        threshold: dict[str, Blank] = {
            "spend": amount("threshold", 12_000, least=0),
            "points": whole("threshold", 600, least=0, most=10**9),
            "visits": whole("threshold", 8, least=0, most=100_000),
        }
        self._section = Section(
            "sample_standing",
            tuple(Form(name, (Clause(name, (threshold[basis],)),)) for basis, name in SAMPLE_FORMS.items()),
            is_fixed=True,
        )
        self.standing = self.sample(self._section, Row("sample_spend", self._section.forms[0].fresh()))
        self.standing.rows[0].switch.hide()

    def render_sample(self) -> None:
        rules: TierRules = self._rules
        form = SAMPLE_FORMS[rules.basis]
        row = self.standing.rows[0]
        if row.form != form:
            row.show_row(Row(form, self._section.form(form).fresh()))
        row.switch.hide()
        try:
            has: int = row.read().filled["threshold"]
        except Refused:
            return
        code = rules.code_at(rules.earned_rank(has))
        state = TierState(tier=code) if code else NO_TIER
        standing = standing_of(rules, state, has, self._around.today())
        sentence = standing_sentence(standing, self._till.shop.currency)
        name = standing.tier.name if standing.tier else t("rules_ui.sample.no_tier")
        self.result.show_text("rules_ui.sample.tier", tier=name)
        rank = rules.rank(code)
        self.card.show_face(
            CardFace(
                heading=self._till.shop.name,
                title=name,
                lines=self._rights(rules, code),
                tile=TIER_TILES[rank % len(TIER_TILES)],
                percent=standing.progress_percent if rules.tiers else None,
                note="" if sentence is None else say(sentence),
            )
        )

    def _rights(self, rules: TierRules, code: str) -> tuple[str, ...]:
        tier = rules.tier(code)
        if tier is None:
            return ()
        only = replace(rules, tiers=(tier,))
        said = self._area.describe(only)
        return tuple(one for one in said[1:4] if tier.name in one)[:2]


class CouponPreview(Preview):
    """Each coupon as its paper shows it, the one that is being written in front."""

    def __init__(self, till: Till, area: Area, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(till, area, around, parent)
        self.box.addWidget(self.result)
        self._cards = [CardView(self) for _ in range(CARDS_SHOWN_MAX)]
        for card in self._cards:
            self.box.addWidget(card)

    def render_sample(self) -> None:
        rules: CouponRules = self._rules
        assert isinstance(self._area, CouponArea)
        self.result.show_text("rules_ui.sample.coupons", count=len(rules.templates))
        shown = list(reversed(rules.templates))[:CARDS_SHOWN_MAX]
        for index, card in enumerate(self._cards):
            card.show_face(self._face(shown[index]) if index < len(shown) else None)

    def _face(self, terms: CouponTerms) -> CardFace:
        assert isinstance(self._area, CouponArea)
        first, *more = self._area.lines(terms)
        today = self._around.today()
        begins, ends = terms.valid_when_issued(today)
        days = f"{begins:%Y/%m/%d} – {ends:%Y/%m/%d}" if ends else t("rules_ui.sample.no_end")
        tile = "teal" if terms.benefit.kind is not BenefitKind.TEXT else "slate"
        return CardFace(terms.name, first, tuple(more[:3]), tile, note=days)


class StampPreview(Preview):
    """Each card with some places stamped."""

    def __init__(self, till: Till, area: Area, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(till, area, around, parent)
        self.box.addWidget(self.result)
        self._cards = [StampView(self) for _ in range(CARDS_SHOWN_MAX)]
        for card in self._cards:
            card.hide()
            self.box.addWidget(card)

    def render_sample(self) -> None:
        rules: StampRules = self._rules
        assert isinstance(self._area, StampArea)
        self.result.show_text("rules_ui.sample.cards", count=len(rules.cards))
        shown = list(reversed(rules.cards))[:CARDS_SHOWN_MAX]
        for index, view in enumerate(self._cards):
            view.setVisible(index < len(shown))
            if index < len(shown):
                card = shown[index]
                view.show_card(
                    card.name,
                    t("rules_ui.sample.reward", reward=self._area.reward_words(card)),
                    card.needed,
                    card.needed * 2 // 3,
                )


class GiftPreview(Preview):
    """So many points: what they bring."""

    SECTION: Final = Section(
        "sample_points",
        (Form("sample_points", (Clause("sample_points", (whole("points", 350, least=0),)),)),),
        is_fixed=True,
    )

    def __init__(self, till: Till, area: Area, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(till, area, around, parent)
        self.box.addWidget(self.result)
        self.lines = WordsList(self)
        self.box.addWidget(self.lines)
        self.points = self.sample(self.SECTION, Row("sample_points", {"points": 350}))

    def render_sample(self) -> None:
        rules: GiftRules = self._rules
        try:
            points: int = self.points.read()[0].filled["points"]
        except Refused:
            return
        every = {tier for gift in rules.gifts for tier in gift.tiers}
        found = offers(rules, spendable=points, tier=next(iter(sorted(every)), ""), on=self._around.today())
        ready = [one for one in found if one.can_be_had]
        self.result.show_text("rules_ui.sample.gifts", points=f"{points:,}", count=len(ready))
        self.lines.show_sentences(
            [
                t("rules_ui.sample.gift_ready", name=one.gift.name, points=one.gift.points)
                if one.can_be_had
                else t("rules_ui.sample.gift_missing", name=one.gift.name, missing=one.missing)
                for one in found
            ]
        )


class ValuePreview(Preview):
    """So much topped up: what stands on the account."""

    SECTION: Final = Section(
        "sample_top_up",
        (Form("sample_top_up", (Clause("sample_top_up", (amount("amount", 1_000),)),)),),
        is_fixed=True,
    )

    def __init__(self, till: Till, area: Area, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(till, area, around, parent)
        self.box.addWidget(self.result)
        amount_minor = 1_000 * 10**around.currency.digits
        self.top_up = self.sample(self.SECTION, Row("sample_top_up", {"amount": amount_minor}))

    def render_sample(self) -> None:
        rules: ValueRules = self._rules
        try:
            paid: int = self.top_up.read()[0].filled["amount"]
        except Refused:
            return
        currency = self._till.shop.currency
        bonus = rules.bonus(paid)
        self.result.show_text(
            "rules_ui.sample.value",
            total=format_money(Money(paid + bonus, currency)),
            bonus=format_money(Money(bonus, currency)),
        )


PREVIEWS: Final[dict[str, Callable[..., Preview]]] = {
    "earning": PointsPreview,
    "bonuses": PointsPreview,
    "spending": PointsPreview,
    "tiers": TierPreview,
    "coupons": CouponPreview,
    "stamps": StampPreview,
    "gifts": GiftPreview,
    "value": ValuePreview,
}
