"""The time zones a clinic may pick: of a region and city, and UTC."""

from typing import Final
from zoneinfo import available_timezones

REGIONS: Final = frozenset(
    {
        *("Africa", "America", "Antarctica", "Arctic", "Asia"),
        *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
    }
)
"""The tz database's own; all else in it is old, of one country, or of no place."""


def time_zones() -> tuple[str, ...]:
    """Their names in order, UTC last."""
    cities = (zone for zone in available_timezones() if zone.partition("/")[0] in REGIONS)
    return (*sorted(zone for zone in cities if "/" in zone), "UTC")
