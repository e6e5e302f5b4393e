"""The time zones a clinic may pick."""

from zoneinfo import ZoneInfo

import pytest

from questionnaire.web.staff.time_zones import time_zones


def test_every_time_zone_is_a_city_of_a_region_or_utc() -> None:
    zones = time_zones()
    assert {"Europe/London", "Asia/Dubai", "America/Argentina/Buenos_Aires"} <= {*zones}
    assert zones[-1] == "UTC"
    assert all("/" in zone for zone in zones[:-1])
    assert all(ZoneInfo(zone).key == zone for zone in zones)


@pytest.mark.parametrize(
    "odd",
    ["Etc/GMT+5", "posix/Europe/London", "right/UTC", "GB", "EST5EDT", "Factory", "localtime"],
)
def test_what_is_no_place_is_not_offered(odd: str) -> None:
    assert odd not in time_zones()
