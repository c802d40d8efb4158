"""The receipt of a sale, as it was printed, over whatever is in sight."""

from __future__ import annotations

from typing import Final

from app.domain.ids import TransactionId
from ui import theme
from ui.owner.desk import OwnerDesk
from ui.receipt_preview import ReceiptPreview
from ui.widgets.buttons import Button, Kind
from ui.widgets.sheet import Sheet

WIDTH: Final = 520
HEIGHT: Final = 420


def open_receipt(desk: OwnerDesk, sale_id: TransactionId | None) -> bool:
    """False, with a word about it, where no receipt is kept."""
    document = desk.till.store.journal.document_of(sale_id) if sale_id is not None else None
    if document is None:
        desk.context.messages.info("owner.no_receipt")
        return False
    sheet = Sheet(desk.window, "owner.receipt", width=WIDTH)
    preview = ReceiptPreview(sheet.panel)
    preview.show_document(document)
    preview.setFixedHeight(theme.current().px(HEIGHT))
    sheet.body.addWidget(preview)
    close = Button("ui.close", Kind.PRIMARY, sheet.panel)
    close.clicked.connect(sheet.step_back)
    sheet.add_button(close, is_default=True)
    sheet.open()
    return True
