"""Finds the people of an audience by one query."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, cast, exists, func, null, select
from sqlalchemy.sql.selectable import Subquery

from bot.domain.audience import Audience, Origin
from bot.domain.broadcasts import KAZAKHSTAN, DeliveryState
from bot.storage.tables import answers, deliveries, reminders, subscribers

# The first privacy notice that says that the bot may write by itself.
_SAYS_THAT_WE_WRITE = 3
_REACHED = (DeliveryState.SENT, DeliveryState.UNCERTAIN)


def recipients(audience: Audience, now: datetime) -> Select[Any]:
    """Give the query of ``id``, ``locale`` and ``reply_to`` of everybody whom it is for."""
    # PostgreSQL takes a bare NULL of a subquery for text.
    reply_to: ColumnElement[Any] = cast(null(), deliveries.c.reply_to.type)
    conditions = [
        can_be_written_to(),
        *_of_people(audience, now),
    ]
    if audience.answered_from is None:
        conditions.append(subscribers.c.accepts_broadcasts.is_(True))
    joined: Any = subscribers
    if audience.asks_last_answer:
        last = _last_answers()
        joined = joined.join(last, last.c.subscriber_id == subscribers.c.id)
        conditions += [last.c.place == 1, *_of_last_answer(audience, last)]
    if audience.answered_from is not None:
        corrected = _last_answers(*_of_origin(audience.answered_from))
        joined = joined.join(corrected, corrected.c.subscriber_id == subscribers.c.id)
        conditions.append(corrected.c.place == 1)
        reply_to = corrected.c.message_id
    return (
        select(subscribers.c.id, subscribers.c.locale, reply_to.label("reply_to"))
        .select_from(joined)
        .where(and_(*conditions))
    )


def can_be_written_to() -> ColumnElement[bool]:
    """Tell of subscribers who agreed to be written to, and have not blocked the bot."""
    return and_(
        subscribers.c.consent_version >= _SAYS_THAT_WE_WRITE, subscribers.c.inactive_since.is_(None)
    )


def _of_people(audience: Audience, now: datetime) -> list[ColumnElement[bool]]:
    of_subscriber = deliveries.c.subscriber_id == subscribers.c.id
    conditions: list[ColumnElement[bool]] = []
    if audience.only:
        conditions.append(subscribers.c.id.in_(audience.only))
    if audience.locales:
        conditions.append(subscribers.c.locale.in_(locale.value for locale in audience.locales))
    if audience.asked_since is not None:
        midnight = datetime.combine(audience.asked_since, time(), KAZAKHSTAN).astimezone(UTC)
        conditions.append(
            exists().where(
                answers.c.subscriber_id == subscribers.c.id, answers.c.created_at >= midnight
            )
        )
    if audience.rest_days:
        conditions.append(
            ~exists().where(
                of_subscriber,
                deliveries.c.state.in_(_REACHED),
                deliveries.c.changed_at > now - timedelta(days=audience.rest_days),
            )
        )
    if audience.uncertain_of is not None:
        conditions.append(
            exists().where(
                of_subscriber,
                deliveries.c.broadcast_id == audience.uncertain_of,
                deliveries.c.state == DeliveryState.UNCERTAIN,
            )
        )
    if audience.reminded:
        conditions.append(exists().where(reminders.c.subscriber_id == subscribers.c.id))
    return conditions


def _last_answers(*conditions: ColumnElement[bool]) -> Subquery:
    """Number everybody's answers, the latest is 1."""
    latest_first = func.row_number().over(
        partition_by=answers.c.subscriber_id, order_by=(answers.c.created_at.desc(), answers.c.id)
    )
    return select(answers, latest_first.label("place")).where(*conditions).subquery()


def _of_last_answer(audience: Audience, last: Subquery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for column, wanted in (
        (last.c.region, audience.regions),
        (last.c.status, audience.statuses),
        (last.c.reason, audience.reasons),
    ):
        if wanted:
            conditions.append(column.in_(str(each) for each in wanted))
    if audience.covered_until is not None:
        conditions.append(last.c.covered_until.between(*audience.covered_until))
    return conditions


def _of_origin(origin: Origin) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if origin.rules_version is not None:
        conditions.append(answers.c.rules_version == origin.rules_version)
    if origin.generation is not None:
        conditions.append(answers.c.generation == origin.generation)
    return conditions
