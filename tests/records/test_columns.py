"""Every column says what it holds; times come back as they went in."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from questionnaire.records import staff, tables
from questionnaire.records.columns import ColumnClass, UtcTime, metadata

DIALECT = sqlite.dialect()
EVERY_COLUMN = [
    pytest.param(column, id=f"{table.name}.{column.name}")
    for table in metadata.sorted_tables
    for column in table.columns
]


@pytest.mark.guarantees("S41")
@pytest.mark.parametrize("column", EVERY_COLUMN)
def test_every_column_has_a_class(column: object) -> None:
    assert column.info.get("class") in set(ColumnClass)


@pytest.mark.guarantees("S38")
@pytest.mark.parametrize("column", EVERY_COLUMN)
def test_health_is_only_ever_in_sealed_columns(column: object) -> None:
    if column.info["class"] is ColumnClass.HEALTH:
        assert column.type.python_type is bytes


def test_all_tables_are_known() -> None:
    assert {staff.StaffUser.__tablename__, tables.ledger.name} <= set(metadata.tables)


@given(
    st.datetimes(
        datetime(1900, 1, 1),  # noqa: DTZ001  # Hypothesis adds the zone
        datetime(2200, 1, 1),  # noqa: DTZ001  # as above
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))]),
    )
)
def test_a_time_comes_back_to_the_microsecond_in_utc(at: datetime) -> None:
    stored = UtcTime().process_bind_param(at, DIALECT)
    back = UtcTime().process_result_value(stored, DIALECT)
    assert back == at
    assert back.tzinfo is UTC


def test_no_time_stays_no_time() -> None:
    assert UtcTime().process_bind_param(None, DIALECT) is None
    assert UtcTime().process_result_value(None, DIALECT) is None


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its zone"):
        UtcTime().process_bind_param(datetime(2031, 3, 4), DIALECT)  # noqa: DTZ001  # the point
