"""Regions of Kazakhstan by name."""

from bot.telegram.i18n import gettext as _


def region_name(code: str) -> str:
    """Name a region by its two digits (KATO); digits nobody knows stand for themselves."""
    names = {
        "10": _("Abai region"),
        "11": _("Akmola region"),
        "15": _("Aktobe region"),
        "19": _("Almaty region"),
        "23": _("Atyrau region"),
        "27": _("West Kazakhstan region"),
        "31": _("Zhambyl region"),
        "33": _("Zhetisu region"),
        "35": _("Karaganda region"),
        "39": _("Kostanay region"),
        "43": _("Kyzylorda region"),
        "47": _("Mangystau region"),
        "55": _("Pavlodar region"),
        "59": _("North Kazakhstan region"),
        "61": _("Turkistan region"),
        "62": _("Ulytau region"),
        "63": _("East Kazakhstan region"),
        "71": _("Astana"),
        "75": _("Almaty city"),
        "79": _("Shymkent"),
    }
    return names.get(code, code)
