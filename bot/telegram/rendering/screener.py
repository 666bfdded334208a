"""The questions instead of an IIN: what is asked, and the labels of the answers."""

from datetime import date

from bot.domain.parameters import Parameters
from bot.domain.screener import MOST_QUESTIONS, Choice, Question
from bot.telegram.i18n import gettext as _
from bot.telegram.rendering.values import bold, escaped


def question_text(question: Question, number: int, on: date, parameters: Parameters) -> str:
    """Write a question with its number, counted from 1, and what helps to answer it."""
    counter = _("Question {number}, {most} at most").format(number=number, most=MOST_QUESTIONS)
    asked, hint = _questions(on, parameters)[question]
    return "\n\n".join(part for part in (escaped(counter), bold(asked), escaped(hint)) if part)


def choice_label(choice: Choice, on: date, parameters: Parameters) -> str:
    """Name a choice in the 32 characters of a button."""
    return (_who_labels() | _work_labels() | _past_labels(on, parameters))[choice]


def _questions(on: date, parameters: Parameters) -> dict[Question, tuple[str, str]]:
    run = int(parameters.run_months.at(on))
    quiet = int(parameters.crisis_level_quiet_months.at(on))
    return {
        Question.RESIDENCE: (
            _("Who are you in Kazakhstan?"),
            _(
                "EAEU countries are Russia, Belarus, Kyrgyzstan and Armenia. Answer for the person "
                "you ask about. The answers stay in the buttons and are not kept."
            ),
        ),
        Question.CATEGORY: (
            _("Is one of these about you?"),
            _(
                "These people are insured even when they work. Part-time, evening and distance "
                "study does not count."
            ),
        ),
        Question.SITUATION: (
            _("And is one of these about you?"),
            _(
                "If several fit, choose the upper one. Care means care for a child with a "
                "disability or for a person with group 1."
            ),
        ),
        Question.WORK: (
            _("What is your work?"),
            _(
                "If several fit, choose the upper one. A subsidised job or training at an employer "
                "counts as employment."
            ),
        ),
        Question.BUSINESS: (
            _("Is a sole proprietorship or a farm registered in your name?"),
            _("If it is active, it has to pay every month, even without income."),
        ),
        Question.PAID: (
            _("Is each of the last {number} months paid?").format(number=run),
            _(
                "Whoever paid, the state too. If you pay for yourself, {number} months paid ahead "
                "count as well."
            ).format(number=run),
        ),
        Question.ENDED: (_("When did your last job or business end?"), ""),
        Question.RUN: (
            _("How many months before that were paid in a row?"),
            _("Count without a break. An approximate answer is enough."),
        ),
        Question.LEVEL: (
            _("What about your income?"),
            _(
                "Level D or E of the Digital Family Card counts if you do not work and nobody has "
                "paid pension contributions for you in the last {number} months."
            ).format(number=quiet),
        ),
    }


def _who_labels() -> dict[Choice, str]:
    none = _("None of these")
    # NOTE: labels of buttons, 32 characters at most in every language.
    return {
        Choice.CITIZEN: _("Citizen of Kazakhstan"),
        Choice.PERMIT_OR_REFUGEE: _("Residence permit or refugee"),
        Choice.KANDAS: _("Kandas"),
        Choice.EAEU_WORKER: _("Worker from an EAEU country"),
        Choice.FOREIGNER: _("Other foreigner, temporarily"),
        Choice.ASYLUM_SEEKER: _("Asylum seeker"),
        Choice.UNDER_18: _("Under 18"),
        Choice.PENSION: _("I receive a pension"),
        Choice.DISABILITY: _("I have a disability group"),
        Choice.FULL_TIME_STUDENT: _("Full-time student"),
        Choice.LEAVE: _("Maternity or child-care leave"),
        Choice.AWARDED_MOTHER: _("Mother of many with an award"),
        Choice.SERVICE: _("Army, police, special bodies"),
        Choice.NO_CATEGORY: none,
        Choice.CHILD_UNDER_3: _("I raise a child under 3"),
        Choice.CARE: _("I care for a disabled person"),
        Choice.PREGNANT: _("Pregnant"),
        Choice.POOR_HEALTH: _("Poor health, no group"),
        Choice.NO_SITUATION: none,
    }


def _work_labels() -> dict[Choice, str]:
    unknown = _("I do not know")
    return {
        Choice.EMPLOYEE: _("Employee"),
        Choice.CONTRACT: _("Civil-law contract"),
        Choice.PLATFORM: _("Self-employed, special regime"),
        Choice.OWN_BUSINESS: _("Sole proprietor or farm head"),
        Choice.UNEMPLOYED: _("Registered as unemployed"),
        Choice.SELF_PAYER: _("No work, I pay for myself"),
        Choice.NOT_WORKING: _("No official work"),
        Choice.BUSINESS_ACTIVE: _("Active, even without income"),
        Choice.FARM_HEAD: _("Active farm, I am the head"),
        Choice.BUSINESS_CLOSED: _("Suspended or closed"),
        Choice.NO_BUSINESS: _("No"),
        Choice.BUSINESS_UNKNOWN: unknown,
        Choice.PAID_ALL: _("Yes, every month"),
        Choice.PAID_SOME: _("Some months are missing"),
        Choice.PAID_NONE: _("No month is paid"),
        Choice.STARTED_LATELY: _("Started less than a year ago"),
        Choice.PAID_UNKNOWN: unknown,
    }


def _past_labels(on: date, parameters: Parameters) -> dict[Choice, str]:
    unknown = _("I do not know")
    grace = int(parameters.grace_months.at(on))
    long_grace = int(parameters.long_grace_months.at(on))
    run = int(parameters.run_months.at(on))
    long_run = int(parameters.long_grace_paid_months.at(on))
    ago = _("{first}–{last} months ago")
    return {
        Choice.ENDED_THIS_MONTH: _("This month"),
        Choice.ENDED_IN_GRACE: ago.format(first=1, last=grace),
        Choice.ENDED_IN_LONG_GRACE: ago.format(first=grace + 1, last=long_grace),
        Choice.ENDED_LONG_AGO: _("Longer ago or never worked"),
        Choice.ENDED_UNKNOWN: unknown,
        # NOTE: {number} is 60; an abbreviation of "months" spares the plural.
        Choice.RUN_OF_LONG_GRACE: _("{number} months or more").format(number=long_run),
        Choice.RUN_OF_A_YEAR: _("{first}–{last} months").format(first=run, last=long_run - 1),
        Choice.RUN_TOO_SHORT: _("Less than {number} months").format(number=run),
        Choice.RUN_UNKNOWN: unknown,
        Choice.SOCIAL_ASSISTANCE: _("Targeted social assistance"),
        Choice.CRISIS_LEVEL: _("I know: level D or E"),
        Choice.LEVEL_UNKNOWN: _("Low income, level unknown"),
        Choice.NO_LEVEL: _("None of these"),
    }
