"""Ways back: the paid ones compared, the free ones beside them."""

from itertools import groupby

from bot.content.placeholders import format_tenge
from bot.domain.assessment import Assessment, FreeWay, PaidWay, Payment, Status, WayCode
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.rendering.reasons import claim_text
from bot.telegram.rendering.steps import due_texts
from bot.telegram.rendering.values import (
    bold,
    day,
    escaped,
    last_day,
    month_name,
    months_text,
)


def render_ways(assessment: Assessment) -> str:
    """Write every way, the cheapest first."""
    is_outside = assessment.status is Status.OUTSIDE
    blocks = [bold(_("What you can do") if is_outside else _("Ways back to full cover"))]
    is_conditional = assessment.status is Status.CONDITIONAL
    blocks += [
        _paid_block(name, way, is_conditional=is_conditional)
        for _code, name, way in paid_in_order(assessment)
    ]
    if assessment.ways.due:
        lines = [bold(_("Pay in time as well")), *map(escaped, due_texts(assessment))]
        blocks.append("\n".join(lines))
    if any(way.has_next_year for way in assessment.ways.paid.values()):
        blocks.append(
            escaped(
                _(
                    "Next year's months are counted at this year's amount, which banks accept "
                    "until 31 December. Next year's amount may differ."
                )
            )
        )
    if assessment.ways.free:
        lines = [] if is_outside else [bold(_("Without payment"))]
        lines += [f"• {escaped(free_way_text(way))}" for way in assessment.ways.free]
        blocks.append("\n".join(lines))
    if assessment.claims:
        lines = [bold(_("Is this about you? Then the data can be corrected"))]
        lines += [f"• {escaped(claim_text(code))}" for code in assessment.claims]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def free_way_text(way: FreeWay) -> str:
    """Say a free way in a line."""
    text = {
        WayCode.UNEMPLOYED: _("Register as unemployed: the akimat pays"),
        WayCode.CATEGORY: _(
            "Belong to a category paid by the state: full-time study, pregnancy or a child under 3 "
            "without work, pension and others"
        ),
        WayCode.CRISIS_LEVEL: _("Levels D or E of the Digital Family Card: the akimat pays"),
        WayCode.DISABILITY: _("Disability assessment, if your health limits you: the state pays"),
        WayCode.DATA_WRONG: _("If the data are wrong: send proof and get them corrected"),
        WayCode.FOREIGNER: _("Insurance contract for foreigners"),
    }[way.code]
    if way.since is not None:
        return _("{way} (possible from {month})").format(way=text, month=month_name(way.since))
    return text


def paid_in_order(assessment: Assessment) -> list[tuple[WayCode, str, PaidWay]]:
    """Give code, name and way of each paid way once: the cheapest is often one of the others."""
    paid = assessment.ways.paid
    cheapest, gaps, ahead = (
        paid.get(code) for code in (WayCode.CHEAPEST, WayCode.GAPS, WayCode.AHEAD)
    )
    if cheapest is None or gaps is None:
        return []
    is_conditional = assessment.status is Status.CONDITIONAL
    names = {
        WayCode.GAPS: _("Pay the debt") if is_conditional else _("Pay the missing months"),
        WayCode.AHEAD: _ahead_name(ahead),
        WayCode.CHEAPEST: _("Pay some past and some future months"),
    }
    code = WayCode.CHEAPEST
    if cheapest == gaps:
        code = WayCode.GAPS
    elif cheapest == ahead:
        code = WayCode.AHEAD
    others = [
        (other_code, names[other_code], other)
        for other_code, other in ((WayCode.GAPS, gaps), (WayCode.AHEAD, ahead))
        if other is not None and other != cheapest
    ]
    name = names[code]
    if others and all(_is_cheaper(cheapest, other) for *_names, other in others):
        name = _("{way} — the cheapest").format(way=name)
    return [(code, name, cheapest), *others]


def _is_cheaper(way: PaidWay, other: PaidWay) -> bool:
    """Compare sums; where nobody verified them, the ways differ by their months alone."""
    if way.total is None or other.total is None:
        return len(way.months) < len(other.months)
    return way.total < other.total


def _ahead_name(ahead: PaidWay | None) -> str:
    if ahead is not None and len(ahead.months) < 12:
        return _("Pay the missing months ahead")
    return _("Pay 12 months ahead")


def _paid_block(name: str, way: PaidWay, *, is_conditional: bool) -> str:
    lines = [bold(name)]
    for amount, group in groupby(way.payments, key=lambda payment: payment.amount):
        lines.append(escaped(_payments_line(list(group), with_amount=amount is not None)))
    if way.total is not None and len(way.payments) > 1:
        lines.append(
            escaped(
                ngettext(
                    "In all: {total}, {number} payment",
                    "In all: {total}, {number} separate payments",
                    len(way.payments),
                ).format(total=format_tenge(way.total), number=len(way.payments))
            )
        )
    if way.total is None:
        lines.append(escaped(_("The amount for this year is not confirmed yet: ask 1414.")))
    if is_conditional:
        lines.append(escaped(_("Then go on paying every month, and the cover goes on")))
    else:
        lines.append(escaped(_until_line(way)))
    if way.is_mixed:
        lines.append(escaped(_("Before paying, check this way with 1414.")))
    return "\n".join(lines)


def _payments_line(payments: list[Payment], *, with_amount: bool) -> str:
    months = months_text([payment.month for payment in payments])
    amount = payments[0].amount
    if not with_amount or amount is None:
        return months
    if len(payments) == 1:
        return f"{months}: {format_tenge(amount)}"
    return f"{months}: {len(payments)} × {format_tenge(amount)}"


def _until_line(way: PaidWay) -> str:
    if way.until is None:
        return _("Insured for as long as the payer goes on paying")
    return _("Insured until {day}; after that pay every month").format(day=day(last_day(way.until)))
