"""What a reader calls the columns, tables, analyses and parameters that code calls by a name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from claimstats.language.saying import later, say

ANALYSES = {
    "approval_rate": later("approval rate"),
    "approval_curve": later("approval curve"),
    "approval_trend": later("approval trend"),
    "approval_change": later("approval change"),
    "approval_ranking": later("approval ranking"),
    "payout_ratio": later("payout ratio"),
    "rate_definitions": later("rate definitions"),
    "time_to_resolution": later("time to resolution"),
    "stage_times": later("stage times"),
    "open_claims": later("open claims"),
    "service_level": later("service level"),
    "evidence_quality": later("evidence quality"),
    "evidence_effects": later("evidence effects"),
    "evidence_dose": later("evidence dose"),
    "evidence_gaps": later("evidence gaps"),
    "evidence_plan": later("evidence plan"),
}

TABLES = {
    "bands": later("bands"),
    "charts": later("charts"),
    "comparisons": later("comparisons"),
    "completeness": later("completeness"),
    "curves": later("curves"),
    "ends_by_age": later("ends by age"),
    "funnel": later("funnel"),
    "funnel_limits": later("funnel limits"),
    "kinds": later("kinds"),
    "periods": later("periods"),
    "tests": later("tests"),
    "trends": later("trends"),
}
"""Further tables of findings."""

PARAMETERS = {
    "ages_days": later("ages in days"),
    "as_of": later("cut-off (UTC)"),
    "by": later("by"),
    "calendar": later("calendar"),
    "decision": later("decision"),
    "fewest": later("fewest claims"),
    "filed_from": later("filed from"),
    "filed_to": later("filed to"),
    "high_from": later("high score from"),
    "level": later("level"),
    "older_than_days": later("older than, days"),
    "on": later("on"),
    "period": later("period"),
    "period_days": later("period, days"),
    "resolution": later("resolution"),
    "within_hours": later("within, hours"),
}

PROPERTIES = {
    "program": later("program"),
    "reason": later("reason"),
    "marketplace": later("marketplace"),
    "fulfilment": later("fulfilment"),
    "month": later("month"),
    "quarter": later("quarter"),
    "week": later("week"),
    "direction": later("side"),
    "channel": later("venue"),
    "reason_raw": later("reason as told"),
    "sku": later("SKU"),
    "currency": later("currency"),
    "ship_country": later("ship-to country"),
    "is_business": later("business order"),
    "return_carrier": later("return carrier"),
    "return_reason": later("return reason"),
    "filed_month": later("month of filing"),
    "ordered_month": later("month of order"),
    "decided_month": later("month of decision"),
    "has_order": later("order known"),
    "decided_basis": later("how the decision is known"),
    "claim": later("claim"),
    "claim_id": later("claim id"),
}
"""What claims can be split by."""

COLUMNS = {
    "adjusted_odds_ratio": later("adjusted odds ratio"),
    "age_band": later("age band, days"),
    "age_days": later("age, days"),
    "approved": later("share approved"),
    "approved_after": later("approved, after"),
    "approved_before": later("approved, before"),
    "approved_by_age": later("approved by age"),
    "at_risk": later("at risk"),
    "average": later("average"),
    "begins_on": later("begins on"),
    "best": later("at best"),
    "centre": later("centre"),
    "change_p_value": later("p value of change"),
    "change_points": later("change, points"),
    "change_q_value": later("q value of change"),
    "changed_on": later("changed on"),
    "claimed": later("claimed"),
    "claimed_amount": later("claimed amount"),
    "complete_rate": later("share complete"),
    "completeness_rate": later("share of the demanded evidence"),
    "curve_rate": later("share by age"),
    "days": later("days"),
    "days_left": later("days left"),
    "definition": later("definition"),
    "degrees_of_freedom": later("degrees of freedom"),
    "denominator": later("denominator"),
    "departure_p_value": later("p value of departure"),
    "difference_points": later("difference, points"),
    "dispersion": later("dispersion"),
    "dose": later("dose"),
    "dose_is": later("dose in words"),
    "due_at": later("due (UTC)"),
    "due_basis": later("due by"),
    "effect_points": later("effect, points"),
    "effect_q_value": later("q value of effect"),
    "end": later("end"),
    "ended": later("ended"),
    "ended_by_age": later("ended by age"),
    "equal_age_rate": later("rate at equal age"),
    "false_alarm": later("false alarms"),
    "file_name": later("file"),
    "fitted": later("fitted"),
    "format": later("format"),
    "gain_points": later("gain, points"),
    "gain_q_value": later("q value of gain"),
    "granted_amount": later("granted amount"),
    "has_place": later("has a place"),
    "hides": later("hides"),
    "homogeneity_p_value": later("p value of equal effects"),
    "in_full": later("in full"),
    "in_time_rate": later("answered in time"),
    "is_clear": later("clear"),
    "is_judged": later("judged"),
    "is_separated": later("separated"),
    "is_simpson": later("turned by the mix"),
    "is_small": later("few claims"),
    "is_thin": later("few past claims"),
    "item": later("item"),
    "item_type": later("type of item"),
    "kind": later("kind of evidence"),
    "lacking_rate": later("share lacking"),
    "level_points": later("step, points"),
    "lost": later("lost"),
    "lost_by_age": later("lost by age"),
    "lower_95": later("lower 95 % limit"),
    "lower_998": later("lower 99.8 % limit"),
    "lower_limit": later("lower control limit"),
    "measure": later("measure"),
    "median_days": later("median, days"),
    "median_days_earliest": later("median at the earliest, days"),
    "median_paid": later("median paid"),
    "n": later("claims"),
    "n_0_to_7": later("0 to 7 days"),
    "n_8_to_14": later("8 to 14 days"),
    "n_15_to_30": later("15 to 30 days"),
    "n_31_to_60": later("31 to 60 days"),
    "n_61_to_90": later("61 to 90 days"),
    "n_over_90": later("over 90 days"),
    "n_above": later("paid above the amount"),
    "n_adjusted": later("claims adjusted"),
    "n_after": later("claims after"),
    "n_approved": later("approved"),
    "n_approved_after": later("approved after"),
    "n_approved_before": later("approved before"),
    "n_before": later("claims before"),
    "n_changed_later": later("changed later"),
    "n_claims": later("claims"),
    "n_cohorts": later("cohorts"),
    "n_compared": later("compared"),
    "n_complete": later("complete"),
    "n_decided": later("decided"),
    "n_denied": later("denied"),
    "n_done": later("done"),
    "n_due": later("due"),
    "n_ended": later("ended"),
    "n_excluded": later("excluded"),
    "n_followed": later("followed"),
    "n_groups": later("groups"),
    "n_ignored": later("ignored"),
    "n_in_goods": later("in goods"),
    "n_in_time": later("in time"),
    "n_inserted": later("new"),
    "n_interval": later("time as an interval"),
    "n_judged": later("judged"),
    "n_known": later("known"),
    "n_lacking": later("lacking"),
    "n_missing": later("missing"),
    "n_named": later("named"),
    "n_negative": later("ended before it began"),
    "n_none_at_filing": later("none at filing"),
    "n_not_due": later("not due yet"),
    "n_odd_amount": later("odd amount"),
    "n_older": later("older"),
    "n_open": later("open"),
    "n_partial": later("in part"),
    "n_read": later("read"),
    "n_rejected": later("rejected"),
    "n_resolved": later("resolved"),
    "n_signals": later("signals"),
    "n_steps": later("steps"),
    "n_stopped": later("stopped"),
    "n_stopped_early": later("stopped early"),
    "n_strata": later("strata"),
    "n_unchanged": later("unchanged"),
    "n_undated": later("undated"),
    "n_unknown": later("unknown"),
    "n_untold": later("untold"),
    "n_updated": later("updated"),
    "n_with": later("claims with"),
    "n_within": later("claims within"),
    "n_without": later("claims without"),
    "n_without_amount": later("without an amount"),
    "n_without_evidence": later("without evidence"),
    "n_won": later("won"),
    "n_younger": later("younger"),
    "nothing": later("nothing paid"),
    "numerator": later("numerator"),
    "odds_ratio": later("odds ratio"),
    "older_share": later("share older"),
    "oldest_days": later("oldest, days"),
    "open_lacking_rate": later("share lacking among open"),
    "open_n_known": later("open, known"),
    "open_n_lacking": later("open, lacking"),
    "outcome": later("outcome"),
    "outside": later("outside the limits"),
    "over": later("over by then"),
    "overlap_share": later("overlap"),
    "p_value": later("p value"),
    "periods_after": later("periods after"),
    "periods_before": later("periods before"),
    "place": later("place"),
    "points_apart": later("pointing apart"),
    "pulled_at": later("pulled (UTC)"),
    "q25_days": later("quartile 1, days"),
    "q25_paid": later("quartile 1 paid"),
    "q75_days": later("quartile 3, days"),
    "q75_paid": later("quartile 3 paid"),
    "q_value": later("q value"),
    "rate": later("rate"),
    "raw_difference_points": later("raw difference, points"),
    "raw_odds_ratio": later("raw odds ratio"),
    "raw_slope_points": later("raw slope, points"),
    "raw_trend_p_value": later("p value of raw trend"),
    "refused": later("refused"),
    "refused_why": later("why nothing is told"),
    "resolved": later("resolved"),
    "rules": later("rules"),
    "scatter": later("scatter"),
    "seller_win_rate": later("seller's win rate"),
    "service": later("what is answered"),
    "safet_state": later("SAFE-T state"),
    "sha256": later("SHA-256"),
    "share": later("share"),
    "shrunken_rate": later("shrunken rate"),
    "signal": later("signal"),
    "slope_points": later("slope, points"),
    "slope_ratio": later("ratio of slopes"),
    "speed_n": later("claims timed"),
    "speed_value": later("value for speed"),
    "stage": later("step and group"),
    "state": later("state"),
    "statistic": later("statistic"),
    "step": later("step"),
    "stratum": later("stratum"),
    "trend_p_value": later("p value of trend"),
    "trend_q_value": later("q value of trend"),
    "trend_z": later("z of trend"),
    "unchanged": later("unchanged"),
    "upper_95": later("upper 95 % limit"),
    "upper_998": later("upper 99.8 % limit"),
    "upper_limit": later("upper control limit"),
    "usual_days": later("usual wait, days"),
    "usual_rate": later("usual rate"),
    "value": later("value"),
    "within_points": later("within reason, points"),
    "won": later("won"),
    "won_by_age": later("won by age"),
    "won_with": later("won with"),
    "won_without": later("won without"),
    "worse_than_average": later("chance of being worse than average"),
    "worst": later("at worst"),
}

LOWER, UPPER = "lower", "upper"
"""What the columns of limits are called, or end with."""

LIMITS = {LOWER: later("lower limit"), UPPER: later("upper limit")}
LIMITS_OF = {LOWER: later("{whose}, lower limit"), UPPER: later("{whose}, upper limit")}

WHOSE = {
    "adjusted": later("adjusted odds ratio"),
    "approved_after": later("approved, after"),
    "approved_before": later("approved, before"),
    "change": later("change, points"),
    "complete": later("share complete"),
    "completeness": later("share of the demanded evidence"),
    "curve": later("share by age"),
    "difference": later("difference, points"),
    "effect": later("effect, points"),
    "equal_age": later("rate at equal age"),
    "gain": later("gain, points"),
    "in_full": later("in full"),
    "level": later("step, points"),
    "nothing": later("nothing paid"),
    "odds": later("odds ratio"),
    "older": later("share older"),
    "open": later("share lacking among open"),
    "q25": later("quartile 1, days"),
    "q75": later("quartile 3, days"),
    "rate": later("rate"),
    "raw": later("raw odds ratio"),
    "raw_slope": later("raw slope, points"),
    "seller": later("seller's win rate"),
    "slope": later("slope"),
    "speed": later("value for speed"),
    "usual": later("usual wait, days"),
    "within": later("within reason, points"),
}
"""Whose limits ``NAME_lower`` and ``NAME_upper`` are."""

CHOICES = {
    "first": later("first"),
    "final": later("final"),
    "hour": later("hour"),
    "day": later("day"),
    "weekends": later("weekends"),
    "calendar": later("calendar days"),
    "business": later("business days"),
}
"""Values of parameters."""

LABELS = {**CHOICES, **ANALYSES, **TABLES, **PARAMETERS, **PROPERTIES, **COLUMNS, **LIMITS}


def property_label(name: str) -> str:
    """What a reader calls a property of claims: ours in words, an own column by its name."""
    return say(PROPERTIES[name]) if name in PROPERTIES else name.replace("_", " ")


def choice_label(value: str) -> str:
    """What a reader calls a value of a parameter; one of the reader's own stays."""
    known = {**CHOICES, **PROPERTIES}
    return say(known[value]) if value in known else value


APPROVED_BY = re.compile(r"approved_(\d+(?:\.\d+)?)d")
"""Columns of shares approved by an age, which the reader chooses."""


def label(name: str) -> str:
    """What a reader calls `name`; a name of the reader's own, such as a tracker's column, stays.

    Examples
    --------
    >>> label("n_claims"), label("equal_age_lower"), label("my_own_column")
    ('claims', 'rate at equal age, lower limit', 'my own column')
    """
    if found := _known(name, LABELS):
        return found
    whose, _, end = name.rpartition("_")
    if end in LIMITS_OF and (found := _known(whose, WHOSE)):
        return say(LIMITS_OF[end], whose=found)
    return name.replace("_", " ")


def _known(name: str, labels: Mapping[str, str]) -> str | None:
    if by_age := APPROVED_BY.fullmatch(name):
        return say("approved by day {day}", day=float(by_age[1]))
    return say(labels[name]) if name in labels else None
