"""What is refused around the guard's findings."""

from __future__ import annotations

TEXTS = {
    "error.guard_owner_only": (
        "這一頁只有店主看得到，請由店主登入後再開。",
        "这一页只有店主能看到，请由店主登录后再打开。",
        "Only the owner sees this page. Ask the owner to sign on, then open it.",
    ),
    "error.guard_reason_needed": (
        "請寫下看過之後的結論，之後才查得到。",
        "请写下看过之后的结论，之后才查得到。",
        "Write down what you found, so that it can be looked up later.",
    ),
    "error.guard_phone_unreadable": (
        "{text} 不像手機號碼，請再確認。",
        "{text} 不像手机号码，请再确认。",
        "{text} does not look like a mobile number. Check it.",
    ),
}
