"""The command line: `flask --app app …`, one module for each person who types it."""

from collections.abc import Iterable

import click


def commands() -> Iterable[click.Command]:
    """Every command of the front of the house."""
    from questionnaire.cli.backups import backup, restore
    from questionnaire.cli.demo import demo
    from questionnaire.cli.keeping import archive, keys, self_checked
    from questionnaire.cli.operate import consent, ledger, setup, worker
    from questionnaire.cli.rules import rules

    return (
        setup,
        demo,
        worker,
        rules,
        consent,
        ledger,
        keys,
        archive,
        backup,
        restore,
        self_checked,
    )
