"""The clinic's own rules of thought: pure, total, standard library only."""
