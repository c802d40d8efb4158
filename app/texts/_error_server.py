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
    "error.server_backup": (
        "無法備份到 {file}：檔案已存在，或這台伺服器用的是 PostgreSQL（請用 pg_dump）。",
        "无法备份到 {file}：文件已存在，或这台服务器使用 PostgreSQL（请使用 pg_dump）。",
        "No backup to {file}: the file is there already, or this server keeps its books in PostgreSQL (use pg_dump).",
    ),
    "error.hub_upstream": (
        "請用 --upstream 指定上層伺服器的網址。",
        "请用 --upstream 指定上层服务器的网址。",
        "Name the server above with --upstream URL.",
    ),
    "error.hub_own_database": (
        "門市主機（--hub）使用自己的資料庫，不能搭配 --db；--upstream 與 --pair 要和 --hub 一起用。",
        "门店主机（--hub）使用自己的数据库，不能与 --db 同用；--upstream 与 --pair 要和 --hub 一起使用。",
        "A hub (--hub) has a database of its own: leave --db out. --upstream and --pair go with --hub.",
    ),
    "error.hub_unpaired": (
        "這台門市主機還沒有配對。請先執行：serve --hub --upstream 網址 --pair 配對碼",
        "这台门店主机尚未配对。请先运行：serve --hub --upstream 网址 --pair 配对码",
        "This hub is not paired yet. First run: serve --hub --upstream URL --pair CODE",
    ),
    "error.hub_code": (
        "這組配對碼不是給門市主機用的。請在上層伺服器執行 serve --hub-code 門市，產生新的一組。",
        "这组配对码不是给门店主机用的。请在上层服务器运行 serve --hub-code 门店，生成新的一组。",
        "This code pairs a till, not a hub. Make one at the server above with serve --hub-code STORE.",
    ),
    "error.office_token": (
        "總部登入碼不對，或不是這台伺服器的。",
        "总部登录码不正确，或不属于这台服务器。",
        "The office token is not known at this server.",
    ),
    "error.office_token_missing": (
        "請用 --token 或環境變數 {variable} 提供總部登入碼。",
        "请用 --token 或环境变量 {variable} 提供总部登录码。",
        "Give the office token with --token or in the environment variable {variable}.",
    ),
    "error.office_role": (
        "這組登入碼的權限不能發布商品。請用老闆的登入碼。",
        "这组登录码的权限不能发布商品。请使用老板的登录码。",
        "The role of this token may not publish. Use the owner’s.",
    ),
    "error.office_unreachable": (
        "連不上伺服器 {url}。沒有發布完的，再執行一次就會接著發布。",
        "无法连接服务器 {url}。没有发布完的，再运行一次就会继续发布。",
        "The server {url} does not answer as it should. Run it again: what is missing is published then.",
    ),
    "error.document_too_large": (
        "「{name}」太大，無法發布。請縮短品名或減少促銷。",
        "“{name}”太大，无法发布。请缩短品名或减少促销。",
        "“{name}” is too large to publish. Shorten names, or have fewer promotions.",
    ),
}
