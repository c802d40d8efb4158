"""The check of Taiwan's 統一編號, with numbers that are public."""

from __future__ import annotations

import pytest

from app.domain.errors import Refused
from app.domain.tax_id import check_tax_id, is_tax_id


@pytest.mark.parametrize("number", ["22099131", "04595257", "10458575", "10458574"])
def test_a_number_with_the_right_check_is_accepted(number: str) -> None:
    assert is_tax_id(number)


@pytest.mark.parametrize("number", ["22099132", "2209913", "220991311", "2209913A", "２２０９９１３１", ""])
def test_a_wrong_check_a_wrong_length_or_a_letter_is_refused(number: str) -> None:
    assert not is_tax_id(number)
    with pytest.raises(Refused) as refused:
        check_tax_id(number)
    assert refused.value.code == "tax_id_wrong"
