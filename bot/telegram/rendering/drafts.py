"""The card on which a broadcast is written."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from bot.domain.broadcasts import Choices
from bot.domain.drafts import StartProblem, price_in_stars
from bot.domain.locales import Locale
from bot.domain.wording import MAX_BUTTONS, MAX_LABEL, MediaKind, Wording, Wordings
from bot.storage.drafts import Draft, GivenFrom
from bot.telegram.i18n import gettext as _
from bot.telegram.rendering.audiences import (
    audience_lines,
    counts_line,
    origin_name,
    people_text,
)
from bot.telegram.rendering.excerpts import beginning, excerpt
from bot.telegram.rendering.values import escaped, moment, span, titled

_EXCERPT = 60
_LONG_EXCERPT = 400
_NAME = 40

Counts = Mapping[Locale, int]


def draft_text(draft: Draft, counts: Counts) -> str:
    """Say everything that was decided so far, and what is missing."""
    return titled(
        _("Broadcast {number}: draft").format(number=draft.id),
        _("Texts") + "\n" + "\n".join(wording_lines(draft.wordings)),
        audience_text(draft, counts),
        "\n".join(
            (
                start_line(draft.broadcast.choices.starts_at, is_at_once=draft.is_at_once),
                *sending_lines(draft.broadcast.choices, sum(counts.values())),
            )
        ),
        *missing_lines(draft.wordings, counts),
    )


def wording_lines(wordings: Wordings) -> list[str]:
    """Write the beginning of each language's text."""
    return [f"• {locale.own_name}: {_wording(wordings, locale)}" for locale in Locale]


def _wording(wordings: Wordings, locale: Locale) -> str:
    wording = wordings.by_locale.get(locale)
    if wording is not None:
        return "; ".join((*_media(wording), *_quoted(wording, _EXCERPT), *_button_count(wording)))
    if wordings.fallback is not None:
        return _("the text in {name} instead").format(name=wordings.fallback.own_name)
    return _("no text yet")


def _media(wording: Wording) -> list[str]:
    if wording.media is None:
        return []
    match wording.media.kind:
        case MediaKind.PHOTO:
            return [_("a photo")]
        case MediaKind.VIDEO:
            return [_("a video")]
        case MediaKind.DOCUMENT:
            return [_("a document")]


def _quoted(wording: Wording, length: int) -> list[str]:
    words = excerpt(wording, length)
    return [_in_quotes(words)] if words else []


def _in_quotes(words: str) -> str:
    # NOTE: the beginning of a text, between the quotation marks of the language.
    return _("“{text}”").format(text=words)


def _button_count(wording: Wording) -> list[str]:
    number = len(wording.buttons)
    return [_("buttons: {number}").format(number=number)] if number else []


def audience_text(draft: Draft, counts: Counts) -> str:
    lines = [f"• {line}" for line in audience_lines(draft.audience)]
    return "\n".join((_("For whom: {count}").format(count=counts_line(counts)), *lines))


def start_line(starts_at: datetime, *, is_at_once: bool) -> str:
    if is_at_once:
        return _("Start: at once")
    return _("Start: {start} (Kazakhstan time)").format(start=moment(starts_at))


def sending_lines(choices: Choices, people: int) -> list[str]:
    """Say in which hours and how it is sent, and what that costs."""
    lines = []
    if choices.hours is not None:
        lines.append(
            _("Only between {opens} and {closes}").format(
                opens=f"{choices.hours.opens:%H:%M}", closes=f"{choices.hours.closes:%H:%M}"
            )
        )
    if choices.rather_twice:
        lines.append(_("In doubt: rather twice than never"))
    if choices.is_paid:
        lines.append(
            _("Paid: up to 1000 messages a second for at most {stars} Stars").format(
                stars=stars(people)
            )
        )
    return lines


def stars(people: int) -> str:
    price = price_in_stars(people)
    # All three languages write a comma.
    return f"{price.quantize(Decimal('0.1')):f}".removesuffix(".0").replace(".", ",")


def missing_lines(wordings: Wordings, counts: Counts) -> list[str]:
    """Name the languages in which somebody would get nothing."""
    missing = wordings.missing(locale for locale, number in counts.items() if number)
    if not missing:
        return []
    return [missing_text(missing)]


def missing_text(locales: Sequence[Locale]) -> str:
    """Say which texts are missing; also shown in an alert, so short."""
    names = ", ".join(locale.own_name for locale in locales)
    return _("No text in: {languages}. Write it, or choose which text they get instead.").format(
        languages=names
    )


def wording_text(draft: Draft, locale: Locale) -> str:
    """Ask for the text in a language and show what is there."""
    wording = draft.wordings.by_locale.get(locale)
    title = _("Text in {name}").format(name=locale.own_name)
    if wording is None:
        ask = _(
            "Send me the message now: a text, or a photo, a document or a video with a caption. "
            "What is bold or a link stays so. Who edits the message changes the text here."
        )
        return titled(title, ask, _wording(draft.wordings, locale))
    guide = _("a guide")
    buttons = [f"• {each.label} → {each.url or guide}" for each in wording.buttons]
    about = "\n".join(("; ".join((*_media(wording), *_quoted(wording, _LONG_EXCERPT))), *buttons))
    return titled(title, about, _("To change it, edit your message or send another one."))


def link_text(locale: Locale) -> str:
    return titled(
        _("A button under the text in {name}").format(name=locale.own_name),
        link_form_text(),
    )


def link_form_text() -> str:
    return _(
        "Send one line: a name of at most {letters} letters, a bar and a link.\n"
        "For example: Website | https://msqory.kz"
    ).format(letters=MAX_LABEL)


def too_many_buttons_text() -> str:
    return _("There are {number} buttons already. Remove them first.").format(number=MAX_BUTTONS)


def guides_text(locale: Locale) -> str:
    return titled(
        _("A button under the text in {name}").format(name=locale.own_name),
        _("Choose the guide that it opens."),
    )


def people_page_text(draft: Draft, counts: Counts, hint: str) -> str:
    """Say for whom it is; the count is of this moment."""
    return titled(
        _("For whom: {count}").format(count=counts_line(counts)),
        "\n".join(f"• {line}" for line in audience_lines(draft.audience)),
        hint,
    )


def last_answer_text() -> str:
    return _(
        "The last answer is known for 30 days. Who has none is in no audience that asks for a "
        "status, a reason, a region or the end of cover."
    )


def all_reached_text() -> str:
    return _("There is no broadcast of which it is not known whether it reached somebody.")


def start_text(draft: Draft) -> str:
    return titled(
        _("When"),
        start_line(draft.broadcast.choices.starts_at, is_at_once=draft.is_at_once),
        start_form_text(),
        _("Outside its hours a broadcast waits for the next day."),
    )


def start_form_text() -> str:
    return _(
        "Send the day and the time by the clocks of Kazakhstan, such as 25.11 10:30 or "
        "25.11.2026 10:30."
    )


def wrong_start_text(problem: StartProblem) -> str:
    what = {
        StartProblem.FORM: _("This is no day and time."),
        StartProblem.PAST: _("This time has passed."),
        StartProblem.FAR: _("This is more than a year away."),
    }
    return f"{what[problem]} {start_form_text()}"


def sending_text(counts: Counts) -> str:
    """Explain both choices, with the price for this very count."""
    return titled(
        _("How it is sent"),
        _(
            "Rather twice than never: where a connection breaks, nobody can tell whether a message "
            "was sent. Without this choice such people get no second one and are counted. With it "
            "they get it again, and some get it twice."
        ),
        _(
            "Paid: up to 1000 messages a second. Telegram takes 0.1 Star a message from the "
            "balance of the bot: at most {stars} Stars for {people}. Not every bot may do that: "
            "see @BotFather."
        ).format(stars=stars(sum(counts.values())), people=people_text(sum(counts.values()))),
    )


def confirm_text(draft: Draft, counts: Counts, notes: Sequence[str]) -> str:
    """Show what will happen once more; *notes* say what is in the way or who decides."""
    return titled(
        _("Send broadcast {number}?").format(number=draft.id),
        audience_text(draft, counts),
        "\n".join(wording_lines(draft.wordings)),
        "\n".join(
            (
                start_line(draft.broadcast.choices.starts_at, is_at_once=draft.is_at_once),
                *sending_lines(draft.broadcast.choices, sum(counts.values())),
            )
        ),
        *notes,
    )


def discard_text(draft: Draft) -> str:
    return titled(_("Throw away draft {number}?").format(number=draft.id), _("It is gone then."))


def discarded_text() -> str:
    return escaped(_("The draft is gone. A new one: /broadcast"))


def drafts_text() -> str:
    return titled(_("Your drafts"), _("Go on with one, or begin anew."))


def draft_name(draft: Draft) -> str:
    """Name a draft on a button by its number and first words."""
    if words := beginning(draft.wordings, _NAME):
        return f"{draft.id} {_in_quotes(words)}"
    if draft.wordings.by_locale:
        return _("{number}, a file without text").format(number=draft.id)
    return _("{number}, no text yet").format(number=draft.id)


def origins_text(found: Sequence[GivenFrom]) -> str:
    """List what the answers of the last thirty days were made of."""
    if not found:
        return titled(_("Correct answers"), _("There are no answers of the last 30 days."))
    lines = [
        f"• {origin_name(each.origin)}: {people_text(each.people)}, {span(each.first, each.last)}"
        for each in found
    ]
    return titled(
        _("Correct answers"),
        _(
            "Choose what was wrong, the rules or a register. The correction goes to everybody who "
            "got an answer by it in the last 30 days, as a reply to the last such answer."
        ),
        "\n".join(lines),
    )


def no_draft_text() -> str:
    """Say that a button does nothing any more, in an alert."""
    return _("This card is out of date. Your drafts: /broadcast")


def refused_text(problem: str) -> str:
    return titled(_("Not taken"), problem)


def personal_number_text(*, is_deleted: bool) -> str:
    if is_deleted:
        return _(
            "There was an IIN or a phone in it, and what belongs to one person must not go to "
            "many. I deleted your message: send it again without the number."
        )
    return _(
        "There is an IIN or a phone in it, and what belongs to one person must not go to many. "
        "Please delete your message and send it again without the number."
    )


def album_text() -> str:
    return _("Several files at once cannot be sent as one. Send one photo, document or video.")


def second_hand_text() -> str:
    return _("Forwarded messages are not taken. Write or paste the text yourself.")


def other_kind_text() -> str:
    return _("Send a text, a photo, a document or a video. To stop: /cancel")


def long_caption_text() -> str:
    return _("The caption is too long: a bot can send at most 1024 letters under a file.")


def cancelled_text() -> str:
    return escaped(_("I do not wait for a text any more. Your drafts: /broadcast"))


def refused_by_telegram_text(error: str) -> str:
    return refused_text(_("Telegram refuses this message: {error}").format(error=error))
