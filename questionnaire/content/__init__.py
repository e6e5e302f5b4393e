"""What a clinic decides, read from YAML: strict, complete, and with every problem named."""

from questionnaire.content.library import check, load_library
from questionnaire.content.problems import ContentProblems, Level, Place, Problem

__all__ = ["ContentProblems", "Level", "Place", "Problem", "check", "load_library"]
