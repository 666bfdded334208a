"""What operators must hear at once."""

import asyncio
from collections.abc import Callable

from aiogram import Bot

from bot.domain.audit import AuditBrokenError
from bot.domain.parameters import ParameterNotInForceError
from bot.log import get_logger
from bot.services.health import DatabaseState, Health, RegisterState
from bot.services.operators import Operators
from bot.services.subscribers import Subscribers
from bot.storage.engine import DATABASE_FAILURES
from bot.storage.subscribers import SubscriberId
from bot.telegram.forum import ForumProblem
from bot.telegram.i18n import Catalogues
from bot.telegram.rendering.health import (
    audit_broken_text,
    database_text,
    freshness_text,
    register_text,
)
from bot.telegram.rendering.inbox import forum_problem_text
from bot.telegram.rendering.notices import guessing_text, unverified_figure_text

log = get_logger(__name__)


class OperatorAlerts:
    """Tells every administrator of a thing once, in the own language."""

    def __init__(
        self,
        bot: Bot,
        operators: Operators,
        subscribers: Subscribers,
        catalogues: Catalogues,
    ) -> None:
        self._bot = bot
        self._operators = operators
        self._subscribers = subscribers
        self._catalogues = catalogues
        self._database = DatabaseState.WELL
        self._register = RegisterState.WELL
        self._told: set[tuple[str, int]] = set()
        self._sending: set[asyncio.Task[None]] = set()

    def figure_not_verified(self, error: ParameterNotInForceError) -> None:
        """Say that residents see ways without sums, once a year and figure while the bot runs."""
        if (error.key, error.day.year) in self._told:
            return
        self._told.add((error.key, error.day.year))
        log.error("parameter_not_verified", parameter=error.key, day=error.day.isoformat())
        self._tell(lambda: unverified_figure_text(error))

    def health_checked(self, health: Health) -> None:
        """Say once what does not work, and once that it works again."""
        if health.database is not self._database:
            self._database = health.database
            log.warning("database_state_changed", state=health.database.value)
            self._tell(lambda: database_text(health.database))
        if health.register is not self._register:
            self._register = health.register
            log.warning("register_state_changed", state=health.register.value)
            self._tell(lambda: register_text(health.register, health.as_of))

    def freshness_turned(self, health: Health) -> None:
        """Say that the register is too old, or no longer is."""
        self._tell(lambda: freshness_text(health))

    def guessing_noticed(self, missed: int, asked: int) -> None:
        """Say that somebody seems to guess numbers, and what residents are asked for now."""
        self._tell(lambda: guessing_text(missed, asked))

    def forum_checked(self, problem: ForumProblem | None) -> None:
        """Say what the operators' group lacks, or that it is fit again."""
        self._tell(lambda: forum_problem_text(problem))

    def audit_broken(self, error: AuditBrokenError) -> None:
        """Say that the audit log is not as it was written."""
        self._tell(lambda: audit_broken_text(error.row))

    def _tell(self, text: Callable[[], str]) -> None:
        task = asyncio.create_task(self._tell_all(text))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _tell_all(self, text: Callable[[], str]) -> None:
        administrators = await self._operators.administrators()
        tellings = (self._tell_one(operator, text) for operator in administrators)
        for failure in await asyncio.gather(*tellings, return_exceptions=True):
            if failure is not None:
                log.warning("operator_not_told", error=type(failure).__name__)

    async def _tell_one(self, operator: int, text: Callable[[], str]) -> None:
        try:
            subscriber = await self._subscribers.get(SubscriberId(operator), None)
        except DATABASE_FAILURES:
            subscriber = self._subscribers.known(SubscriberId(operator), None)
        with self._catalogues.using(subscriber.locale):
            html = text()
        await self._bot.send_message(operator, html, parse_mode="HTML")
