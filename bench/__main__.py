"""Measure and print: `python -m bench` everything, `python -m bench pages` one part."""

import sys
import time

from bench import documents, pages, rules, starting
from bench.figures import heading, machine

PARTS = {"rules": rules, "documents": documents, "pages": pages, "starting": starting}


def main(names: list[str]) -> int:
    """Print the figures of the parts named, or of all; 2 when there is no such part."""
    if unknown := set(names) - PARTS.keys():
        print(f"There is no part {min(unknown)}; the parts are: {', '.join(PARTS)}.")
        return 2
    started = time.perf_counter()
    print(machine())
    print(heading())
    for name in names or PARTS:
        for figure in PARTS[name].measure():
            print(figure.line(), flush=True)
    print(f"Measured in {time.perf_counter() - started:.0f} s, without network and browser.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
