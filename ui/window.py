"""The one window: the header, the screen whose turn it is, and the frame that says when nothing here counts.

Screens are made when they are first shown, and belong to one till: with another till (a shop that was just set up, practice) all of them
are made anew. Every screen may have `begin(argument)`, `take_scan(code)` and `handle_action(action) -> bool`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app import i18n
from app.domain.authority import Approval, Operator, Right, Role
from app.domain.errors import TillError
from app.domain.ids import OperatorId
from ui import theme
from ui.context import Screen, ScreenContext
from ui.customer.screen import CustomerScreen
from ui.daily import DailyWatch
from ui.devices.picture import lamp_of
from ui.devices.watch import DeviceWatch
from ui.feedback import ScanFeedback
from ui.header import Header
from ui.hotkeys import Hotkeys
from ui.keys import Action
from ui.messages import Messages
from ui.scan_catcher import ScanCatcher
from ui.scan_door import ScanDoor
from ui.sync.watch import SyncWatch
from ui.tasks import Tasks
from ui.theme import Mode, Space, TypeRole
from ui.widgets.banner import Banners
from ui.widgets.buttons import Button, Kind
from ui.widgets.feedback_strip import FeedbackStrip
from ui.widgets.sheet import topmost
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.customer_lines import CustomerLines
    from app.service.till import Till, TillOpener
    from ui.sale.entry_flow import SaleFlow
    from ui.sync.leaving import Leaving

LAMPS_EVERY_MS: Final = 15_000
FRAME_PIXELS: Final = 6
LANGUAGE_NAMES: Final = {"zh_TW": "繁體中文", "zh_CN": "简体中文", "en": "English"}


class TillWindow(QWidget):
    """The window of one till program. `use_till` decides which till it shows."""

    def __init__(
        self,
        opener: TillOpener,
        *,
        tasks: Tasks,
        messages: Messages,
        hotkeys: Hotkeys,
        scanner: ScanCatcher,
    ) -> None:
        super().__init__()
        self._opener = opener
        self._till: Till | None = None
        self._has_restored = False
        self._owner_saw: tuple[OperatorId, date] | None = None
        self._customer: CustomerLines | None = None
        self._screens: dict[Screen, QWidget] = {}
        self._screen = Screen.SIGN_ON
        self.messages = messages
        self.feedback = ScanFeedback(parent=self)
        self.devices = DeviceWatch(tasks, messages, scanner, self.feedback, self)
        self.customer_screen = CustomerScreen(self)
        self.sync = SyncWatch(tasks, self)
        self.context = ScreenContext(
            tasks=tasks,
            messages=messages,
            hotkeys=hotkeys,
            go_to=self.go_to,
            ask_approval=self.ask_approval,
            opener=opener,
            use_till=self.use_till,
            devices=self.devices,
            customer=self.customer_screen,
            sync=self.sync,
        )
        self._leaving: Leaving | None = None
        self.setProperty("panel", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Regulars 熟客")
        self.setMinimumSize(1024, 720)
        self.resize(1280, 800)
        self.header = Header(hotkeys.keys, self)
        self.stack = QStackedWidget(self)
        self._frame_label = TextLabel(
            "signon.training", self, type=TypeRole.BODY, tone="danger", is_strong=True
        )
        self._demo_bar = self._make_demo_bar()
        self._lay_out()
        # Messages appear where the screen wants them, and never over the line that they speak of.
        self._message_place = QWidget(self)
        self._message_place.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        messages.posted.connect(lambda _: self._place_messages())
        self.banners = Banners(self, messages, anchor=self._message_place)
        hotkeys.action_requested.connect(self.on_action)
        self.feedback.shown.connect(FeedbackStrip(self).show_feedback)
        self.scan_door = ScanDoor(self.on_scan, self._takes_badges, messages, self.feedback, self)
        self.scan_door.use_wedge(scanner)
        self._connect_header()
        self.daily = DailyWatch(tasks, messages, self)
        self.daily.progressed.connect(self.header.show_work)
        self.header.work_tapped.connect(self.daily.stop)
        self._lamps = QTimer(self)
        self._lamps.timeout.connect(self.refresh_lamps)
        self._lamps.start(LAMPS_EVERY_MS)

    def _connect_header(self) -> None:
        header = self.header
        self.devices.changed.connect(lambda: header.show_lamp(lamp_of(self.devices.picture)))
        self.sync.changed.connect(lambda: header.show_sync(self.sync.look))
        header.sync_asked.connect(lambda: self.go_to(Screen.SETTINGS, "sync"))
        header.devices_asked.connect(lambda: self.go_to(Screen.SETTINGS, "devices"))
        header.operator_asked.connect(lambda: self.on_action(Action.LOCK))
        header.owner_asked.connect(lambda: self.go_to(Screen.OWNER, None))
        header.history_asked.connect(lambda: self.go_to(Screen.HISTORY, None))
        header.settings_asked.connect(lambda: self.go_to(Screen.SETTINGS, None))
        header.language_asked.connect(self._choose_language)
        header.theme_asked.connect(self._switch_theme)

    # --- the till --------------------------------------------------------------------------------------------------

    @property
    def till(self) -> Till:
        assert self._till is not None
        return self._till

    @property
    def has_till(self) -> bool:
        """Whether a shop is open; before the first one is set up there is none."""
        return self._till is not None

    @property
    def current_screen(self) -> Screen:
        return self._screen

    def use_till(self, till: Till) -> None:
        """Show this till from now on; the screens of the one before are gone."""
        is_first = self._till is None
        self._save_draft()
        for widget in self._screens.values():
            self.stack.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._screens.clear()
        self.customer_screen.follow(None)
        self._till = till
        self.daily.use_till(till)
        self._has_restored = till.restore_draft()
        self.header.show_till(till)
        self._frame_label.setVisible(till.session.is_training)
        margin = FRAME_PIXELS if till.session.is_training else 0
        self._content.setContentsMargins(margin, margin, margin, margin)
        self.update()
        self.go_to(Screen.SIGN_ON if till.session.operator is None else Screen.SALE, None)
        # At the start the store's worker belongs to what the first scan needs: this comes after that.
        if not is_first:
            self.refresh_lamps()
            self.listen_to_devices()
            self.listen_to_server()

    def go_to(self, screen: Screen, argument: Any = None) -> None:
        """Show a screen. Nobody signed on: the sign-on comes first, except before there is a shop."""
        if screen is not Screen.FIRST_RUN and self.till.session.operator is None:
            screen = Screen.SIGN_ON
        widget = self._screens.get(screen)
        if widget is None:
            widget = self._screens[screen] = self._make(screen)
            self.stack.addWidget(widget)
        if screen is not self._screen:
            self.banners.leave_screen()
        self._screen = screen
        self._show_surroundings()
        self.stack.setCurrentWidget(widget)
        begin = getattr(widget, "begin", None)
        if begin is not None:
            begin(argument)
        # Once the screen has been laid out: the messages find their place on it.
        QTimer.singleShot(0, self, self._move_messages)

    def _show_surroundings(self) -> None:
        """Whose shop and till this is; who sets up a shop of their own sees nothing of another one."""
        till = None if self._screen is Screen.FIRST_RUN else self._till
        self.header.show_till(till)
        self.header.set_keys(self.context.hotkeys.keys)
        self._demo_bar.setVisible(till is not None and till.shop.is_demo and not till.session.is_training)

    def _make(self, screen: Screen) -> QWidget:
        """Each screen's module is imported when it is first shown."""
        if screen is Screen.FIRST_RUN:
            from ui.first_run.wizard import FirstRunWizard

            return FirstRunWizard(self._till, self.context)
        till, context = self.till, self.context
        match screen:
            case Screen.SIGN_ON:
                from ui.sign_on import SignOnView

                people = self._opener.demo_operators() if till.shop.is_demo else ()
                sign_on = SignOnView(till, context, self, demo_people=people)
                sign_on.signed_on.connect(self._on_signed_on)
                return sign_on
            case Screen.SALE:
                from ui.sale.view import SaleView

                sale = SaleView(till, context, self)
                sale.flow.completed.connect(lambda _: self.refresh_lamps())
                sale.flow.completed.connect(lambda _: self.sync.wake())
                sale.flow.changed.connect(lambda: self._show_customer(sale.flow))
                return sale
            case Screen.RETURN:
                from ui.returns.view import ReturnView

                return ReturnView(till, context)
            case Screen.SHIFT:
                from ui.shift.view import ShiftView

                return ShiftView(till, context)
            case Screen.HISTORY:
                from ui.history import HistoryView

                return HistoryView(till, context)
            case Screen.SETTINGS:
                from ui.settings.view import SettingsView

                return SettingsView(till, context)
            case Screen.OWNER:
                from ui.owner.view import OwnerView

                return OwnerView(till, context)
            case Screen.RULES:
                from ui.rules.view import RulesView

                return RulesView(till, context)
            case Screen.OFFICE:
                from ui.office.view import OfficeView

                return OfficeView(till, context)

    # --- what comes in ---------------------------------------------------------------------------------------------

    def on_action(self, action: Action) -> None:
        """A hotkey, with no sheet open: the screen first, then what works everywhere."""
        if self._till is None or self._till.session.operator is None:
            return
        handle = getattr(self.stack.currentWidget(), "handle_action", None)
        if handle is not None and handle(action):
            return
        match action:
            case Action.LOCK:
                self.lock()
            case Action.RETURN:
                self.go_to(Screen.RETURN, None)
            case Action.SHIFT:
                self.go_to(Screen.SHIFT, None)
            case Action.CASH_DRAWER:
                self.go_to(Screen.SHIFT, action)
            case Action.HISTORY:
                self.go_to(Screen.HISTORY, None)
            case Action.SETTINGS:
                self.go_to(Screen.SETTINGS, None)
            case Action.OWNER:
                self.go_to(Screen.OWNER, None)
            case Action.SYNC:
                self.go_to(Screen.SETTINGS, "sync")
            case Action.HELP:
                from ui.widgets.key_help import KeyHelpSheet

                KeyHelpSheet(self, self.context.hotkeys.keys).open()
            case _:
                pass

    def on_scan(self, code: str) -> None:
        """A scanner's code goes to the topmost sheet, else to the screen; where nobody takes it, it is refused aloud."""
        if self._till is None:
            return
        taker = topmost(self) or self.stack.currentWidget()
        take = getattr(taker, "take_scan", None)
        if take is None:
            self.messages.warn("signon.scan_not_here")
            return
        try:
            take(code)
        except TillError as error:
            self.messages.refused(error)

    def listen_to_devices(self) -> None:
        """Take what the devices of this till tell, and show its sale on the customer's display. In practice the real till's go on."""
        till = self._till
        if till is None or till.session.is_training:
            return
        from app.service.customer_lines import CustomerLines

        counter = till.devices.counter if till.devices is not None else None
        # The watch first: a sheet that tries a reader knows by it that the scan to come is a badge.
        self.devices.watch(till)
        self.scan_door.use_counter(counter, self.context.tasks)
        self.customer_screen.use_till(till)
        self.customer_screen.follow(getattr(self._screens.get(Screen.SALE), "flow", None))
        self._customer = CustomerLines(counter, till.shop) if counter is not None else None
        if self._customer is not None:
            self._customer.welcome()

    def listen_to_server(self) -> None:
        """Begin the talk with the central server, and show how it stands. In practice the real till's goes on."""
        if self._till is not None:
            self.sync.use_till(self._till)

    def _show_customer(self, flow: SaleFlow) -> None:
        if self.till.session.is_training:
            return
        self.customer_screen.follow(flow)
        if self._customer is None:
            return
        from app.service.checkout import Stage

        checkout = flow.checkout
        if flow.finished is not None and checkout.basket.is_empty:
            self._customer.paid(flow.finished.transaction)
        else:
            is_total = checkout.stage is Stage.TENDER
            self._customer.basket(checkout.priced(), checkout.due(), is_total_shown=is_total)

    def _takes_badges(self) -> bool:
        """Whether a staff badge is wanted now: to sign on, or by a sheet that asks for one."""
        return self._screen is Screen.SIGN_ON or hasattr(topmost(self), "take_scan")

    def lock(self) -> None:
        """Nobody works here until somebody signs on; the basket waits."""
        till = self.till
        if till.checkout.is_completing:
            return
        self._save_draft()
        till.authority.lock()
        self.customer_screen.tick()
        self.messages.withdraw()
        self.go_to(Screen.SIGN_ON, True)

    def ask_approval(self, right: Right, amount: int, on_granted: Callable[[Approval], None]) -> None:
        from ui.sale.approval import ApprovalSheet

        sheet = ApprovalSheet(self, self.till, self.context, right, amount)
        sheet.finished.connect(
            lambda grant: self._on_approved(grant, on_granted) if grant is not None else None
        )
        sheet.open()

    def _on_approved(self, grant: Approval, on_granted: Callable[[Approval], None]) -> None:
        on_granted(grant)
        names = {each.id: each.name for each in self.till.store.people.operators()}
        self.messages.good("sale.approval.granted", name=names.get(grant.approved_by, ""))

    def refresh_lamps(self) -> None:
        """How the papers and the clock stand, and how long ago the server was heard."""
        if self._till is None:
            return
        self.header.show_sync(self.sync.look)
        self.devices.read_papers()
        self.customer_screen.tick()
        self.header.tick()

    # --- Qt --------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        theme.current().fit(self.size())
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._till is not None and self._till.session.is_training:
            painter = QPainter(self)
            colour = QColor(theme.current().colours.danger)
            for edge in range(FRAME_PIXELS):
                painter.setPen(colour)
                painter.drawRect(self.rect().adjusted(edge, edge, -edge - 1, -edge - 1))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.header.render_all()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._asks_before_leaving():
            event.ignore()
            return
        self._lamps.stop()
        self.devices.stop()
        self.daily.close()
        self.customer_screen.close()
        self._save_draft()
        super().closeEvent(event)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _asks_before_leaving(self) -> bool:
        """Whether somebody is asked first, because something waits to be sent."""
        if not self.sync.is_paired:
            return False
        if self._leaving is None:
            from ui.sync.leaving import Leaving

            self._leaving = Leaving(self, self.context)
        return self._leaving.asks()

    def _on_signed_on(self, operator: Operator) -> None:
        self.header.render_all()
        self.refresh_lamps()
        shift = self.till.session.shift
        if self._sees_summary_first(operator):
            self.go_to(Screen.OWNER, None)
        else:
            self.go_to(Screen.SALE if shift is not None and shift.is_open else Screen.SHIFT, None)
        if self._has_restored:
            self._has_restored = False
            # Once the screen has been laid out: the message finds its place on it.
            QTimer.singleShot(0, self, lambda: self.messages.info("sale.draft_restored"))
        QTimer.singleShot(0, self, self._say_how_the_server_is)

    def _say_how_the_server_is(self) -> None:
        from ui.sync.notices import say_at_sign_on

        if self._till is not None and self._till.session.operator is not None:
            say_at_sign_on(self, self._till, self.context)

    def _sees_summary_first(self, operator: Operator) -> bool:
        """An owner's day begins with the summary, once; later they come back to their work. A customer who waits comes before it."""
        till = self.till
        if operator.role is not Role.OWNER or till.has_basket or till.session.is_training:
            return False
        today = till.shifts.business_date()
        if self._owner_saw == (operator.id, today) or till.summary.known_days() is None:
            return False
        self._owner_saw = (operator.id, today)
        return True

    def _lay_out(self) -> None:
        self._frame_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._frame_label.hide()
        self._demo_bar.hide()
        self._content = QVBoxLayout(self)
        self._content.setContentsMargins(0, 0, 0, 0)
        self._content.setSpacing(0)
        for widget in (self._frame_label, self._demo_bar, self.header):
            self._content.addWidget(widget)
        self._content.addWidget(self.stack, 1)

    def _save_draft(self) -> None:
        flow = getattr(self._screens.get(Screen.SALE), "flow", None)
        if flow is not None:
            flow.drafts.save_now()

    def _place_messages(self) -> None:
        screen = self.stack.currentWidget()
        area_of = getattr(screen, "message_area", None)
        area = QRect(self.stack.mapTo(self, QPoint(0, 0)), self.stack.size())
        self._message_place.setGeometry(area_of() if area_of is not None else area)
        self._message_place.lower()

    def _move_messages(self) -> None:
        self._place_messages()
        self.banners.place()

    def _make_demo_bar(self) -> QWidget:
        bar = QWidget(self)
        row = QHBoxLayout(bar)
        row.setContentsMargins(Space.L, Space.XS, Space.L, 0)
        row.addWidget(TextLabel("signon.demo_shop", bar, type=TypeRole.BODY, tone="warn"), 1)
        button = Button("signon.set_up", Kind.SECONDARY, bar, size="compact")
        button.clicked.connect(lambda: self.go_to(Screen.FIRST_RUN, None))
        row.addWidget(button)
        return bar

    def _choose_language(self) -> None:
        menu = QMenu(self)
        for code, name in LANGUAGE_NAMES.items():
            menu.addAction(name).triggered.connect(lambda _=False, each=code: i18n.set_language(each))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        corner = self.header.mapToGlobal(self.header.rect().bottomRight())
        menu.popup(QPoint(corner.x() - menu.sizeHint().width(), corner.y()))

    def _switch_theme(self) -> None:
        look = theme.current()
        look.set_mode(Mode.LIGHT if look.mode is Mode.DARK else Mode.DARK)
        self.header.render_all()
