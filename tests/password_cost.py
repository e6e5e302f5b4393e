"""What hashing a password costs: the real cost, and the least for tests of other things."""

from passlib.hash import argon2

REAL = {"default_rounds": argon2.default_rounds, "memory_cost": argon2.memory_cost}
LEAST = {"default_rounds": 1, "memory_cost": 8 * argon2.parallelism}


def hash_at(cost: dict[str, int]) -> None:
    """Hash passwords at that cost from now on, in this process."""
    for name, figure in cost.items():
        setattr(argon2, name, figure)
