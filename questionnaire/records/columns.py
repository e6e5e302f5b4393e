"""How a column says what it holds, and how times are stored.

Every column of every table carries a class, so that retention, export and the checks know what
they touch; a column without one fails the tests.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, MetaData
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ColumnClass(StrEnum):
    """What a column holds, from the patient's point of view.

    `IDENTITY` says who somebody is; `HEALTH` is always encrypted by itself as well; `SECRET` is a
    hash or key to a door; `CLINIC` is the clinic's own business; `TECHNICAL` is bookkeeping.
    """

    IDENTITY = "identity"
    HEALTH = "health"
    SECRET = "secret"  # noqa: S105  # the name of a class of column
    CLINIC = "clinic"
    TECHNICAL = "technical"


def column_class(kind: ColumnClass) -> dict[str, ColumnClass]:
    """The `info` of a column of this class."""
    return {"class": kind}


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time, stored as whole microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuses a time without a zone: it would be a guess."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            message = "A stored time needs its zone."
            raise ValueError(message)
        return (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """The time again, aware, in UTC."""
        del dialect
        return None if value is None else EPOCH + timedelta(microseconds=value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def column(
    kind: ColumnClass,
    name: str,
    type_: TypeEngine[Any] | type[TypeEngine[Any]],
    *items: SchemaItem,
    primary_key: bool = False,
    nullable: bool = False,
    unique: bool | None = None,
    index: bool | None = None,
) -> Column[Any]:
    """A column that says its class; it must be filled unless `nullable=True` is given."""
    return Column(
        name,
        type_,
        *items,
        info=column_class(kind),
        primary_key=primary_key,
        nullable=nullable,
        unique=unique,
        index=index,
    )
