"""What the law leaves open and how we read it: each a named switch (domain rules §1.2)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assumptions:
    # A1: a run of past and prepaid months together counts (M/L). An answer that rests on it says
    # "check with 1414 before paying".
    mixed_run_counts: bool = True
    # A2: one hole breaks the run even when later months are paid; conservative.
    hole_breaks_run: bool = True
    # A3: state-paid months do not count towards the 60 paid months of the long grace.
    state_months_count_towards_60: bool = False
    # A4: a month whose payment is not due yet, and which somebody is due to pay, is no debt.
    awaited_is_not_debt: bool = True
    # A5: the grace follows payments, not the end of a category.
    grace_after_category: bool = False


ASSUMED = Assumptions()
