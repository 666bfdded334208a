"""What is said when a broadcast is let go, handed over, approved or declined."""

from datetime import datetime

from bot.domain.broadcasts import BroadcastState
from bot.storage.broadcasts import Broadcast
from bot.telegram.i18n import gettext as _
from bot.telegram.rendering.audiences import audience_lines, people_text
from bot.telegram.rendering.drafts import sending_lines, start_line, wording_lines
from bot.telegram.rendering.values import escaped, moment, titled


def released_text(broadcast: Broadcast, now: datetime) -> str:
    """Say in one line what becomes of a broadcast that is no draft any more."""
    people = people_text(broadcast.recipients or 0)
    values = {"number": broadcast.id, "people": people}
    if broadcast.state is BroadcastState.AWAITING_APPROVAL:
        text = _("Broadcast {number} to {people} waits for the approval of a sender.")
    elif broadcast.choices.starts_at > now:
        values["start"] = moment(broadcast.choices.starts_at)
        text = _("Broadcast {number} goes to {people} on {start}.")
    else:
        text = _("Broadcast {number} goes to {people} now.")
    return escaped(text.format(**values))


def request_text(broadcast: Broadcast, author: str, now: datetime) -> str:
    """Ask a sender for the approval of somebody else's broadcast."""
    starts_at = broadcast.choices.starts_at
    people = broadcast.recipients or 0
    return titled(
        _("Approve broadcast {number}?").format(number=broadcast.id),
        _("{author} asks you to let it go to {people}.").format(
            author=author, people=people_text(people)
        ),
        "\n".join(f"• {line}" for line in audience_lines(broadcast.audience)),
        "\n".join(wording_lines(broadcast.wordings)),
        "\n".join(
            (
                start_line(starts_at, is_at_once=starts_at <= now),
                *sending_lines(broadcast.choices, people),
            )
        ),
    )


def decided_text(broadcast: Broadcast, *, is_approved: bool, now: datetime) -> str:
    """Close the request of the one who decided."""
    if is_approved:
        return released_text(broadcast, now)
    return escaped(
        _("You declined broadcast {number}. It is a draft of its author again.").format(
            number=broadcast.id
        )
    )


def news_text(broadcast: Broadcast, who: str, *, is_approved: bool, now: datetime) -> str:
    """Tell the author what somebody decided."""
    if is_approved:
        title = _("{who} approved your broadcast {number}").format(who=who, number=broadcast.id)
        return f"{titled(title)}\n\n{released_text(broadcast, now)}"
    title = _("{who} declined your broadcast {number}").format(who=who, number=broadcast.id)
    return titled(title, _("It is a draft again: /broadcast"))


def waits_text() -> str:
    """Say who decides, before the author asks."""
    return _("Another operator with the role “sender” has to approve it first.")


def late_text() -> str:
    return _("The chosen start has passed. Choose it anew.")


def nobody_text() -> str:
    return _("There is nobody to send it to.")


def no_sender_text() -> str:
    """Say in an alert that nobody could approve."""
    return _("There is no other operator with the role “sender”. Ask an administrator for one.")


def decided_already_text() -> str:
    """Say in an alert that there is nothing left to decide."""
    return _("This was decided already, or it is your own broadcast.")


def untold_text() -> str:
    return escaped(
        _("The bot could write to no sender. Ask one to press Start in this bot, then ask again.")
    )
