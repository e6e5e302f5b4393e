"""What every process that is to be killed needs, loaded once before it starts."""

import tests.faults.killing  # noqa: F401
