"""``report daily`` and the analyses: every format says the same, and what is asked wrongly is said in a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from app.commands.report import INSIGHTS
from app.service.insight_desk import Kind
from tests.commands.conftest import Run


def test_the_daily_summary_says_the_same_in_every_format(run: Run, data: Path, tmp_path: Path) -> None:
    text = run("--data", data, "report", "daily")
    plain = run("--data", data, "report", "daily", "--format", "json").plain
    net = plain["figures"]["net"]["value"]
    assert text.code == 0
    assert f"NT${net:,}" in text.out
    assert plain["figures"]["tickets"]["value"] == 3
    for wanted in ("pdf", "xlsx"):
        out = tmp_path / f"daily.{wanted}"
        assert run("--data", data, "report", "daily", "--format", wanted, "--out", out).code == 0
        assert out.read_bytes()[:4] == {"pdf": b"%PDF", "xlsx": b"PK\x03\x04"}[wanted]
    sheet = openpyxl.load_workbook(tmp_path / "daily.xlsx")["會員日報"]
    assert net in [row[1].value for row in sheet.iter_rows()]


def test_a_date_and_a_range_can_be_asked_for(run: Run, data: Path) -> None:
    day = run("--data", data, "report", "daily", "--format", "json").plain["since"]
    one = run("--data", data, "report", "daily", "--date", day, "--format", "json").plain
    many = run(
        "--data", data, "report", "daily", "--from", "2026-01-01", "--to", day, "--format", "json"
    ).plain
    assert one["figures"]["net"]["value"] == many["figures"]["net"]["value"] != 0
    empty = run("--data", data, "report", "daily", "--date", "2020-01-01")
    assert "這天沒有營業" in empty.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--date", "yesterday"), "不是日期"),
        (("--to", "2026-11-22"), "--from"),
        (("--from", "2026-11-22", "--to", "2026-11-01"), "期間的開始"),
        (("--format", "pdf"), "--out"),
    ],
)
def test_what_is_asked_wrongly_is_said_in_a_sentence(
    run: Run, data: Path, words: tuple[str, ...], sentence: str
) -> None:
    answer = run("--data", data, "report", "daily", *words)
    assert answer.code == 1
    assert sentence in answer.err


def test_every_analysis_is_a_report() -> None:
    assert set(INSIGHTS) == {kind.value for kind in Kind}


@pytest.mark.parametrize("kind", INSIGHTS)
def test_an_analysis_of_a_new_shop_says_what_there_is_too_little_of(run: Run, data: Path, kind: str) -> None:
    text = run("--data", data, "report", kind)
    assert text.code == 0
    plain = run("--data", data, "report", kind, "--format", "json").plain
    assert plain["kind"] == kind
    if plain["too_little"] is not None:
        assert "資料還不夠" in text.out
        assert plain["rows"] == []


def test_an_analysis_goes_into_a_workbook_and_never_into_a_pdf(run: Run, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "rfm.xlsx"
    assert run("--data", data, "report", "rfm", "--format", "xlsx", "--out", out).code == 0
    assert openpyxl.load_workbook(out).sheetnames == ["會員分群（RFM）", "說明"]
    refused = run("--data", data, "report", "rfm", "--format", "pdf")
    assert refused.code == 1
    assert "PDF" in refused.err
    assert json.loads(run("--data", data, "report", "rfm", "--json").out.splitlines()[-1])["kind"] == "rfm"
