"""The questions instead of an IIN, and what the answers come to."""

from collections.abc import Callable, Mapping
from datetime import date

from aiogram.filters.callback_data import CallbackData

from bot.content.library import Content
from bot.domain.screener import (
    Answers,
    Choice,
    Question,
    choices,
    is_in_business,
    next_question,
    read_answers,
)
from bot.domain.screening import Screening, Step
from bot.services.screening import screen_for_residents
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import SCREENED, OpenMenu, OpenScreener
from bot.telegram.i18n import current_locale
from bot.telegram.i18n import gettext as _
from bot.telegram.keyboards import Row, button, guide_rows, keyboard, menu_button
from bot.telegram.rendering.screener import choice_label, question_text
from bot.telegram.rendering.screening import render_screening
from bot.telegram.screens import Opener, Screen

_GUIDES_BESIDE_RESULT = 4
_GUIDES_OF_CHOICES: Mapping[Choice, tuple[str, ...]] = {
    Choice.PERMIT_OR_REFUGEE: ("kandas-and-residents",),
    Choice.KANDAS: ("kandas-and-residents",),
    Choice.EAEU_WORKER: ("eaeu-worker",),
    Choice.FOREIGNER: ("foreigner-diseases",),
    Choice.ASYLUM_SEEKER: ("asylum-seeker", "foreigner-diseases"),
    Choice.UNDER_18: ("turned-18",),
    Choice.FULL_TIME_STUDENT: ("student", "graduated"),
    Choice.LEAVE: ("leave-ended", "pregnancy-and-child"),
    Choice.CHILD_UNDER_3: ("pregnancy-and-child",),
    Choice.PREGNANT: ("pregnancy-and-child",),
    Choice.UNEMPLOYED: ("unemployed-removed",),
    Choice.FARM_HEAD: ("farm-head",),
    Choice.STARTED_LATELY: ("just-hired",),
}
_GUIDES_OF_STEPS: Mapping[Step, tuple[str, ...]] = {
    Step.PROVE_CATEGORY: ("temporary-status", "data-wrong", "categories"),
    Step.REGISTER_PREGNANCY: ("pregnancy-and-child",),
    Step.CHECK_BUSINESS: ("business-no-income", "pay-sole-proprietor"),
    Step.CONFIRM_LEVEL: ("level-d-e", "level-shown-uninsured"),
    Step.ASK_EMPLOYER: ("employer-did-not-pay",),
    Step.ASK_CUSTOMER: ("contract-work",),
    Step.CHECK_PLATFORM: ("platform-work",),
    Step.CLOSE_BUSINESS: ("business-no-income", "pay-sole-proprietor"),
    Step.REGISTER_UNEMPLOYED: ("register-unemployed",),
    Step.ASSESS_DISABILITY: ("disability-assessment",),
    Step.CONTRACT_FOR_FOREIGNERS: ("foreigner",),
}


class ScreenerViews:
    def __init__(self, content: Content, today: Callable[[], date]) -> None:
        self._content = content
        self._today = today

    def openers(self) -> Mapping[type[CallbackData], Opener]:
        return {OpenScreener: self._screener}

    async def _screener(self, view: OpenScreener, _subscriber: Subscriber) -> Screen | None:
        answers = read_answers(view.given)
        if answers is None:
            return None
        question = next_question(answers)
        if question is None:
            return self._result(view, answers)
        return self._question(view, question, answers)

    def _question(self, view: OpenScreener, question: Question, answers: Answers) -> Screen:
        on, parameters = self._today(), self._content.parameters
        rows = [
            [button(choice_label(choice, on, parameters), OpenScreener(given=view.given + choice))]
            for choice in choices(question, answers)
        ]
        text = question_text(question, len(view.given) + 1, on, parameters)
        return Screen(text, keyboard([*rows, _steering(view), [menu_button()]], view))

    def _result(self, view: OpenScreener, answers: Answers) -> Screen:
        on, parameters = self._today(), self._content.parameters
        screening = screen_for_residents(answers, on, parameters)
        known = [slug for slug in _slugs(screening) if slug in self._content.guides]
        guides = [
            self._content.guides[slug][current_locale()] for slug in known[:_GUIDES_BESIDE_RESULT]
        ]
        rows = [
            *guide_rows(guides, SCREENED + view.given),
            [button(_("Exact answer: send an IIN"), OpenMenu())],
            _steering(view),
        ]
        return Screen(render_screening(screening, on, parameters), keyboard(rows, view))


def _steering(view: OpenScreener) -> Row:
    """Lead one question back, and to the first one."""
    if not view.given:
        return []
    return [
        button(_("Back"), OpenScreener(given=view.given[:-1])),
        button(_("Start again"), OpenScreener(given="")),
    ]


def _slugs(screening: Screening) -> list[str]:
    """List the guides for a result, each once, those for the answers themselves first."""
    slugs: dict[str, None] = {}
    for choice, of_choice in _GUIDES_OF_CHOICES.items():
        if choice in screening.answers:
            slugs.update(dict.fromkeys(of_choice))
    if Step.REGISTER_UNEMPLOYED in screening.steps and _has_lost_job(screening.answers):
        slugs["job-lost"] = None
    for step in screening.steps:
        slugs.update(dict.fromkeys(_GUIDES_OF_STEPS.get(step, ())))
    if not {Step.PAY, Step.GO_ON_PAYING}.isdisjoint(screening.steps):
        in_business = is_in_business(screening.answers)
        slugs["pay-sole-proprietor" if in_business else "pay-independent"] = None
    return list(slugs)


def _has_lost_job(answers: Answers) -> bool:
    ended = {Choice.ENDED_THIS_MONTH, Choice.ENDED_IN_GRACE, Choice.ENDED_IN_LONG_GRACE}
    return Choice.BUSINESS_CLOSED not in answers and bool(answers & ended)
