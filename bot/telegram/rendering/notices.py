"""Texts of the conversation itself: welcome, menu, refusals, and what to do instead."""

from bot.domain.iin import IinError, IinProblem
from bot.domain.parameters import ParameterNotInForceError
from bot.services.broadcasts import LEDGER_KEPT_FOR
from bot.services.limits import Limit
from bot.storage.answers import KEPT_FOR
from bot.storage.inbox import KEPT_FOR as CONVERSATIONS_KEPT_FOR
from bot.telegram.asking import is_person_offered
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.rendering.values import day, escaped, titled


def welcome_text() -> str:
    """Say what the bot does and ask for consent."""
    return titled(
        _("Am I insured? Send an IIN and find out"),
        _(
            "Saqbol tells whether a person has compulsory health insurance (OSMS), why not, and "
            "the cheapest way back."
        ),
        _privacy_points(),
        _("Press the button if you agree. You can take it back at any time with /forget."),
    )


def privacy_text(*, accepts_broadcasts: bool) -> str:
    """Say what is kept, to somebody who has agreed."""
    return titled(
        _("Your data"),
        _privacy_points(),
        broadcasts_text(accepts_broadcasts=accepts_broadcasts),
        _("You have agreed to this. /forget erases everything the bot keeps about you."),
        _("/export sends you everything the bot keeps about you, as a file."),
    )


def broadcasts_text(*, accepts_broadcasts: bool) -> str:
    """Say whether operators may write by themselves."""
    if accepts_broadcasts:
        return _("Operators may write to you by themselves.")
    return _(
        "Operators do not write to you by themselves; only if an answer of the bot was wrong, you "
        "are told. Your reminders still come."
    )


def menu_text() -> str:
    return titled(
        _("Send an IIN: 12 digits"),
        _("You will get the status, the reason and what to do. Spaces and dashes do not matter."),
        _("You can ask for yourself, your children or your parents."),
        _("Or ask any question about insurance in your own words."),
    )


def topics_text(*, has_helpful: bool) -> str:
    """Introduce the guides; those for the answer stand first."""
    choose = _("Those for your answer come first.") if has_helpful else _("Choose a topic.")
    return titled(_("Guides: what to do, step by step"), choose)


def topic_text(title: str) -> str:
    return titled(title, _("Choose one."))


def forget_question_text() -> str:
    return titled(
        _("Erase everything about you?"),
        _("Your language, consent, proved phone, earlier answers and reminders go."),
    )


def forgotten_text() -> str:
    return _(
        "Erased. All that stays is a coded mark, so that no backup brings you back. Send /start to "
        "begin again."
    )


def forgotten_conversation_text(*, is_deleted: bool) -> str:
    """Say what became of what operators saw."""
    if is_deleted:
        return _("Your conversation with operators is deleted from their group, too.")
    return _(
        "Your conversation could not be deleted from the operators' group right now. Call 1414 "
        "if that matters to you."
    )


def refusal_text(error: IinError) -> str:
    """Name what is wrong with a number and say what to do; the number is not repeated."""
    match error.problem:
        case IinProblem.TOO_SHORT:
            text = ngettext(
                "An IIN has 12 digits, this has {number}. Compare it with your document.",
                "An IIN has 12 digits, this has {number}. Compare it with your document.",
                error.length,
            )
        case IinProblem.TOO_LONG:
            text = ngettext(
                "An IIN has 12 digits, this has {number}. Send one number at a time.",
                "An IIN has 12 digits, this has {number}. Send one number at a time.",
                error.length,
            )
        case IinProblem.LETTERS:
            text = _(
                "An IIN has only digits 0–9. Is there a letter O instead of a zero? Type the 12 "
                "digits again."
            )
        case IinProblem.LEADING_ZERO_LOST:
            text = _(
                "The zeros at the beginning seem to be lost, as happens in spreadsheets. Send all "
                "12 digits, with the zeros."
            )
        case IinProblem.WRONG_CONTROL_DIGIT:
            text = _(
                "There is a mistake in this number: the control digit does not fit. Compare each "
                "digit with your document."
            )
        case IinProblem.LOOKS_LIKE_BIN:
            text = _(
                "This looks like a BIN, the number of a company. Send the IIN of a person: it is "
                "on the identity card."
            )
    return escaped(text.format(number=error.length))


def several_numbers_text() -> str:
    return _("There are several numbers here. Send one IIN at a time.")


def phone_text() -> str:
    return _("This looks like a phone number. Send the IIN: 12 digits, on the identity card.")


def number_elsewhere_text() -> str:
    return _(
        "Numbers in links, forwarded messages, pictures and files are not looked up. Type the 12 "
        "digits yourself."
    )


def not_deleted_text() -> str:
    return _("I could not delete your message with the IIN. Please delete it yourself.")


def limit_text(limit: Limit) -> str:
    """Say why a number is not looked up, and what to do."""
    match limit:
        case Limit.DAY:
            text = _(
                "You have asked about many people today. Those you asked about can be asked about "
                "again; for others come back tomorrow or call 1414."
            )
        case Limit.MISSES:
            text = _(
                "Several of your numbers are not in the register. Compare the number with the "
                "document and try again in an hour, or call 1414."
            )
        case Limit.GUESSING:
            text = _(
                "Many wrong numbers are being tried right now, so for a while only people with a "
                "proved phone get answers. Press the button below, then send the IIN again; or "
                "come back in an hour. The phone number itself is not kept."
            )
    return escaped(text)


def consent_first_text() -> str:
    return _("First read this and agree. Then send the number again.")


def unknown_message_text() -> str:
    if is_person_offered():
        return _(
            "I understand an IIN (12 digits) and questions in words. For anything else ask a "
            "person with the button below, or call 1414."
        )
    return _("I understand an IIN (12 digits) and questions in words. For anything else call 1414.")


def stale_button_text() -> str:
    return _("This button is out of date. Send the IIN again.")


def try_later_text() -> str:
    return _("The service cannot answer right now. Please try again in a few minutes.")


def group_text() -> str:
    return _("I answer only in private, so that nobody else sees the answer.")


def contact_question_text() -> str:
    return _(
        "To see the category, prove that the phone in the register is yours. Press "
        "the button below; the number itself is not kept."
    )


def contact_of_another_text() -> str:
    return _("This is somebody else's contact. Press the button to share your own.")


def contact_proved_text() -> str:
    return _("Thank you. You now see the details where this phone is the one in the register.")


def contact_differs_text() -> str:
    return _("The register has another phone for this person, so the details stay hidden.")


def unverified_figure_text(error: ParameterNotInForceError) -> str:
    """Tell an operator why sums are missing and where to put them right."""
    return titled(
        _("Sums are missing from the answers"),
        _(
            "Nobody has verified {parameter} for {day}, so residents see ways without sums. Add "
            "the value to {file}."
        ).format(parameter=error.key, day=day(error.day), file=f"data/parameters/{error.key}.yaml"),
    )


def guessing_text(missed: int, asked: int) -> str:
    """Tell an operator that the register is guarded for an hour."""
    return titled(
        _("Somebody may be guessing IINs"),
        _("Not in the register in the last ten minutes: {missed} of {asked}.").format(
            missed=missed, asked=asked
        ),
        _("For an hour new numbers are answered only to people who have proved their phone."),
    )


def _privacy_points() -> str:
    return "\n".join(
        f"• {point}"
        for point in (
            _("The IIN is used for the answer only and is not kept. Your message is deleted."),
            _("Telegram's servers are abroad: what you send passes through them."),
            _(
                "Kept until you erase it: your Telegram ID, language, consent, a coded mark of a "
                "proved phone, whether you blocked the bot."
            ),
            ngettext(
                "Kept for {number} day: when you got an answer, the status, reason, region and end "
                "of cover in it, the last four digits and a coded mark of the IIN.",
                "Kept for {number} days: when you got an answer, the status, reason, region and "
                "end of cover in it, the last four digits and a coded mark of the IIN.",
                KEPT_FOR.days,
            ).format(number=KEPT_FOR.days),
            ngettext(
                "The bot may write to you about your insurance, for example when an answer was "
                "wrong. What it wrote is kept for {number} day.",
                "The bot may write to you about your insurance, for example when an answer was "
                "wrong. What it wrote is kept for {number} days.",
                LEDGER_KEPT_FOR.days,
            ).format(number=LEDGER_KEPT_FOR.days),
            _(
                "A reminder is kept until you switch it off: a coded mark and the last four digits "
                "of the IIN, until when it is insured, what you were reminded of."
            ),
            ngettext(
                "If you ask a person, operators read in their Telegram group what you write, with "
                "numbers hidden in texts. It is removed {number} day after the end.",
                "If you ask a person, operators read in their Telegram group what you write, with "
                "numbers hidden in texts. It is removed {number} days after the end.",
                CONVERSATIONS_KEPT_FOR.days,
            ).format(number=CONVERSATIONS_KEPT_FOR.days),
            _("Ask only for yourself or for people who agree."),
        )
    )
