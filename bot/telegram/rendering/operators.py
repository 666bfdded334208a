"""What operators see of each other, and hear of their roles."""

from collections.abc import Sequence

from bot.domain.roles import Role, Roles
from bot.services.operators import Operator
from bot.storage.operators import Change
from bot.telegram.commands import commands_for
from bot.telegram.i18n import gettext as _
from bot.telegram.rendering.values import escaped, titled


def role_name(role: Role) -> str:
    match role:
        case Role.ADMINISTRATOR:
            return _("administrator")
        case Role.AUTHOR:
            return _("author")
        case Role.SENDER:
            return _("sender")
        case Role.SUPPORT:
            return _("support")


def operators_text(operators: Sequence[Operator], names: Sequence[str]) -> str:
    """List who may do what; the name is the one of Telegram, the number is what counts."""
    lines = [
        f"• {_person(operator, name)}: {_roles_of(operator)}"
        for operator, name in zip(operators, names, strict=True)
    ]
    return titled(_("Operators and their roles"), "\n".join(lines))


def operator_text(operator: Operator, name: str, *, is_unreached: bool = False) -> str:
    """Describe one operator, and what each role is for."""
    about = [f"{_person(operator, name)}: {_roles_of(operator)}", _role_meanings()]
    if operator.is_fixed:
        about.append(
            _("Administrator by the setting OPERATORS: to take this role, change the setting.")
        )
    if is_unreached:
        about.append(
            _(
                "The bot could not write to them, so they do not know. Ask them to open the bot "
                "and press Start, then press “Tell them”."
            )
        )
    return titled(_("Roles of an operator"), *about)


def choose_text() -> str:
    return escaped(
        _(
            "Choose the person with the button below. Or send the command with the Telegram ID of "
            "the person: /operators 700000002"
        )
    )


def chosen_text() -> str:
    return escaped(_("Now give them a role."))


def no_id_text() -> str:
    return escaped(_("This is no Telegram ID. It is a number such as 700000002."))


def refused_change_text(change: Change) -> str:
    """Say why a role stays; shown in an alert, so at most 200 characters of plain text."""
    if change is Change.LAST_ADMINISTRATOR:
        return _("You are the last administrator. Give this role to somebody else first.")
    return _("Administrator by the setting OPERATORS: to take this role, change the setting.")


def no_administrator_text() -> str:
    return escaped(_("You are no administrator any more."))


def news_text(roles: Roles) -> str:
    """Tell an operator of the own roles; none are left for somebody who is no operator."""
    if not roles:
        return titled(_("You are no operator any more"))
    commands = ", ".join(f"/{command.name}" for command in commands_for(roles))
    lines = [_("Your roles: {roles}.").format(roles=_names(roles))]
    if commands:
        lines.append(_("Your commands: {commands}").format(commands=commands))
    return titled(_("You are an operator of this bot"), *lines)


def _person(operator: Operator, name: str) -> str:
    return f"{name} ({operator.id})" if name else str(operator.id)


def _roles_of(operator: Operator) -> str:
    return _names(operator.roles) if operator.roles else _("no role")


def _names(roles: Roles) -> str:
    return ", ".join(role_name(role) for role in Role if role in roles)


def _role_meanings() -> str:
    meanings = {
        Role.ADMINISTRATOR: _("operators, settings, the audit log"),
        Role.AUTHOR: _("writes broadcasts"),
        Role.SENDER: _("lets broadcasts go"),
        Role.SUPPORT: _("answers people"),
    }
    return "\n".join(f"• {role_name(role)}: {meaning}" for role, meaning in meanings.items())
