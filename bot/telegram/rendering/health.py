"""What operators hear about the database and the register."""

from datetime import date

from bot.services.health import DatabaseState, Health, RegisterState
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.rendering.values import bold, day, escaped


def database_text(state: DatabaseState) -> str:
    """Say what the people database does, and what to look at."""
    match state:
        case DatabaseState.WELL:
            return bold(_("The people database works again"))
        case DatabaseState.NOT_WRITING:
            title = _("The people database cannot be written")
            text = _(
                "People still get answers by IIN. Consent, language and erasing are put off: they "
                "are asked to try later. Look at the free space of the disk and at the log."
            )
        case DatabaseState.NOT_READING:
            title = _("The people database cannot be read")
            text = _(
                "People are asked to try later. Look at the disk and at the log; a damaged "
                "database is replaced with: saqbol db restore"
            )
    return f"{bold(title)}\n\n{escaped(text)}"


def register_text(state: RegisterState, as_of: date) -> str:
    """Say what the register does; *as_of* is the day of the data that answer."""
    match state:
        case RegisterState.WELL:
            title = _("The register works again")
            text = _("Answers come from the data of {day}.")
        case RegisterState.NEW_REFUSED:
            title = _("The new register could not be opened")
            text = _(
                "Answers still come from the data of {day}. Import the extract again, or run: "
                "saqbol registry rollback"
            )
        case RegisterState.NEW_KEY:
            title = _("The new register has another pepper")
            text = _(
                "Answers still come from the data of {day}. Point REGISTRY_PEPPER_FILE to the "
                "pepper of the new register and restart the bot, or run: saqbol registry rollback"
            )
        case RegisterState.DAMAGED:
            title = _("The register is damaged")
            text = _(
                "Some people are asked to try later instead of an answer from the data of {day}. "
                "Import the extract again, or run: saqbol registry rollback"
            )
    return f"{bold(title)}\n\n{escaped(text.format(day=day(as_of)))}"


def freshness_text(health: Health) -> str:
    """Say that the register is too old, or no longer is."""
    if not health.is_stale:
        title = _("The register is up to date again")
        text = _("Answers come from the data of {day}.").format(day=day(health.as_of))
        return f"{bold(title)}\n\n{escaped(text)}"
    text = ngettext(
        "The data are of {day}, {number} day old. Who would be “not insured” or insured "
        "conditionally hears that the status is not known, and no reminder is sent. Import the "
        "extract of today.",
        "The data are of {day}, {number} days old. Who would be “not insured” or insured "
        "conditionally hears that the status is not known, and no reminder is sent. Import the "
        "extract of today.",
        health.age_days,
    ).format(day=day(health.as_of), number=health.age_days)
    title = _("The register is too old")
    return f"{bold(title)}\n\n{escaped(text)}"


def audit_broken_text(row: int) -> str:
    """Say where the audit log was changed."""
    title = _("The audit log was changed")
    text = _(
        "Row {row} is not as it was written. Compare the log with a backup; to check it again run: "
        "saqbol audit verify"
    )
    return f"{bold(title)}\n\n{escaped(text.format(row=row))}"
