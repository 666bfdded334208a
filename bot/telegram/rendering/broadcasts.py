"""A broadcast as operators see it: its card, its news, its report, and the list of all."""

from collections.abc import Mapping, Sequence

from bot.domain.broadcasts import BroadcastState, DeliveryState, PauseReason
from bot.domain.locales import Locale
from bot.services.clock import time_in_kazakhstan
from bot.services.control import Effect, Overview, Report, Share
from bot.storage.broadcasts import Broadcast
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.rendering.audiences import audience_lines
from bot.telegram.rendering.excerpts import beginning
from bot.telegram.rendering.values import bold, escaped, moment, number_text, span, titled

_CELLS = 20
_MINUTE_S, _HOUR_S = 60, 60 * 60
_MAX_TITLE = 24
# Of the names of operators, by their Telegram id.
Names = Mapping[int, str]


def card_text(overview: Overview, names: Names) -> str:
    """Write how far a broadcast is, why it waits, and what was decided about it."""
    parts = [bold(headline(overview))]
    if overview.broadcast.recipients:
        parts[0] += f"\n{bar(_portion(overview))}"
        parts.append(escaped("\n".join(_numbers(overview))))
    if (reason := _waiting(overview)) is not None:
        parts.append(escaped(reason))
    parts.append(escaped("\n".join(_decisions(overview.broadcast, names))))
    return "\n\n".join(parts)


def headline(overview: Overview) -> str:
    """Say in one line what is true now."""
    broadcast = overview.broadcast
    if broadcast.withdrawn_at is not None:
        # NOTE: messages that were sent are deleted again, "Deleting: 40 of 60 are gone".
        text = _("Deleting: {gone} of {all} are gone")
        if not overview.is_moving:
            text = _("Deleted: {gone} of {all}")
        gone = number_text(overview.progress.withdrawn)
        return text.format(gone=gone, all=number_text(overview.sent))
    if broadcast.state is BroadcastState.SCHEDULED:
        return _("Scheduled: it begins on {time}").format(time=moment(broadcast.choices.starts_at))
    text = {
        BroadcastState.DRAFT: _("Draft: not confirmed yet"),
        BroadcastState.AWAITING_APPROVAL: _("Waits until a second operator approves it"),
        BroadcastState.RUNNING: (
            _("Being sent: {sent} of {all} got it")
            if overview.is_open
            else _("Waits for its hours: {sent} of {all} got it")
        ),
        BroadcastState.PAUSED: _("Paused: {sent} of {all} got it"),
        BroadcastState.STOPPED: _("Stopped: {sent} of {all} got it"),
        BroadcastState.DONE: _("Done: {sent} of {all} got it"),
    }[broadcast.state]
    everybody = number_text(overview.progress.recipients)
    return text.format(sent=number_text(overview.sent), all=everybody)


def state_name(broadcast: Broadcast) -> str:
    """Say in a word or two where a broadcast is in its life."""
    if broadcast.withdrawn_at is not None:
        return _("taken back")
    return {
        BroadcastState.DRAFT: _("draft"),
        BroadcastState.AWAITING_APPROVAL: _("waits for approval"),
        BroadcastState.SCHEDULED: _("scheduled"),
        BroadcastState.RUNNING: _("being sent"),
        BroadcastState.PAUSED: _("paused"),
        BroadcastState.STOPPED: _("stopped"),
        BroadcastState.DONE: _("done"),
    }[broadcast.state]


def fate_name(state: DeliveryState) -> str:
    """Say what became of the message to somebody."""
    return {
        DeliveryState.PENDING: _("still to be sent"),
        DeliveryState.SENDING: _("on the way"),
        DeliveryState.SENT: _("got it"),
        DeliveryState.FAILED: _("refused by Telegram"),
        DeliveryState.UNREACHABLE: _("cannot be reached"),
        DeliveryState.UNCERTAIN: _("not known"),
    }[state]


def erased_name() -> str:
    # NOTE: people who have erased everything about themselves with /forget.
    return _("erased themselves")


def bar(portion: float) -> str:
    """Draw a bar of signs with its percent, which says the same."""
    full = int(portion * _CELLS)
    return f"{'█' * full}{'░' * (_CELLS - full)} {percent(portion)}"


def percent(portion: float) -> str:
    """Write a share without decimals; 100 % means all and no one less."""
    return f"{int(portion * 100)}\u00a0%"


def news_text(overview: Overview) -> str:
    """Tell that a broadcast has paused by itself, and why."""
    return titled(headline(overview), _waiting(overview) or "", about_text(overview.broadcast))


def report_text(report: Report) -> str:
    """Write what became of a broadcast; short enough to stand under a picture."""
    overview = report.overview
    parts = [bold(headline(overview)), escaped("\n".join(_numbers(overview)))]
    minutes = [group.minute for group in report.groups if group.state is DeliveryState.SENT]
    if minutes:
        parts.append(escaped(span(min(minutes), max(minutes))))
    if not report.groups:
        parts.append(escaped(_("After 90 days only these totals are kept.")))
    parts.append(escaped(about_text(overview.broadcast)))
    return "\n\n".join(parts)


def table_caption() -> str:
    return escaped(
        _(
            "Numbers of people by what became of it, language, reason and minute, by the clocks of "
            "Kazakhstan. Nobody is named; groups of fewer than 10 people are put together (*)."
        )
    )


def history_text(shares: Sequence[Share]) -> str:
    if not shares:
        return titled(_("Broadcasts"), _("There are none yet."))
    return titled(_("Broadcasts"), "\n".join(_history_line(share) for share in shares))


def wordings_text(broadcast: Broadcast) -> str:
    """Say which languages the messages that follow are in."""
    names = ", ".join(each.own_name for each in Locale if each in broadcast.wordings.by_locale)
    return titled(
        _("Broadcast {number}: this is what people get").format(number=broadcast.id),
        _("In this order: {languages}").format(languages=names),
    )


def withdrawal_question(overview: Overview) -> str:
    """Ask before the messages of everybody are deleted."""
    lines = [
        ngettext(
            "{number} message of the last 48 hours will be deleted. It cannot be undone.",
            "{number} messages of the last 48 hours will be deleted. It cannot be undone.",
            overview.deletable,
        ).format(number=number_text(overview.deletable))
    ]
    if not overview.has_ended:
        lines.append(_("The broadcast is stopped first."))
    if uncertain := overview.progress.by_state[DeliveryState.UNCERTAIN]:
        lines.append(
            ngettext(
                "{number} message of which it is not known whether it arrived stays.",
                "{number} messages of which it is not known whether they arrived stay.",
                uncertain,
            ).format(number=number_text(uncertain))
        )
    return titled(_("Delete it for everyone?"), *lines)


def idle_press_text(overview: Overview, effect: Effect) -> str:
    """Say why a press did nothing; an alert, so at most 200 characters of plain text."""
    if effect is Effect.TOO_LATE:
        return _("There is nothing to delete: Telegram lets a bot do that for 48 hours.")
    text = _("Your press changed nothing. This broadcast now: {state}.")
    return text.format(state=state_name(overview.broadcast))


def about_text(broadcast: Broadcast) -> str:
    """Name a broadcast by its number and its first words."""
    return _("Broadcast {number}: {words}").format(
        number=broadcast.id, words=_first_words(broadcast)
    )


def _first_words(broadcast: Broadcast) -> str:
    return beginning(broadcast.wordings, _MAX_TITLE) or _("a file without text")


def _history_line(share: Share) -> str:
    broadcast = share.broadcast
    everybody = broadcast.recipients or 0
    return _("{number} · {day} · {state} · {sent} of {all} ({percent}) · {words}").format(
        number=broadcast.id,
        day=f"{time_in_kazakhstan(broadcast.choices.starts_at):%d.%m.%Y}",
        state=state_name(broadcast),
        sent=number_text(share.sent),
        all=number_text(everybody),
        percent=percent(share.sent / everybody if everybody else 0),
        words=_first_words(broadcast),
    )


def _portion(overview: Overview) -> float:
    """Give how much of what is going on is done."""
    progress = overview.progress
    if overview.broadcast.withdrawn_at is not None:
        finished = progress.withdrawn + progress.undeletable
        return finished / overview.sent if overview.sent else 1.0
    return (progress.recipients - overview.left) / progress.recipients


def _numbers(overview: Overview) -> list[str]:
    progress, states = overview.progress, overview.progress.by_state
    lines = [_("Got it: {number}").format(number=number_text(overview.sent))]
    if overview.broadcast.withdrawn_at is not None:
        lines.append(
            _("Deleted for everyone: {number}").format(number=number_text(progress.withdrawn))
        )
        stay = overview.sent - progress.withdrawn - overview.deletable
        if stay:
            lines.append(_("Cannot be deleted: {number}").format(number=number_text(stay)))
    others = (
        (_("Refused by Telegram: {number}"), states[DeliveryState.FAILED]),
        (_("Cannot be reached: {number}"), states[DeliveryState.UNREACHABLE]),
        (_("Not known whether it arrived: {number}"), states[DeliveryState.UNCERTAIN]),
        (_("Have erased themselves: {number}"), progress.erased),
        (
            _("Did not get it any more: {number}")
            if overview.has_ended
            else _("Still to be sent: {number}"),
            overview.left,
        ),
    )
    lines += [text.format(number=number_text(number)) for text, number in others if number]
    return lines + _speed(overview)


def _speed(overview: Overview) -> list[str]:
    if overview.broadcast.state is not BroadcastState.RUNNING or not overview.is_open:
        return []
    per_s = overview.per_s
    if not per_s:
        return []
    return [
        _("Speed: {number} a second").format(number=f"{per_s:.0f}" if per_s >= 1 else "< 1"),
        _("Time left: {time}").format(time=_duration(overview.left / per_s)),
    ]


def _duration(seconds: float) -> str:
    if seconds < _MINUTE_S:
        return _("less than a minute")
    if seconds < _HOUR_S:
        return _("about {minutes} min").format(minutes=round(seconds / _MINUTE_S))
    hours, rest = divmod(round(seconds / _MINUTE_S), _HOUR_S // _MINUTE_S)
    return _("about {hours} h {minutes} min").format(hours=hours, minutes=rest)


def _waiting(overview: Overview) -> str | None:
    """Say why nothing is sent at the moment; None where that is no question."""
    broadcast = overview.broadcast
    hours = broadcast.choices.hours
    if broadcast.state is BroadcastState.RUNNING and not overview.is_open and hours is not None:
        return _("It goes on at {time} by the clocks of Kazakhstan.").format(
            time=f"{hours.opens:%H:%M}"
        )
    if broadcast.state is not BroadcastState.PAUSED or broadcast.pause_reason is None:
        return None
    return {
        PauseReason.OPERATOR: _("An operator has paused it."),
        PauseReason.ERRORS: _(
            "It paused by itself: too many of the last messages came to nothing. The table (CSV) "
            "has the reasons. Put them right and resume, or stop."
        ),
        PauseReason.TELEGRAM: _(
            "It paused by itself: Telegram wants no more messages for longer than 15 minutes. "
            "Resume it later."
        ),
        PauseReason.LATE: _(
            "It paused by itself: its time passed more than an hour ago, while nothing could be "
            "sent. Resume sends it now."
        ),
        PauseReason.REVOKED: _(
            "It paused by itself: whoever wrote it or let it out may not do that any more. Look at "
            "it, then resume or stop."
        ),
        PauseReason.RESTORED: _(
            "It paused by itself: the database was put back from a backup, which does not know who "
            "got the message later. After Resume some may get it twice."
        ),
    }[broadcast.pause_reason]


def _decisions(broadcast: Broadcast, names: Names) -> list[str]:
    lines = [
        about_text(broadcast),
        _("For: {audience}").format(audience="; ".join(audience_lines(broadcast.audience))),
        _("Written by: {name}").format(name=_person(broadcast.author, names)),
    ]
    if broadcast.approver is not None:
        lines.append(_("Approved by: {name}").format(name=_person(broadcast.approver, names)))
    lines.append(_("Start: {time}").format(time=moment(broadcast.choices.starts_at)))
    if (hours := broadcast.choices.hours) is not None:
        lines.append(
            _("Only from {opens} to {closes} by the clocks of Kazakhstan").format(
                opens=f"{hours.opens:%H:%M}", closes=f"{hours.closes:%H:%M}"
            )
        )
    if broadcast.choices.rather_twice:
        lines.append(_("Where it is not known whether it arrived, it is sent again"))
    if broadcast.choices.is_paid:
        lines.append(_("Paid for with Stars, so faster"))
    return lines


def _person(telegram_id: int, names: Names) -> str:
    name = names.get(telegram_id)
    return f"{name} ({telegram_id})" if name else str(telegram_id)
