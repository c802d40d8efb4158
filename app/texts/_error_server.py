"""What the central server's command line refuses."""

from __future__ import annotations

TEXTS = {
    "error.server_database_url": (
        "不認得「{url}」這種資料庫。請用 postgresql://…，或不指定 --db，使用內建的 SQLite。",
        "无法识别“{url}”这种数据库。请使用 postgresql://…，或不指定 --db，使用内置的 SQLite。",
        "“{url}” is no database that this server knows. Use postgresql://…, or leave --db out for the embedded SQLite.",
    ),
    "error.server_workers": (
        "多個工作行程（最多 {most} 個）要搭配 PostgreSQL。請用 --db postgresql://… 或拿掉 --workers。",
        "多个工作进程（最多 {most} 个）需配合 PostgreSQL。请使用 --db postgresql://… 或去掉 --workers。",
        "Several workers (at most {most}) need PostgreSQL. Use --db postgresql://…, or leave --workers out.",
    ),
    "error.server_tenant": (
        "這台伺服器有 {count} 家店，請用 --tenant 指定代號（還沒有店家時，先用 --new-tenant 建立）。",
        "这台服务器有 {count} 家店，请用 --tenant 指定编号（尚无店家时，先用 --new-tenant 建立）。",
        "This server keeps {count} shops. Name one with --tenant (or set one up first with --new-tenant).",
    ),
}
