"""What is free and what needs insurance, and what a question found."""

from collections.abc import Mapping, Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from bot.content.library import Content
from bot.content.search import AMBULANCE, Document, Search
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import (
    FOUND,
    OpenFound,
    OpenGuide,
    OpenService,
    OpenServiceGroup,
    OpenServices,
    OpenTopics,
)
from bot.telegram.i18n import current_locale
from bot.telegram.i18n import gettext as _
from bot.telegram.keyboards import (
    Row,
    ask_person_row,
    back_button,
    button,
    in_rows,
    keyboard,
    menu_button,
)
from bot.telegram.rendering.services import (
    found_text,
    group_text,
    nothing_found_text,
    service_text,
    services_text,
)
from bot.telegram.screens import Opener, Screen

_ON_PAGE = 16


class ServiceViews:
    def __init__(self, content: Content, search: Search) -> None:
        self._guides = content.guides
        self._search = search
        self._services = content.services

    def openers(self) -> Mapping[type[CallbackData], Opener]:
        return {
            OpenServices: self._groups,
            OpenServiceGroup: self._group,
            OpenService: self._service,
            OpenFound: self._found,
        }

    async def _groups(self, view: OpenServices, _subscriber: Subscriber) -> Screen:
        locale = current_locale()
        rows = [
            [button(group.title[locale], OpenServiceGroup(kind=kind, page=0))]
            for kind, group in self._services.groups.items()
        ]
        return Screen(services_text(), keyboard([*rows, [menu_button()]], view))

    async def _group(self, view: OpenServiceGroup, _subscriber: Subscriber) -> Screen | None:
        locale = current_locale()
        services = self._services.of_kind(view.kind)
        shown = services[view.page * _ON_PAGE : (view.page + 1) * _ON_PAGE]
        if not shown:
            return None
        names = [button(s.name[locale], OpenService(key=s.key, origin="")) for s in shown]
        turning: Row = []
        if view.page:
            turning.append(button("‹", view.model_copy(update={"page": view.page - 1})))
        if len(services) > (view.page + 1) * _ON_PAGE:
            turning.append(button("›", view.model_copy(update={"page": view.page + 1})))
        last = [button(_("All groups"), OpenServices()), menu_button()]
        rows = [*in_rows(names, 2), turning, last]
        return Screen(group_text(self._services.groups[view.kind]), keyboard(rows, view))

    async def _service(self, view: OpenService, _subscriber: Subscriber) -> Screen | None:
        service = self._services.by_key.get(view.key)
        if service is None:
            return None
        group = OpenServiceGroup(kind=service.kind, page=0)
        guide = OpenGuide(slug="what-is-covered", origin=view.origin)
        title = self._services.groups[service.kind].title[current_locale()]
        rows = [
            # What was found is one step back; the group would lose the way there.
            [] if view.origin else [button(title, group)],
            [
                button(_("Guide"), guide),
                button(_("All groups"), OpenServices()),
                back_button(view.origin),
            ],
        ]
        text = service_text(service, self._services.groups[service.kind])
        return Screen(text, keyboard(rows, view))

    async def _found(self, view: OpenFound, _subscriber: Subscriber) -> Screen | None:
        found = [self._search.by_code(code) for code in view.codes.split(".")]
        return self.found([document for document in found if document is not None])

    def found(self, documents: Sequence[Document]) -> Screen:
        """Offer what a question found; the menu and 1414 where it found nothing."""
        view = OpenFound(codes=".".join(document.code for document in documents))
        last = [button(_("All topics"), OpenTopics(origin="")), menu_button()]
        if not documents:
            return Screen(nothing_found_text(), keyboard([ask_person_row(), last], view))
        is_emergency = AMBULANCE in documents
        rows = [*self.rows(documents), ask_person_row(), last]
        return Screen(found_text(is_emergency=is_emergency), keyboard(rows, view))

    def rows(self, documents: Sequence[Document]) -> list[Row]:
        """Give a button for each of the documents."""
        codes = ".".join(document.code for document in documents)
        return [[self._button(document, FOUND + codes)] for document in documents]

    def _button(self, document: Document, origin: str) -> InlineKeyboardButton:
        locale = current_locale()
        if document.is_guide:
            title = self._guides[document.key][locale].title
            return button(title, OpenGuide(slug=document.key, origin=origin))
        service = self._services.by_key[document.key]
        return button(service.name[locale], OpenService(key=document.key, origin=origin))
