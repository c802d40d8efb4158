"""Why this sale costs what it costs: every line with an offer, sentence by sentence, and what is saved in all."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.domain.money import format_money
from app.domain.pricing import Priced, explain
from app.i18n import t
from ui import theme
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel


class OffersSheet(Sheet):
    """Read and put away."""

    def __init__(self, window: QWidget, priced: Priced) -> None:
        super().__init__(window, "sale.offers.title", width=720)
        inside = QWidget(self.panel)
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, Space.M, 0)
        rows.setSpacing(Space.XS)
        for line in priced.lines:
            sentences = explain(line, priced.steps[line.number])
            if len(sentences) < 2 and not line.discount:
                continue
            name = TextLabel(parent=inside, type=TypeRole.LEAD, is_strong=True)
            name.show_plain(f"{line.number}　{line.name}　{format_money(line.net)}")
            rows.addWidget(name)
            for key, fields in sentences:
                why = TextLabel(parent=inside, type=TypeRole.BODY, tone="muted", wraps=True)
                why.show_plain(t(key, None, **fields))
                rows.addWidget(why)
            rows.addSpacing(Space.M)
        if not rows.count():
            rows.addWidget(TextLabel("sale.offers.none", inside, type=TypeRole.LEAD))
        rows.addStretch(1)
        scroll = QScrollArea(self.panel)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setMinimumHeight(theme.current().px(360))
        self.body.addWidget(scroll)
        if priced.savings.minor > 0:
            total = TextLabel(parent=self.panel, type=TypeRole.TITLE, tone="accent")
            total.show_text("sale.offers.total", amount=format_money(priced.savings))
            self.body.addWidget(total)
        close = Button("ui.close", Kind.PRIMARY, self.panel)
        close.clicked.connect(self.step_back)
        self.add_button(close, is_default=True)
        self.set_first_focus(self)
