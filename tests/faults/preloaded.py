"""What every process that is to be killed needs, loaded once before it starts."""

from pathlib import Path

import tests.faults.killing
import tests.faults.odd_files  # noqa: F401
from questionnaire.content import load_library

load_library(Path("rules").resolve())
