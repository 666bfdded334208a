"""How often each kind of made-up person occurs: domain rules §13 and §8."""

from collections.abc import Callable

from bot.registry.synthetic import insured, uninsured
from bot.registry.synthetic.draw import Draw, Life

Profile = Callable[[Draw], Life]

# Per cent of the population. Of about 20 million people 12.3 million are paid by the state, some
# 0.96 million have level D or E, and about one in ten is uninsured; of those about a half have no
# payment in a year, and 37 % have an employer who did not pay (Astana, December 2025).
SHARES: tuple[tuple[Profile, float], ...] = (
    (insured.child, 34.3),
    (insured.pensioner, 12.1),
    (insured.other_category, 7.1),
    (insured.student, 4.5),
    (insured.parent_under_3, 2.5),
    (insured.maternity_leave, 1.2),
    (insured.long_employee, 6.1),
    (insured.recent_employee, 3.6),
    (insured.employee_with_breaks, 3.0),
    (insured.employee_after_study, 1.1),
    (insured.proprietor, 2.0),
    (insured.contractor, 0.8),
    (insured.platform_worker, 0.5),
    (insured.independent, 0.9),
    (insured.prepaid, 0.5),
    (insured.eaeu_employee, 0.3),
    (insured.service, 0.4),
    (insured.unemployed, 1.5),
    (insured.crisis_level, 4.6),
    (uninsured.lost_job, 1.9),
    (uninsured.lost_job_after_60_months, 0.5),
    (uninsured.never_paid, 3.2),
    (uninsured.stopped_long_ago, 0.9),
    (uninsured.grew_out_of_category, 0.9),
    (uninsured.employer_skipped_months, 1.9),
    (uninsured.employer_stopped, 1.2),
    (uninsured.just_hired, 0.6),
    (uninsured.owing_on_their_own, 0.6),
    (uninsured.independent_with_gaps, 0.4),
    (uninsured.paid_wrongly, 0.3),
    (uninsured.foreigner_outside, 0.6),
)
# Everybody as often as the share says, in tenths of a per cent.
PROFILES = [profile for profile, share in SHARES for _ in range(round(share * 10))]
