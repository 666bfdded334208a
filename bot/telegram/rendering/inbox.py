"""Texts of the inbox: for residents, for the topics, and the figures."""

from datetime import timedelta

from babel.dates import format_date

from bot.domain.assessment import Status
from bot.domain.inbox import Rating
from bot.domain.locales import Locale
from bot.services.answers import Outcome
from bot.services.inbox import Expectation, InboxFigures
from bot.telegram.forum import ForumProblem
from bot.telegram.i18n import current_locale, ngettext
from bot.telegram.i18n import gettext as _
from bot.telegram.rendering.reasons import reason_text
from bot.telegram.rendering.regions import region_name
from bot.telegram.rendering.values import bold, day, escaped, titled

_MAX_REASONS = 3


def invitation_text(expectation: Expectation) -> str:
    """Say what a conversation is before it begins."""
    return titled(
        _("Ask a person"),
        expectation_text(expectation),
        "\n".join(
            f"• {point}"
            for point in (
                _("Operators will read what you write here and see your photos and files."),
                _("They see your language and the outcome of your last answer, not your name."),
                _("IINs and phone numbers in your texts are hidden from them."),
                _("In photos, files and voice messages nothing is hidden: cover the IIN first."),
            )
        ),
        _("Kept for 90 days after the end of the conversation, or until /forget."),
    )


def conversation_text(expectation: Expectation) -> str:
    """Say that what is written now goes to operators."""
    return titled(
        _("Write your question here"),
        _("Your messages go to the operators now: text, photos, files, voice."),
        expectation_text(expectation),
        _("An IIN alone still gets its answer from the bot and is not passed on."),
    )


def expectation_text(expectation: Expectation) -> str:
    """Say when somebody will answer."""
    if expectation.is_open:
        if expectation.usual is None:
            return _("Operators are at work now and answer one after the other.")
        return _("Operators are at work now. Half of the first answers come within {time}.").format(
            time=duration(expectation.usual)
        )
    if expectation.opens_at is None:
        return _("Operators are not at work now. The contact centre 1414 answers by phone.")
    opens = expectation.opens_at
    return _(
        "Operators are not at work now. They will answer from {time} on {day}, by the clocks of "
        "Kazakhstan. If it is urgent, call 1414."
    ).format(time=f"{opens:%H:%M}", day=_day_of_week(expectation))


def duration(time: timedelta) -> str:
    """Write a waiting time in minutes, from two hours on in hours."""
    minutes = max(-(-int(time.total_seconds()) // 60), 1)
    if minutes < 120:
        return ngettext("{number} minute", "{number} minutes", minutes).format(number=minutes)
    hours = round(minutes / 60)
    return ngettext("{number} hour", "{number} hours", hours).format(number=hours)


def passed_text(expectation: Expectation, *, has_guides: bool) -> str:
    """Confirm the first message of a conversation."""
    parts = [
        _("Your message is with the operators. You can add more."),
        expectation_text(expectation),
    ]
    if has_guides:
        parts.append(_("While you wait: this may answer it at once."))
    return titled(*parts)


def banned_text() -> str:
    return titled(
        _("Your messages are not passed on to operators"),
        _("An operator has decided so. Look-ups by IIN and guides still work."),
        _("For anything else call 1414."),
    )


def unbanned_text() -> str:
    return titled(_("You can write to operators again"), _("Press “Ask a person” in the menu."))


def unreachable_text() -> str:
    return titled(_("Operators cannot be reached here right now"), _("Call 1414."))


def not_passed_text() -> str:
    return escaped(
        _("This message did not reach the operators. Send it again a little later, or call 1414.")
    )


def maybe_passed_text() -> str:
    return escaped(
        _("I cannot tell whether this message reached the operators. If it matters, send it again.")
    )


def change_not_passed_text() -> str:
    return escaped(_("The change was not passed on. Write it as a new message."))


def kinds_text() -> str:
    return escaped(_("Only texts, photos, files and voice messages are passed on."))


def name_has_number_text() -> str:
    return escaped(
        _("The name of this file has a number in it. Rename the file, or send it as a photo.")
    )


def number_hidden_text(*, is_deleted: bool) -> str:
    """Say what was done about an IIN in a message to operators."""
    if is_deleted:
        return escaped(
            _("Your message is passed on, the number in it hidden. I deleted it from this chat.")
        )
    return escaped(
        _("Your message is passed on, the number in it hidden. Please delete it from this chat.")
    )


def operator_signature() -> str:
    """Say in front of each message who has written it."""
    return _("Operator:")


def closed_by_operator_text() -> str:
    return titled(
        _("The operator has ended the conversation"),
        _("If you write again within 24 hours, it goes on."),
        _("Did it help?"),
    )


def closed_silent_text() -> str:
    return titled(
        _("The conversation has ended: nobody wrote for two weeks"),
        _("If you write again within 24 hours, it goes on."),
        _("Did it help?"),
    )


def ended_text() -> str:
    return titled(
        _("You have ended the conversation"),
        _("What you write now is for the bot again."),
        _("Did it help?"),
    )


def rated_text(rating: Rating) -> str:
    """Thank for a vote and say what it is."""
    return titled(
        _("Thank you. Your answer: {answer}").format(answer=rating_name(rating)),
        _("You can change it with the buttons."),
    )


def rating_name(rating: Rating) -> str:
    return {
        Rating.YES: _("it helped"),
        Rating.PARTLY: _("it helped in part"),
        Rating.NO: _("it did not help"),
    }[rating]


def topic_name(number: int, locale: Locale) -> str:
    """Name a topic: nothing in it says who it is."""
    return f"№ {number} · {locale.own_name}"


def card_text(number: int, locale: Locale, outcome: Outcome | None) -> str:
    """Introduce a resident to operators: language and the outcome of the last answer."""
    lines = [_("Language: {language}").format(language=locale.own_name)]
    if outcome is None:
        lines.append(_("No answer by IIN in the last 30 days."))
    else:
        lines.append(_("Last answer: {status}").format(status=_status_name(outcome.status)))
        reasons = [reason_text(reason) for reason in outcome.reasons[:_MAX_REASONS]]
        lines += [f"• {reason}" for reason in reasons]
        if outcome.region:
            lines.append(_("Region: {region}").format(region=region_name(outcome.region)))
        lines.append(_("Data as of {day}").format(day=day(outcome.as_of)))
    hint = _("What you write here goes to the resident; what begins with // stays here.")
    title = _("Conversation № {number}").format(number=number)
    return "\n\n".join((bold(title), escaped("\n".join(lines)), f"<i>{escaped(hint)}</i>"))


def topic_ended_text() -> str:
    return escaped(_("The resident has ended the conversation."))


def topic_closed_text(*, is_told: bool) -> str:
    """Say in the topic that the conversation is over."""
    if is_told:
        return escaped(_("The conversation is ended. The resident was asked whether it helped."))
    return escaped(_("The conversation is ended. The resident could not be told."))


def topic_nothing_open_text() -> str:
    return escaped(_("No conversation is open here."))


def topic_banned_text(*, is_banned: bool) -> str:
    if is_banned:
        return escaped(
            _("Messages of this resident are stopped, and the resident knows. /unban lets them on.")
        )
    return escaped(_("Messages of this resident come through again, and the resident knows."))


def topic_not_delivered_text(*, is_blocked: bool) -> str:
    if is_blocked:
        return escaped(_("Not delivered: the resident has blocked the bot."))
    return escaped(_("Not delivered. Try again a little later."))


def topic_maybe_delivered_text() -> str:
    return escaped(_("Nobody can tell whether this was delivered. It was not sent a second time."))


def topic_change_not_passed_text() -> str:
    return escaped(_("The change did not reach the resident."))


def topic_kinds_text() -> str:
    return escaped(
        _("Not delivered: only own texts, photos, files and voice messages go to the resident.")
    )


def topic_unknown_command_text() -> str:
    return escaped(
        _("Not delivered: there is no such command. /canned, /close, /ban and /unban are known.")
    )


def outsider_text() -> str:
    return escaped(
        _(
            "Only operators with the role “support” answer here. Messages of others do not reach "
            "the resident."
        )
    )


def canned_list_text() -> str:
    return titled(_("Ready replies"), _("Choose one; you will see it before it is sent."))


def canned_preview_text(text: str, locale: Locale) -> str:
    """Show a reply as the resident will read it."""
    title = _("In the language of the resident: {language}").format(language=locale.own_name)
    return f"{bold(title)}\n\n<blockquote>{escaped(text)}</blockquote>"


def canned_sent_text(text: str) -> str:
    title = _("Sent")
    return f"{bold(title)}\n\n<blockquote>{escaped(text)}</blockquote>"


def canned_unknown_value_text() -> str:
    return _("A figure in this reply is not verified for today, so it cannot be sent.")


def figures_text(figures: InboxFigures) -> str:
    """Show administrators and operators how the inbox does."""
    now = "\n".join(
        (
            _("Open: {number}").format(number=figures.open),
            _("Waiting for an answer: {number}").format(number=figures.waiting),
        )
    )
    if figures.half is None or figures.most is None:
        answers = _("No first answers in the last seven days.")
    else:
        answers = "\n".join(
            (
                _("First answers in the last seven days: {number}").format(number=figures.answered),
                _("Half of them within {half}, nine in ten within {most}").format(
                    half=duration(figures.half), most=duration(figures.most)
                ),
            )
        )
    ratings = "\n".join(
        f"• {rating_name(rating)}: {figures.ratings.get(rating, 0)}" for rating in reversed(Rating)
    )
    said = _("What residents say of conversations of the last seven days:")
    return titled(
        _("Conversations with residents"),
        now,
        answers,
        "\n".join((said, ratings)),
    )


def forum_problem_text(problem: ForumProblem | None) -> str:
    """Tell an administrator what the operators' group lacks, and the way out."""
    match problem:
        case None:
            return titled(_("The operators' group works again"))
        case ForumProblem.NOT_FOUND:
            way = _("The bot is not in the group of INBOX_CHAT, or the number is wrong.")
        case ForumProblem.NOT_A_FORUM:
            way = _("Switch on topics in the settings of the group.")
        case ForumProblem.NOT_ADMINISTRATOR:
            way = _("Make the bot an administrator of the group.")
        case ForumProblem.NO_TOPICS_RIGHT:
            way = _("Give the bot the right to manage topics.")
        case ForumProblem.NO_DELETE_RIGHT:
            way = _("Give the bot the right to delete messages: /forget needs it.")
    return titled(
        _("Residents cannot ask a person: the operators' group is not fit"),
        way,
        _("The bot looks again by itself within a minute."),
    )


def _status_name(status: Status) -> str:
    return {
        Status.INSURED: _("insured"),
        Status.CONDITIONAL: _("insured conditionally"),
        Status.UNINSURED: _("not insured"),
        Status.OUTSIDE: _("outside the insurance system"),
        Status.UNKNOWN: _("not known today"),
    }[status]


def _day_of_week(expectation: Expectation) -> str:
    locale = current_locale().value
    return str(format_date(expectation.opens_at, "EEEE, d MMMM", locale=locale))
