"""Staff accounts, in the shape Flask-Security works with, and what proves who somebody is.

Flask-Security writes its own times without a zone, in UTC; they stay as it writes them. Second
factors are our own tables: a code app, passkeys and recovery codes for each account.
"""

from datetime import datetime
from typing import ClassVar

from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from questionnaire.records.columns import ColumnClass, UtcTime, column, column_class, metadata

IDENTITY = column_class(ColumnClass.IDENTITY)
SECRET = column_class(ColumnClass.SECRET)
CLINIC = column_class(ColumnClass.CLINIC)
TECHNICAL = column_class(ColumnClass.TECHNICAL)


class StaffTable(DeclarativeBase):
    """What staff tables share: they live beside the clinic's other tables."""

    metadata: ClassVar[MetaData] = metadata


staff_user_role = Table(
    "staff_user_role",
    metadata,
    Column("user_id", ForeignKey("staff_user.id"), primary_key=True, info=CLINIC),
    Column("role_id", ForeignKey("staff_role.id"), primary_key=True, info=CLINIC),
)


class StaffRole(StaffTable, RoleMixin):
    """What a member of staff may do; `name` is a value of `questionnaire.domain.visit.Role`."""

    __tablename__ = "staff_role"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, info=TECHNICAL)
    name: Mapped[str] = mapped_column(Text, unique=True, info=CLINIC)
    description: Mapped[str | None] = mapped_column(Text, info=CLINIC)
    permissions: Mapped[list[str] | None] = mapped_column(
        MutableList.as_mutable(AsaList()), info=CLINIC
    )


class StaffUser(StaffTable, UserMixin):
    """A member of staff: `full_name` and `registration` are printed where they sign."""

    __tablename__ = "staff_user"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, info=TECHNICAL)
    email: Mapped[str] = mapped_column(Text, unique=True, info=IDENTITY)
    username: Mapped[str | None] = mapped_column(Text, unique=True, info=IDENTITY)
    full_name: Mapped[str] = mapped_column(Text, default="", info=IDENTITY)
    registration: Mapped[str] = mapped_column(Text, default="", info=IDENTITY)
    password: Mapped[str | None] = mapped_column(Text, info=SECRET)
    active: Mapped[bool] = mapped_column(Boolean, default=True, info=CLINIC)
    fs_uniquifier: Mapped[str] = mapped_column(Text, unique=True, info=SECRET)
    confirmed_at: Mapped[datetime] = mapped_column(DateTime, nullable=True, info=TECHNICAL)
    last_login_at: Mapped[datetime] = mapped_column(DateTime, nullable=True, info=TECHNICAL)
    current_login_at: Mapped[datetime] = mapped_column(DateTime, nullable=True, info=TECHNICAL)
    last_login_ip: Mapped[str | None] = mapped_column(Text, info=TECHNICAL)
    current_login_ip: Mapped[str | None] = mapped_column(Text, info=TECHNICAL)
    login_count: Mapped[int] = mapped_column(Integer, nullable=True, info=TECHNICAL)
    tf_primary_method: Mapped[str | None] = mapped_column(Text, info=TECHNICAL)
    tf_totp_secret: Mapped[str | None] = mapped_column(Text, info=SECRET)
    tf_phone_number: Mapped[str | None] = mapped_column(Text, info=IDENTITY)
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(
        MutableList.as_mutable(AsaList()), info=SECRET
    )
    create_datetime: Mapped[datetime] = mapped_column(DateTime, nullable=True, info=TECHNICAL)
    update_datetime: Mapped[datetime] = mapped_column(DateTime, nullable=True, info=TECHNICAL)

    roles: Mapped[list[RoleMixin]] = relationship(StaffRole, secondary=staff_user_role)


staff_code_app = Table(
    "staff_code_app",
    metadata,
    column(ColumnClass.CLINIC, "user_id", Integer, ForeignKey("staff_user.id"), primary_key=True),
    column(ColumnClass.SECRET, "secret", LargeBinary),
    column(ColumnClass.TECHNICAL, "last_step", Integer),
    column(ColumnClass.TECHNICAL, "added_at", UtcTime),
)
"""The secret shared with somebody's authenticator app, sealed, and the last time step used."""

staff_recovery_code = Table(
    "staff_recovery_code",
    metadata,
    column(ColumnClass.SECRET, "code_hash", Text, primary_key=True),
    column(ColumnClass.CLINIC, "user_id", Integer, ForeignKey("staff_user.id"), index=True),
    column(ColumnClass.TECHNICAL, "used_at", UtcTime, nullable=True),
)

staff_pin = Table(
    "staff_pin",
    metadata,
    column(ColumnClass.CLINIC, "user_id", Integer, ForeignKey("staff_user.id"), primary_key=True),
    column(ColumnClass.SECRET, "pin_hash", Text, unique=True),
    column(ColumnClass.TECHNICAL, "made_at", UtcTime),
)
"""What somebody types on a tablet to unlock it; one each, and no two the same."""

staff_passkey = Table(
    "staff_passkey",
    metadata,
    column(ColumnClass.SECRET, "credential_id", Text, primary_key=True),
    column(ColumnClass.CLINIC, "user_id", Integer, ForeignKey("staff_user.id"), index=True),
    column(ColumnClass.SECRET, "public_key", Text),
    column(ColumnClass.TECHNICAL, "sign_count", Integer),
    column(ColumnClass.CLINIC, "name", Text),
    column(ColumnClass.TECHNICAL, "added_at", UtcTime),
    column(ColumnClass.TECHNICAL, "used_at", UtcTime, nullable=True),
)
"""Public keys and ids of passkeys, in base64url."""
