"""Medical services and what a question found."""

from bot.content.services import Service, ServiceGroup, ServiceKind
from bot.telegram.i18n import current_locale
from bot.telegram.i18n import gettext as _
from bot.telegram.rendering.values import titled


def services_text() -> str:
    return titled(
        _("What is free, what needs insurance"),
        _("Write the name of an examination, a doctor or an illness, or choose a group."),
    )


def group_text(group: ServiceGroup) -> str:
    locale = current_locale()
    return titled(group.title[locale], group.about[locale])


def service_text(service: Service, group: ServiceGroup) -> str:
    """Say first whether the service is free or needs insurance."""
    locale = current_locale()
    verdict = {
        ServiceKind.FREE: _("free without insurance"),
        ServiceKind.INSURED: _("insurance is needed"),
        ServiceKind.MOVED_2026: _("insurance is needed since 2026"),
        ServiceKind.ASK: _("ask your clinic or 1414"),
    }[service.kind]
    paragraphs = [service.note[locale]] if service.note is not None else []
    if service.kind is not ServiceKind.ASK or not paragraphs:
        paragraphs.append(group.about[locale])
    if service.confidence != "H" and service.kind is not ServiceKind.ASK:
        paragraphs.append(_("Check it with your clinic or 1414."))
    return titled(
        _("{service}: {verdict}").format(service=service.name[locale], verdict=verdict),
        *paragraphs,
    )


def found_text(*, is_emergency: bool) -> str:
    """Introduce what was found; where life may be in danger, the number to call comes first."""
    hint = _("If it is not what you need, write it another way or call 1414.")
    if is_emergency:
        return titled(_("Danger to life? Call 103 or 112 now: free, without insurance too"), hint)
    return titled(_("This may help"), hint)


def nothing_found_text() -> str:
    return titled(
        _("I have found nothing that fits"),
        _("Write it another way, look through the topics, or call 1414."),
    )
