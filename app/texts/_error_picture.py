"""What is wrong with a picture for the receipt, and what virtual devices cannot do."""

from __future__ import annotations

TEXTS = {
    "error.picture_unreadable": (
        "這個檔案不是可用的圖片。請改用 PNG 或 JPEG 圖檔。",
        "这个文件不是可用的图片。请改用 PNG 或 JPEG 图片文件。",
        "This file is not a picture that can be used. Choose a PNG or JPEG file.",
    ),
    "error.picture_too_large": (
        "圖片太大了。請縮小後再選，檔案不要超過 {megabytes_max} MB。",
        "图片太大了。请缩小后再选，文件不要超过 {megabytes_max} MB。",
        "The picture is too large. Make it smaller (the file at most {megabytes_max} MB) and choose it again.",
    ),
    "error.pseudo_terminals": (
        "這台電腦的系統沒有虛擬序列埠。請改用 --printer tcp。",
        "这台电脑的系统没有虚拟串口。请改用 --printer tcp。",
        "This system has no virtual serial ports. Use --printer tcp instead.",
    ),
}
