"""Callback data of every button: ids only, so that a button works for ever or says it is stale."""

from aiogram.filters.callback_data import CallbackData

from bot.domain.locales import Locale


class OpenWelcome(CallbackData, prefix="s"):
    """The privacy notice."""


class OpenMenu(CallbackData, prefix="m"):
    """The main menu."""


class OpenAnswer(CallbackData, prefix="a"):
    """An answer given before, from today's data."""

    answer_id: str


class OpenWhy(CallbackData, prefix="y"):
    """The conditions behind an answer."""

    answer_id: str


class OpenWays(CallbackData, prefix="w"):
    """The ways back of an answer."""

    answer_id: str


class OpenGuides(CallbackData, prefix="G"):
    """The list of guides; those for an answer come first."""

    answer_id: str


class OpenGuide(CallbackData, prefix="g"):
    """One guide; *answer_id* leads back and may be empty."""

    slug: str
    answer_id: str


class ChooseLocale(CallbackData, prefix="l", sep="|"):
    """The same view in another language; *view* is the packed callback data of the view."""

    locale: Locale
    view: str


class GiveConsent(CallbackData, prefix="c"):
    """Agreement to the privacy notice of a version."""

    version: int


class ProvePhone(CallbackData, prefix="p"):
    """The wish to see what only the owner of the record may see."""


class AskForget(CallbackData, prefix="f"):
    """The wish to be forgotten, to be confirmed."""


class Forget(CallbackData, prefix="F"):
    """The confirmed wish to be forgotten."""
