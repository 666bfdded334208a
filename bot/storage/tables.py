"""The people database: what is kept, and nothing else."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    true,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

# phone_key is the key that the register uses; no phone is kept. inactive_since is when a
# broadcast found that the person cannot be written to, until they write again; who does not accept
# broadcasts gets corrections of wrong answers alone.
subscribers = Table(
    "subscribers",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("locale", String(2), nullable=False),
    Column("consent_version", SmallInteger, nullable=False),
    Column("phone_key", LargeBinary, nullable=True),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("inactive_since", DateTime(timezone=True), nullable=True),
    Column("accepts_broadcasts", Boolean, nullable=False, server_default=true()),
)

# record_key is the key of the IIN (pepper outside); last4 is shown back with the answer. The
# rest, what was told, where and from which data, finds the people whom a broadcast concerns.
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
    Column("message_id", BigInteger, nullable=True),
    Column("status", String(11), nullable=True),
    Column("reason", String(32), nullable=True),
    Column("region", String(2), nullable=True),
    Column("covered_until", Date, nullable=True),
    Column("rules_version", String(12), nullable=True),
    Column("generation", String(64), nullable=True),
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

# wordings and audience are JSON of the domain's classes; recipients is how many there were at the
# confirmation, so that those erased since are known to have been; totals is what is left of the
# deliveries after ninety days.
broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("nonce", String(32), nullable=False),
    Column("author", BigInteger, nullable=False),
    Column("approver", BigInteger, nullable=True),
    Column("state", String(17), nullable=False),
    Column("pause_reason", String(8), nullable=True),
    Column("wordings", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("opens", Time, nullable=True),
    Column("closes", Time, nullable=True),
    Column("rather_twice", Boolean, nullable=False),
    Column("is_paid", Boolean, nullable=False),
    Column("recipients", Integer, nullable=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("withdrawn_at", DateTime(timezone=True), nullable=True),
    Column("totals", Text, nullable=True),
    Index("ix_broadcasts_nonce", "nonce", unique=True),
    Index("ix_broadcasts_state", "state"),
)

# What else is known of a broadcast while it is written: card is the message on which that is done,
# awaits what the author's next message will be, sources which messages of the author have become
# wordings, by language (JSON).
drafts = Table(
    "drafts",
    metadata,
    Column(
        "broadcast_id",
        Integer,
        ForeignKey("broadcasts.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("card", BigInteger, nullable=True),
    Column("awaits", String(9), nullable=True),
    Column("sources", Text, nullable=False),
)

# One row a recipient. token names the claim that holds the row until lease_until; reply_to is the
# message that is corrected, message_id the one that was sent.
deliveries = Table(
    "deliveries",
    metadata,
    Column(
        "broadcast_id",
        Integer,
        ForeignKey("broadcasts.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column(
        "subscriber_id",
        BigInteger,
        ForeignKey("subscribers.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("locale", String(2), nullable=False),
    Column("state", String(11), nullable=False),
    Column("attempt", SmallInteger, nullable=False),
    Column("token", String(22), nullable=True),
    Column("lease_until", DateTime(timezone=True), nullable=True),
    Column("reply_to", BigInteger, nullable=True),
    Column("message_id", BigInteger, nullable=True),
    Column("error", String(64), nullable=True),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("withdrawal", String(6), nullable=True),
    Index("ix_deliveries_broadcast_id", "broadcast_id", "state", "subscriber_id"),
    Index("ix_deliveries_subscriber_id", "subscriber_id"),
)

# The message that shows an operator a broadcast while it goes on: the card opened last.
boards = Table(
    "boards",
    metadata,
    Column("operator_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, nullable=False),
    Column(
        "broadcast_id",
        Integer,
        ForeignKey("broadcasts.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("locale", String(2), nullable=False),
    Column("edited_at", DateTime(timezone=True), nullable=False),
)

# Who was told of which change; changed_at is that of the broadcast.
news = Table(
    "news",
    metadata,
    Column(
        "broadcast_id",
        Integer,
        ForeignKey("broadcasts.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("operator_id", BigInteger, primary_key=True, autoincrement=False),
    Column("changed_at", DateTime(timezone=True), primary_key=True),
)

# Which administrator was told what a generation of the register brought.
register_news = Table(
    "register_news",
    metadata,
    Column("generation", String(64), primary_key=True),
    Column("operator_id", BigInteger, primary_key=True, autoincrement=False),
    Column("told_at", DateTime(timezone=True), nullable=False),
)

# One row a person and a record. is_covered and ends_on are what was found last, on looked_on in
# the register of as_of; without looked_on nobody knows what was said, and the next look is silent.
# token names the worker that looks until lease_until.
reminders = Table(
    "reminders",
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
    Column("is_covered", Boolean, nullable=False),
    Column("ends_on", Date, nullable=True),
    Column("looked_on", Date, nullable=True),
    Column("as_of", Date, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("token", String(22), nullable=True),
    Column("lease_until", DateTime(timezone=True), nullable=True),
    UniqueConstraint("subscriber_id", "record_key"),
    Index("ix_reminders_ends_on", "ends_on", "id"),
)

# What was told, once for each kind and day: a row is there before its message leaves.
reminder_notices = Table(
    "reminder_notices",
    metadata,
    Column(
        "reminder_id",
        String(22),
        ForeignKey("reminders.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("kind", String(4), primary_key=True),
    Column("day", Date, primary_key=True),
    Column(
        "subscriber_id",
        BigInteger,
        ForeignKey("subscribers.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("state", String(11), nullable=False),
    Column("lease_until", DateTime(timezone=True), nullable=True),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Index("ix_reminder_notices_state", "state", "lease_until"),
    Index("ix_reminder_notices_changed_at", "changed_at"),
    Index("ix_reminder_notices_subscriber_id", "subscriber_id"),
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

# What happened on a day of Kazakhstan, by one label each; nothing leads to a person.
counters = Table(
    "counters",
    metadata,
    Column("day", Date, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("label", String(32), primary_key=True),
    Column("number", Integer, nullable=False),
)

# One row a resident who has asked a person: the number is random and stands in the title of the
# topic, which is one for all conversations of the resident.
correspondents = Table(
    "correspondents",
    metadata,
    Column(
        "subscriber_id",
        BigInteger,
        ForeignKey("subscribers.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("number", Integer, nullable=False),
    Column("chat_id", BigInteger, nullable=True),
    Column("topic_id", BigInteger, nullable=True),
    Column("banned_at", DateTime(timezone=True), nullable=True),
    Column("has_told_outsiders", Boolean, nullable=False),
    Index("ix_correspondents_number", "number", unique=True),
    Index("ix_correspondents_chat_id", "chat_id", "topic_id", unique=True),
)

# What was written stays in Telegram; here is when, and how it ended. waits_since is null while the
# operators have had the last word.
conversations = Table(
    "conversations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "subscriber_id",
        BigInteger,
        ForeignKey("subscribers.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("state", String(6), nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=True),
    Column("answered_at", DateTime(timezone=True), nullable=True),
    Column("waits_since", DateTime(timezone=True), nullable=True),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True), nullable=True),
    Column("rating", SmallInteger, nullable=True),
    Index("ix_conversations_subscriber_id", "subscriber_id", "id"),
    Index("ix_conversations_state", "state", "changed_at"),
)

# Which message on one side is the copy of which on the other: source_id is a number in the private
# chat for a message of the resident, in the group for one of an operator.
mirrored = Table(
    "mirrored",
    metadata,
    Column(
        "subscriber_id",
        BigInteger,
        ForeignKey("subscribers.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("side", String(8), primary_key=True),
    Column("source_id", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "conversation_id",
        Integer,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("copy_id", BigInteger, nullable=True),
    Column("state", String(9), nullable=False),
    Index("ix_mirrored_conversation_id", "conversation_id"),
    Index("ix_mirrored_copy_id", "subscriber_id", "side", "copy_id"),
)

# Of each bucket (bulk, paid) when its next turn is; of each kind of traffic (reminder, broadcast)
# until when Telegram wants none of it. Used where several processes send.
turns = Table(
    "turns",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("free_at", DateTime(timezone=True), nullable=False),
)
