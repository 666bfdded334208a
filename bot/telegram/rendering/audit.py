"""The audit log as administrators read it."""

from collections.abc import Sequence

from bot.domain.audit import COMMAND_LINE, CUT, SYSTEM, Actor, AuditRow, Detail
from bot.domain.roles import Role
from bot.services.clock import time_in_kazakhstan
from bot.telegram.i18n import gettext as _
from bot.telegram.rendering.operators import role_name
from bot.telegram.rendering.values import titled

# Enough of a keyed hash to tell one stranger from another.
_MARK_LETTERS = 9


def audit_text(rows: Sequence[AuditRow]) -> str:
    """Write the rows with their numbers, newest first."""
    if not rows:
        return titled(_("Audit log"), _("Nothing is written here."))
    return titled(_("Audit log"), *(_line(row) for row in rows))


def _line(row: AuditRow) -> str:
    at = time_in_kazakhstan(row.event.at)
    return (
        f"{row.id} · {at:%d.%m.%Y %H:%M:%S} · {_actor(row.event.actor)}\n"
        f"{_what(row.event.action, row.event.values())}"
    )


def _actor(actor: Actor) -> str:
    if actor == SYSTEM:
        return "Saqbol"
    if actor == COMMAND_LINE:
        return _("command line")
    if actor.startswith("~"):
        return _("no operator, {mark}").format(mark=actor[:_MARK_LETTERS])
    return actor


def _what(action: str, details: dict[str, Detail]) -> str:
    if details.get("role") in {*Role}:
        details = details | {"role": role_name(Role(str(details["role"])))}
    text = _words().get(action)
    if text is not None:
        return text.format(**details)
    return " ".join((action, *(f"{name}={value}" for name, value in details.items())))


def _words() -> dict[str, str]:
    return {
        "role_granted": _("gave {operator} the role: {role}"),
        "role_revoked": _("took from {operator} the role: {role}"),
        "role_change_refused": _("could not change a role of {operator}: {role}"),
        "refused": _("was refused: {step}"),
        "used": _("used: {step}"),
        "broadcast_paused": _("paused broadcast {broadcast}"),
        "broadcast_resumed": _("resumed broadcast {broadcast}"),
        "broadcast_stopped": _("stopped broadcast {broadcast}"),
        "broadcast_withdrawn": _("deleted broadcast {broadcast} for everyone"),
        "broadcast_confirmed": _("confirmed broadcast {broadcast}, recipients: {recipients}"),
        "broadcast_handed_over": _(
            "handed over broadcast {broadcast} for approval, recipients: {recipients}"
        ),
        "broadcast_approved": _("approved broadcast {broadcast}"),
        "broadcast_declined": _("declined broadcast {broadcast}"),
        "register_imported": _("imported the register of {as_of}, people: {people}"),
        "register_forced": _(
            "imported the register of {as_of} by force, people: {people}. Reason: {reason}"
        ),
        "register_rekeyed": _(
            "imported the register of {as_of} with another pepper, people: {people}"
        ),
        "register_rekey_forced": _(
            "imported the register of {as_of} with another pepper by force, people: {people}. "
            "Reason: {reason}"
        ),
        "register_rolled_back": _("went back to the register of {as_of}"),
        "register_stale": _("noticed that the register of {as_of} is too old"),
        "register_fresh": _("noticed that the register of {as_of} is up to date"),
        CUT: _("removed rows of more than a year, up to number {last}"),
    }
