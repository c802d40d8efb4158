"""The one stylesheet, generated from the tokens. Widgets say what they are by properties; only this file says how that looks.

Properties: `panel` (canvas, surface, raised, sunken), `type` (a step of the type scale), `tone` (muted, faint, accent, danger, warn, good),
`kind` of a button (primary, secondary, ghost, danger), `sized` (compact, large), `answer` (what Enter presses in a sheet).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from ui.tokens import CONTROL_PIXELS, LIGHT, TYPE_PIXELS, Colours, Radius, Space, TypeRole

Pixels = Callable[[int], int]
_ASSETS: Final = Path(__file__).parent / "assets"


def build(colours: Colours, family: str, px: Pixels) -> str:
    """The stylesheet for one mode, one family of glyphs and one scale."""
    parts = (_base, _words, _buttons, _inputs, _choices, _lists, _bars)
    return "\n".join(part(colours, family, px) for part in parts)


def _type(role: TypeRole, px: Pixels) -> str:
    return f"font-size: {px(TYPE_PIXELS[role])}px;"


def _asset(name: str, colours: Colours) -> str:
    """The drawing of a mark, in the ink of this mode."""
    return (_ASSETS / f"{name}_{'light' if colours is LIGHT else 'dark'}.svg").as_posix()


def _base(c: Colours, family: str, px: Pixels) -> str:
    return f"""
QWidget {{ font-family: "{family}"; {_type(TypeRole.BODY, px)} color: {c.text}; }}
QMainWindow, QDialog, QWidget[panel="canvas"] {{ background: {c.canvas}; }}
QWidget[panel="surface"] {{ background: {c.surface}; border: 1px solid {c.line}; border-radius: {Radius.L}px; }}
QWidget[panel="raised"] {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: {Radius.M}px; }}
QWidget[panel="sunken"] {{ background: {c.sunken}; border: none; border-radius: {Radius.M}px; }}
QFrame[rule="true"] {{ background: {c.line}; border: none; max-height: 1px; min-height: 1px; }}
QToolTip {{ background: {c.text}; color: {c.canvas}; border: none; padding: {Space.XS}px {Space.S}px; }}
"""


def _words(c: Colours, _: str, px: Pixels) -> str:
    steps = "\n".join(f'QLabel[type="{role}"] {{ {_type(role, px)} }}' for role in TypeRole)
    return f"""
QLabel {{ background: transparent; border: none; }}
{steps}
QLabel[type="caption"] {{ color: {c.text_muted}; }}
QLabel[type="title"], QLabel[type="heading"], QLabel[strong="true"] {{ font-weight: bold; }}
QLabel[tone="muted"] {{ color: {c.text_muted}; }}
QLabel[tone="faint"] {{ color: {c.text_faint}; }}
QLabel[tone="accent"] {{ color: {c.accent_text}; }}
QLabel[tone="danger"] {{ color: {c.danger_text}; }}
QLabel[tone="warn"] {{ color: {c.warn_text}; }}
QLabel[tone="good"] {{ color: {c.good_text}; }}
"""


def _buttons(c: Colours, _: str, px: Pixels) -> str:
    return f"""
QPushButton {{
    min-height: {px(CONTROL_PIXELS) - 4}px; padding: 0 {px(Space.L)}px; border: 2px solid {c.edge_soft};
    border-radius: {Radius.M}px; background: {c.raised}; color: {c.text}; {_type(TypeRole.LEAD, px)}
}}
QPushButton:hover {{ background: {c.accent_soft}; }}
QPushButton:pressed {{ background: {c.sunken}; }}
QPushButton:focus {{ border-color: {c.accent}; }}
QPushButton:checked {{ background: {c.accent_soft}; border-color: {c.accent}; color: {c.accent_text}; }}
QPushButton[kind="primary"] {{
    background: {c.accent}; border-color: {c.accent}; color: {c.on_accent}; font-weight: bold;
}}
QPushButton[kind="primary"]:hover {{ background: {c.accent_hover}; border-color: {c.accent_hover}; }}
QPushButton[kind="primary"]:pressed {{ background: {c.accent_pressed}; border-color: {c.accent_pressed}; }}
QPushButton[kind="primary"]:focus {{ border-color: {c.text}; }}
QPushButton[kind="danger"] {{ border-color: {c.danger}; color: {c.danger_text}; }}
QPushButton[kind="danger"]:hover {{ background: {c.danger_soft}; }}
QPushButton[kind="danger"]:pressed, QPushButton[kind="danger"]:focus, QPushButton[kind="danger"][answer="true"] {{
    background: {c.danger}; border-color: {c.danger}; color: {c.on_danger}; font-weight: bold;
}}
QPushButton[kind="danger"][answer="true"]:hover {{ background: {c.danger_hover}; border-color: {c.danger_hover}; }}
QPushButton[kind="ghost"] {{ background: transparent; border-color: transparent; color: {c.accent_text}; }}
QPushButton[kind="ghost"]:hover {{ background: {c.accent_soft}; border-color: {c.accent_soft}; }}
QPushButton[kind="ghost"]:focus {{ border-color: {c.accent}; }}
QPushButton:disabled, QPushButton[kind]:disabled {{
    background: {c.sunken}; border-color: {c.sunken}; color: {c.text_faint};
}}
QPushButton[kind="ghost"]:disabled {{ background: transparent; border-color: transparent; }}
QPushButton[pad="true"] {{
    min-height: {px(54) - 4}px; min-width: {px(54) - 4}px; padding: 0; {_type(TypeRole.TITLE, px)}
}}
QPushButton[sized="compact"] {{ padding: 0 {px(Space.M)}px; {_type(TypeRole.BODY, px)} }}
QPushButton[sized="large"] {{ min-height: {px(60)}px; padding: 0 {px(Space.XL)}px; {_type(TypeRole.TITLE, px)} }}
"""


def _inputs(c: Colours, _: str, px: Pixels) -> str:
    fields = "QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox"
    focused = ", ".join(f"{name}:focus" for name in fields.split(", "))
    return f"""
{fields} {{
    background: {c.raised}; border: 2px solid {c.edge}; border-radius: {Radius.M}px; {_type(TypeRole.LEAD, px)}
    padding: 0 {px(Space.M)}px; selection-background-color: {c.accent}; selection-color: {c.on_accent};
}}
QLineEdit, QComboBox, QAbstractSpinBox {{ min-height: {px(CONTROL_PIXELS) - 4}px; }}
QPlainTextEdit, QTextEdit {{ padding: {px(Space.S)}px; {_type(TypeRole.BODY, px)} }}
{focused} {{ border-color: {c.accent}; }}
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{
    background: {c.sunken}; border-color: {c.line}; color: {c.text_faint};
}}
QLineEdit[refused="true"] {{ border-color: {c.danger}; }}
QLineEdit[line="entry"] {{
    min-height: {px(60)}px; padding: 0 {px(Space.L)}px; border-radius: {Radius.L}px; {_type(TypeRole.DISPLAY, px)}
}}
QComboBox::drop-down {{ border: none; width: {px(40)}px; }}
QComboBox::down-arrow {{ image: url({_asset("down", c)}); width: {px(22)}px; height: {px(22)}px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; border: none; }}
"""


def _choices(c: Colours, _: str, px: Pixels) -> str:
    return f"""
QCheckBox, QRadioButton {{ min-height: {px(44)}px; spacing: {px(Space.M)}px; background: transparent; }}
QCheckBox::indicator, QRadioButton::indicator {{
    width: {px(22)}px; height: {px(22)}px; border: 2px solid {c.edge}; background: {c.raised};
}}
QCheckBox::indicator {{ border-radius: {Radius.S}px; }}
QRadioButton::indicator {{ border-radius: {px(13)}px; }}
QCheckBox::indicator:checked {{ background: {c.accent}; border-color: {c.accent}; image: url({_asset("check", c)}); }}
QRadioButton::indicator:checked {{
    width: {px(10)}px; height: {px(10)}px; border: {px(22) // 2 + 2 - px(10) // 2}px solid {c.accent};
}}
QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ border-color: {c.accent}; }}
QCheckBox:focus, QRadioButton:focus {{ color: {c.accent_text}; }}
QTabBar::tab {{
    background: transparent; border: none; border-bottom: 3px solid transparent; color: {c.text_muted};
    padding: {px(Space.M)}px {px(Space.L)}px; {_type(TypeRole.LEAD, px)}
}}
QTabBar::tab:selected {{ color: {c.accent_text}; border-bottom-color: {c.accent}; }}
QTabBar::tab:focus {{ background: {c.accent_soft}; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {c.line}; }}
QMenu {{ background: {c.raised}; border: 1px solid {c.line}; padding: {Space.XS}px; }}
QMenu::item {{ padding: {px(Space.M)}px {px(Space.XL)}px; border-radius: {Radius.S}px; }}
QMenu::item:selected {{ background: {c.accent_soft}; color: {c.accent_text}; }}
"""


def _lists(c: Colours, _: str, px: Pixels) -> str:
    return f"""
QAbstractItemView {{
    background: {c.surface}; alternate-background-color: {c.canvas}; border: 1px solid {c.line};
    border-radius: {Radius.M}px; outline: none; gridline-color: {c.line};
    selection-background-color: {c.accent_soft}; selection-color: {c.text};
}}
QAbstractItemView::item {{ min-height: {px(44)}px; padding: 0 {px(Space.S)}px; border: none; }}
QAbstractItemView::item:selected {{ background: {c.accent_soft}; color: {c.text}; }}
QHeaderView {{ background: {c.surface}; border: none; }}
QHeaderView::section {{
    background: {c.surface}; color: {c.text_muted}; border: none; border-bottom: 1px solid {c.line};
    padding: {px(Space.S)}px; {_type(TypeRole.CAPTION, px)}
}}
QTableCornerButton::section {{ background: {c.surface}; border: none; }}
"""


def _bars(c: Colours, _: str, px: Pixels) -> str:
    return f"""
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: {px(14)}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {px(14)}px; margin: 0; }}
QScrollBar::handle {{ background: {c.edge}; border-radius: 4px; margin: 3px; }}
QScrollBar::handle:vertical {{ min-height: {px(48)}px; }}
QScrollBar::handle:horizontal {{ min-width: {px(48)}px; }}
QScrollBar::handle:hover {{ background: {c.accent}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; border: none; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{
    background: {c.sunken}; border: none; border-radius: {Radius.S}px; min-height: {px(12)}px; max-height: {px(12)}px;
    text-align: center; color: transparent;
}}
QProgressBar::chunk {{ background: {c.accent}; border-radius: {Radius.S}px; }}
"""
