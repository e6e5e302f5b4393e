"""What was measured, how often and on what: one row for each thing."""

import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ENOUGH_FOR_A_PERCENTILE = 100
NAMES = ("processor", "wall", "wall 99 %", "slowest")
WIDTH = 52


@dataclass(frozen=True, slots=True)
class Lap:
    """One run, in seconds: what the processors worked for it, and what the clock said."""

    processor: float
    wall: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured several times."""

    what: str
    laps: Sequence[Lap]

    def line(self) -> str:
        """The number of runs, both medians, the 99th percentile (of 100 runs or more), the worst.

        On a busy machine the clock says more about the others; the processor time stays close.
        """
        walls = sorted(lap.wall for lap in self.laps)
        enough = len(walls) >= ENOUGH_FOR_A_PERCENTILE
        shown = (
            median(lap.processor for lap in self.laps),
            median(walls),
            walls[len(walls) * 99 // 100] if enough else None,
            walls[-1],
        )
        return f"{self.what:<{WIDTH}}{len(walls):>6}" + "".join(map(_written, shown))


def lap(step: Callable[[], object]) -> Lap:
    """Do something once and measure it, processes that it waited for included."""
    wall, processor = time.perf_counter(), _processor_seconds()
    step()
    return Lap(_processor_seconds() - processor, time.perf_counter() - wall)


def heading() -> str:
    """The names of the columns."""
    return f"{'(medians unless named)':<{WIDTH}}{'runs':>6}" + "".join(f"{it:>11}" for it in NAMES)


def machine() -> str:
    """Which machine and interpreter the figures come from, and how busy it is now."""
    cores, load = os.cpu_count(), os.getloadavg()[0]
    python = f"Python {platform.python_version()}"
    return f"{_processor()}, {cores} cores, {sys.platform}, {python}; load {load:.1f} now"


def _processor_seconds() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def _written(seconds: float | None) -> str:
    if seconds is None:
        return f"{'':>11}"
    return f"{seconds:>9.2f} s" if seconds >= 1 else f"{seconds * 1000:>8.1f} ms"


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.exists() else []
    names = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())
