"""All views by the prefix of their callback data."""

from collections.abc import Iterable

from aiogram.filters.callback_data import CallbackData

from bot.services.subscribers import has_consented
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import OpenWelcome, answer_of
from bot.telegram.screens import Feature, Opener, Screen


class Views:
    """Draws every view in the current locale."""

    def __init__(self, features: Iterable[Feature]) -> None:
        self._openers: dict[type[CallbackData], Opener] = {}
        for feature in features:
            self._openers.update(feature.openers())
        self._by_prefix = {view.__prefix__: view for view in self._openers}

    @property
    def prefixes(self) -> frozenset[str]:
        return frozenset(self._by_prefix)

    async def open(self, data: CallbackData | str, subscriber: Subscriber) -> Screen | None:
        """Draw a view; None where its packed callback data are out of date.

        What belongs to an answer opens only for those who agree to the privacy notice.
        """
        view = self._unpack(data) if isinstance(data, str) else data
        if view is None:
            return None
        if answer_of(view) and not has_consented(subscriber):
            view = OpenWelcome()
        return await self._openers[type(view)](view, subscriber)

    def _unpack(self, data: str) -> CallbackData | None:
        view_class = self._by_prefix.get(data.partition(":")[0])
        if view_class is None:
            return None
        try:
            return view_class.unpack(data)
        except (TypeError, ValueError):
            return None
