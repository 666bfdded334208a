"""The document with everything the bot keeps about a person: JSON with the meaning of each field.

Names of fields are those of the database, the same in every language; what they mean is said in
the person's language.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from bot.services.broadcasts import LEDGER_KEPT_FOR
from bot.services.exports import PAUSE_S, Export
from bot.storage.answers import KEPT_FOR
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.rendering.values import titled


def export_question_text() -> str:
    return titled(
        _("Send you everything the bot keeps about you?"),
        _(
            "It comes as a file to this chat. It stays here and on Telegram's servers until you "
            "delete it."
        ),
    )


def export_caption() -> str:
    """Say what the document is, and when another one can be had."""
    minutes = PAUSE_S // 60
    again = ngettext(
        "You can ask for it again in {number} minute.",
        "You can ask for it again in {number} minutes.",
        minutes,
    ).format(number=minutes)
    return f"{_('Everything the bot keeps about you.')} {again}"


def export_wait_text(wait_s: float) -> str:
    """Say when the document can be asked for again, in minutes begun."""
    minutes = -int(-wait_s // 60)
    return ngettext(
        "You have just got your data. You can ask for it again in {number} minute.",
        "You have just got your data. You can ask for it again in {number} minutes.",
        minutes,
    ).format(number=minutes)


def export_document(export: Export) -> bytes:
    """Write the document; marks made with the pepper are named and never given."""
    document = {
        "what": _("Everything the bot keeps about you."),
        "made_at": _shown(export.made_at),
        "database": [
            {
                "table": table,
                "what": _tables()[table],
                "columns": _columns()[table],
                "rows": [{name: _shown(value) for name, value in row.items()} for row in rows],
            }
            for table, rows in export.tables.items()
        ],
        "erasures": {
            "what": _(
                "A mark for each time you erased everything, so that no backup brings you back: "
                "the time and a coded mark of your Telegram ID. It stays."
            ),
            "rows": [{"at": _shown(at), "mark": _hidden()} for at in export.erased_at],
        },
        "memory": {
            "what": _("Only in the memory of the running program; gone when it is restarted."),
            "people_asked_about": {
                "what": _("How many people you asked about; as coded marks, for 24 hours."),
                "number": export.asked,
            },
            "numbers_not_in_the_register": {
                "what": _("How many of them are not in the register; for an hour."),
                "number": export.missed,
            },
            "last_view": {
                "what": _("What you looked at last, until an hour has passed."),
                "name": export.last_view,
            },
            "this_export": {"what": _("That you got this file, until you can have another.")},
        },
        "not_kept": _(
            "Not kept: IINs, phone numbers, names, and the texts of your messages and of the "
            "answers. Answers are made anew from the register each time you open one."
        ),
        "erasing": _(
            "/forget erases everything in the database about you at once. All that stays is the "
            "coded mark of the erasing and, until its time has passed, what is only in memory."
        ),
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def _tables() -> Mapping[str, str]:
    return {
        "subscribers": _("You as a user of the bot. Kept until you erase it with /forget."),
        "answers": ngettext(
            "The answers you got, so that their buttons work. Kept for {number} day or until you "
            "erase them with /forget.",
            "The answers you got, so that their buttons work. Kept for {number} days or until you "
            "erase them with /forget.",
            KEPT_FOR.days,
        ).format(number=KEPT_FOR.days),
        "deliveries": ngettext(
            "What the bot wrote to you by itself, as one of many. Kept for {number} day or until "
            "you erase it with /forget.",
            "What the bot wrote to you by itself, as one of many. Kept for {number} days or until "
            "you erase it with /forget.",
            LEDGER_KEPT_FOR.days,
        ).format(number=LEDGER_KEPT_FOR.days),
        "reminders": _(
            "Of whom you are reminded. Kept until you switch the reminder off or erase everything "
            "with /forget."
        ),
        "reminder_notices": ngettext(
            "Of what you were reminded, so that nothing comes twice. Kept for {number} day or "
            "until you switch the reminder off.",
            "Of what you were reminded, so that nothing comes twice. Kept for {number} days or "
            "until you switch the reminder off.",
            LEDGER_KEPT_FOR.days,
        ).format(number=LEDGER_KEPT_FOR.days),
        "operators": _(
            "Your roles as an operator of the bot; none for everybody else. Kept until an "
            "administrator takes them."
        ),
        "correspondents": _(
            "That you have written to operators. Kept until 90 days after your last conversation, "
            "longer while your messages are stopped, or until you erase it with /forget."
        ),
        "conversations": _(
            "Your conversations with operators, without their texts. Kept until 90 days after the "
            "end, or until you erase them with /forget."
        ),
        "mirrored": _(
            "Which message here is which one in the operators' group, so that answers and changes "
            "find it. Kept as long as the conversation."
        ),
    }


def _columns() -> Mapping[str, Mapping[str, str]]:
    """Say what each column means; a test proves that none is missing."""
    return {
        "subscribers": {
            "id": _("Your Telegram ID."),
            "locale": _("Your language: kk, ru or ky."),
            "consent_version": _("The number of the notice you agreed to; 0 for none."),
            "phone_key": _("A coded mark of the phone you proved; null for none."),
            "changed_at": _("When this row last changed, such as by your consent (UTC)."),
            "inactive_since": _("Since when the bot cannot write to you (UTC); null if it can."),
            "accepts_broadcasts": _("Whether operators may write to you by themselves."),
        },
        "answers": {
            "id": _("A random name of the answer, which its buttons carry."),
            "subscriber_id": _("Your Telegram ID."),
            "record_key": _("A coded mark of the IIN you asked about."),
            "last4": _("The last four digits of that IIN."),
            "created_at": _("When you got the answer (UTC)."),
            "message_id": _("The number of the message in this chat that shows the answer."),
            "status": _("The status the answer gave."),
            "reason": _("The first reason the answer gave; null for none."),
            "region": _("The region of the person you asked about: two digits."),
            "covered_until": _("The last insured day the answer gave; null for none."),
            "rules_version": _("By which version of the rules it was answered."),
            "generation": _("From which day's register it was answered."),
        },
        "deliveries": {
            "broadcast_id": _("Which broadcast it was."),
            "subscriber_id": _("Your Telegram ID."),
            "locale": _("In which language it was for you."),
            "state": _("What became of the message: sent, failed, unreachable or uncertain."),
            "attempt": _("How many times it was tried."),
            "token": _("A random mark of the program that was sending."),
            "lease_until": _("Until when that program had to be done (UTC)."),
            "reply_to": _("Which of your answers it corrects; null for none."),
            "message_id": _("The number of the message in this chat; null if it is not known."),
            "error": _("What Telegram said if it did not work."),
            "changed_at": _("When this was last so (UTC)."),
            "withdrawal": _("Whether the message was deleted again."),
        },
        "reminders": {
            "id": _("A random name of the reminder, which its buttons carry."),
            "subscriber_id": _("Your Telegram ID."),
            "record_key": _("A coded mark of the IIN you are reminded of."),
            "last4": _("The last four digits of that IIN."),
            "is_covered": _("Whether the person was insured when the bot looked last."),
            "ends_on": _("The last insured day that was known then; null for none."),
            "looked_on": _("On which day the bot looked last."),
            "as_of": _("Of which day the register was then."),
            "created_at": _("When you switched it on (UTC)."),
            "token": _("A random mark of the program that is looking."),
            "lease_until": _("Until when that program has to be done (UTC)."),
        },
        "reminder_notices": {
            "reminder_id": _("Which reminder it was."),
            "kind": _("Of what: days before the end, lost, or back."),
            "day": _("The last insured day, or the day on which the change was found."),
            "subscriber_id": _("Your Telegram ID."),
            "state": _("What became of the message: sent, failed, unreachable or uncertain."),
            "lease_until": _("Until when the program that was sending had to be done (UTC)."),
            "changed_at": _("When this was last so (UTC)."),
        },
        "operators": {
            "id": _("Your Telegram ID."),
            "role": _("What you may do."),
            "granted_at": _("When you got this role (UTC)."),
        },
        **_inbox_columns(),
    }


def _inbox_columns() -> Mapping[str, Mapping[str, str]]:
    return {
        "correspondents": {
            "subscriber_id": _("Your Telegram ID."),
            "number": _("The number by which operators name you."),
            "chat_id": _("The operators' group in Telegram; null before your first message."),
            "topic_id": _("Your topic in it; what you and the operators wrote is there."),
            "banned_at": _("When an operator stopped your messages (UTC); null if none did."),
            "has_told_outsiders": _("Whether the topic says who may answer in it."),
        },
        "conversations": {
            "id": _("The number of the conversation."),
            "subscriber_id": _("Your Telegram ID."),
            "state": _("Where it stands: open, closed (by operators) or ended (by you)."),
            "opened_at": _("When you began it (UTC)."),
            "asked_at": _("When your first message came (UTC)."),
            "answered_at": _("When the first answer came (UTC)."),
            "waits_since": _("Since when you wait for an answer (UTC); null if you do not."),
            "changed_at": _("When somebody last wrote (UTC)."),
            "closed_at": _("When it ended (UTC)."),
            "rating": _("What you said of it: 3 it helped, 2 in part, 1 it did not."),
        },
        "mirrored": {
            "subscriber_id": _("Your Telegram ID."),
            "side": _("Whose message it is: resident (yours) or operator."),
            "source_id": _("Its number where it was written."),
            "conversation_id": _("Which conversation it belongs to."),
            "copy_id": _("The number of its copy on the other side."),
            "state": _("What became of the copy: sending, sent, failed or uncertain."),
        },
    }


def _shown(value: Any) -> Any:
    """Write a value as JSON can; whatever is bytes is a mark made with the pepper."""
    match value:
        case bytes():
            return _hidden()
        case datetime():
            # SQLite forgets the zone, which is always UTC.
            return value.replace(tzinfo=UTC).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
    return value


def _hidden() -> str:
    return _("kept as a coded mark, which is shown to nobody")
