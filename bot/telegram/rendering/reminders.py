"""What a reminder says, and the list of them."""

from collections.abc import Sequence

from bot.domain.assessment import Status
from bot.domain.reminders import Notice, NoticeKind
from bot.services.answers import Answer
from bot.services.reminders import MOST_REMINDERS, Listed
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.rendering.answer import about_text, answer_step, headline, mixed_run_text
from bot.telegram.rendering.values import bold, day, escaped, last_day, titled


def render_reminder(notice: Notice, answer: Answer) -> str:
    """Write the answer with its date first, then the one thing to do."""
    parts = [f"{bold(_title(notice, answer))}\n{escaped(about_text(answer))}"]
    if notice.kind not in (NoticeKind.LOST, NoticeKind.BACK):
        parts.append(escaped(_days_left((notice.day - answer.on).days)))
    if answer.assessment.is_mixed:
        parts.append(mixed_run_text())
    parts.append("\n".join((bold(_("What to do now")), escaped(answer_step(answer)))))
    return "\n\n".join(parts)


def reminders_text(listed: Sequence[Listed]) -> str:
    """List whom somebody is reminded of, each with the answer of now."""
    if not listed:
        return titled(
            _("No reminders"),
            _("Send an IIN and press “Remind me” under the answer."),
        )
    lines = [
        _("IIN ends in {last4}: {answer}").format(
            last4=each.last4,
            # Gone from the register, or kept under another pepper: only the number can tell.
            answer=(
                headline(each.answer) if each.answer else _("❔ Not found now: send the IIN again")
            ),
        )
        for each in listed
    ]
    days = {each.answer.as_of for each in listed if each.answer}
    lines += [_("Data as of {day}").format(day=day(as_of)) for as_of in sorted(days)]
    return titled(_("Your reminders"), "\n".join(lines), _when_text())


def switched_on_text() -> str:
    return _("The reminder is on. {when}").format(when=_when_text())


def switched_off_text() -> str:
    return _("The reminder is off.")


def too_many_reminders_text() -> str:
    return ngettext(
        "You have {number} reminder already. Switch one off first: /reminders",
        "You have {number} reminders already. Switch one off first: /reminders",
        MOST_REMINDERS,
    ).format(number=MOST_REMINDERS)


def _when_text() -> str:
    return _(
        "The bot writes 30, 14, 7 and 1 days before the end, and when the status changes; from "
        "10:00 to 20:00."
    )


def _title(notice: Notice, answer: Answer) -> str:
    if notice.kind is NoticeKind.LOST:
        if answer.assessment.status is Status.OUTSIDE:
            return _("ℹ️ Outside the insurance system, as of {day}").format(day=day(answer.as_of))
        return _("⛔ Not insured any more, as of {day}").format(day=day(answer.as_of))
    if notice.kind is not NoticeKind.BACK:
        return headline(answer)
    until = answer.assessment.until
    if answer.assessment.status is Status.CONDITIONAL and until is not None:
        return _("⚠️ Insured again, conditionally, until {day}").format(day=day(last_day(until)))
    if until is not None:
        return _("✅ Insured again, until {day}").format(day=day(last_day(until)))
    return _("✅ Insured again, as of {day}").format(day=day(answer.as_of))


def _days_left(days: int) -> str:
    if days <= 0:
        return _("Today is the last day.")
    return ngettext(
        "{number} day is left until then.", "{number} days are left until then.", days
    ).format(number=days)
