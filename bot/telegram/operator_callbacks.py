"""Callback data of operators' buttons: they say what is to be, so that a second press is idle."""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from bot.domain.roles import Role
from bot.domain.stats import Period, Topic
from bot.telegram import draft_callbacks

# Telegram's ids of people have at most 52 bits.
TelegramId = Annotated[int, Field(gt=0, lt=2**52)]
CannedKey = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,24}$")]
RowNumber = Annotated[int, Field(ge=0, lt=2**53)]


class OpenOperators(CallbackData, prefix="operators"):
    """The list of operators."""


class OpenOperator(CallbackData, prefix="operator"):
    """One operator, or somebody who may become one."""

    telegram_id: TelegramId


class ChangeRole(CallbackData, prefix="op_role"):
    """A role given or taken."""

    telegram_id: TelegramId
    role: Role
    grant: bool


class TellOperator(CallbackData, prefix="op_tell"):
    """The news of their roles for an operator whom it has not reached."""

    telegram_id: TelegramId


class AddOperator(CallbackData, prefix="op_add"):
    """The wish to choose a new operator."""


class OpenAudit(CallbackData, prefix="audit"):
    """The rows of the audit log before one; 0 for the last ones."""

    before: RowNumber


class OpenStats(CallbackData, prefix="stats"):
    """The figures of a topic over so many days."""

    topic: Topic
    days: Period


class SendStats(CallbackData, prefix="stats_csv"):
    """The wish for the same as a table."""

    topic: Topic
    days: Period


class OpenBroadcast(CallbackData, prefix="bc"):
    """The card of one broadcast: what it says, for whom, how far it is."""

    broadcast_id: RowNumber


class OpenBroadcasts(CallbackData, prefix="bc_list"):
    """The broadcasts before one; 0 for the last ones."""

    before: RowNumber


class PauseBroadcast(CallbackData, prefix="bc_pause"):
    """No more messages until somebody resumes."""

    broadcast_id: RowNumber


class ResumeBroadcast(CallbackData, prefix="bc_resume"):
    """On with a broadcast that is paused."""

    broadcast_id: RowNumber


class StopBroadcast(CallbackData, prefix="bc_stop"):
    """No more messages for good."""

    broadcast_id: RowNumber


class AskWithdrawal(CallbackData, prefix="bc_ask"):
    """The question whether to delete for everyone what was sent."""

    broadcast_id: RowNumber


class WithdrawBroadcast(CallbackData, prefix="bc_del"):
    """What was sent deleted for everyone."""

    broadcast_id: RowNumber


class ShowWordings(CallbackData, prefix="bc_text"):
    """What recipients get, in each language."""

    broadcast_id: RowNumber


class SendReport(CallbackData, prefix="bc_report"):
    """What became of a broadcast, with a picture."""

    broadcast_id: RowNumber


class SendTable(CallbackData, prefix="bc_csv"):
    """The numbers of a broadcast as a file."""

    broadcast_id: RowNumber


class ListCanned(CallbackData, prefix="in_list"):
    """The ready replies, in a message of their own."""


class BackToCanned(CallbackData, prefix="in_back"):
    """The ready replies in place of one of them."""


class PreviewCanned(CallbackData, prefix="in_see"):
    """A ready reply as the resident of this topic would read it."""

    key: CannedKey


class SendCanned(CallbackData, prefix="in_send"):
    """The wish to send a ready reply to the resident of this topic."""

    key: CannedKey


class CloseTopic(CallbackData, prefix="in_close"):
    """The end of the conversation of this topic."""


class OpenFigures(CallbackData, prefix="in_fig"):
    """How the inbox does."""


ALL: tuple[type[CallbackData], ...] = (
    OpenOperators,
    OpenOperator,
    ChangeRole,
    TellOperator,
    AddOperator,
    OpenAudit,
    OpenStats,
    SendStats,
    OpenBroadcast,
    OpenBroadcasts,
    PauseBroadcast,
    ResumeBroadcast,
    StopBroadcast,
    AskWithdrawal,
    WithdrawBroadcast,
    ShowWordings,
    SendReport,
    SendTable,
    *draft_callbacks.ALL,
    ListCanned,
    BackToCanned,
    PreviewCanned,
    SendCanned,
    CloseTopic,
    OpenFigures,
)
_PREFIXES = frozenset(each.__prefix__ for each in ALL)


def operator_button(data: str) -> str | None:
    """Give the kind of an operators' button, whatever else it carries."""
    prefix = data.partition(":")[0]
    return prefix if prefix in _PREFIXES else None
