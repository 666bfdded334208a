"""The people database: what is kept, and nothing else."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

# phone_key is the keyed hash that the register uses; no phone is kept.
subscribers = Table(
    "subscribers",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("locale", String(2), nullable=False),
    Column("consent_version", SmallInteger, nullable=False),
    Column("phone_key", LargeBinary, nullable=True),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)

# record_key is the keyed hash of the IIN (pepper outside); last4 is shown back with the answer.
answers = Table(
    "answers",
    metadata,
    Column("id", String(22), primary_key=True),
    Column(
        "subscriber_id",
        BigInteger,
        ForeignKey("subscribers.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("record_key", LargeBinary, nullable=False),
    Column("last4", String(4), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("ix_answers_subscriber_id", "subscriber_id", "created_at"),
    Index("ix_answers_created_at", "created_at"),
)

# key is a hash of everything drawn, which has nothing personal; file_id is Telegram's name of the
# uploaded picture, good for this bot alone.
pictures = Table(
    "pictures",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("file_id", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("ix_pictures_created_at", "created_at"),
)

# A row a role; operators named in the settings are not here.
operators = Table(
    "operators",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("role", String(16), primary_key=True),
    Column("granted_at", DateTime(timezone=True), nullable=False),
)

# Written by INSERT alone, which triggers see to; rows of more than a year may be removed. The ids
# have no gaps and nothing follows the same row twice, so two writers cannot fork the chain.
audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", String(40), nullable=False),
    Column("action", String(40), nullable=False),
    Column("details", Text, nullable=False),
    Column("previous", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("previous"),
)
