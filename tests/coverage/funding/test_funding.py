"""The funding of an MSP and of a CPTS: the guide's worked values, properties, and a slow twin of the formulas."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.funding import (
    FundingInputError,
    MspTeam,
    check_team,
    find_doubts,
    fund_cpts,
    fund_msp,
    funding_table,
    rank_gains,
    read_cpts_rules,
    read_msp_rules,
)
from data.funding.rules import load_rules

TODAY = dt.date(2026, 11, 22)
RULES = read_msp_rules(load_rules("msp", on=TODAY))
CPTS = read_cpts_rules(load_rules("cpts", on=TODAY))
PREREQUISITES = {"ouverture": 1, "crise": 1, "coordination": 1, "systeme": 1}
MOST_STEPS = {line.id: len(line.steps) for line in RULES.lines}


def line_of(team, line_id):
    return next(funded for funded in fund_msp(RULES, team).lines if funded.line.id == line_id)


def team(n_patients=8000, n_professionals=13, share_files=0.0, **reached):
    return MspTeam(n_patients, n_professionals, PREREQUISITES | reached, share_files)


@pytest.mark.parametrize(
    ("n_patients", "points", "euros"),
    [
        (8000, 4400, 30_800),  # guide: 1 000 + 1 700 × 2
        (12_000, 5500, 38_500),  # guide: 1 000 + 1 700 × 2 + 1 100
        (6000, 3550, 24_850),  # the guide misprints its points here: 1 000 + 1 700 × 1.5 = 3 550
        (0, 1000, 7000),
    ],
)
def test_the_coordination_of_the_guide(n_patients, points, euros):
    coordination = line_of(team(n_patients), "coordination")
    assert coordination.points == pytest.approx(points)
    assert coordination.value_eur == pytest.approx(euros)


@pytest.mark.parametrize(
    ("n_professionals", "points", "euros"),
    [
        (13, 3100, 21_700),  # guide: 500 + 200 × 13
        (16, 3700, 25_900),  # guide: 500 + 200 × 16
        (20, 4300, 30_100),  # 500 + 200 × 16 + 150 × 4
    ],
)
def test_the_information_system_of_the_guide(n_professionals, points, euros):
    system = line_of(team(n_professionals=n_professionals), "systeme")
    assert system.points == pytest.approx(points)
    assert system.value_eur == pytest.approx(euros)


@pytest.mark.parametrize(
    ("line_id", "reached", "points"),
    [
        ("ouverture", 1, 800),
        ("crise", 1, 100),
        ("protocoles", 3, 300),
        ("protocoles", 8, 800),
        ("protocoles", 20, 800),  # capped at 8
        ("diversite", 1, 300),
        ("diversite", 2, 600),
        ("second_recours", 2, 600),
        ("cstm", 1, 200),
        ("missions", 1, 700),  # 350 × 8 000 / 4 000
        ("missions", 5, 1400),  # two at most
        ("usagers", 1, 200),
        ("usagers", 2, 800),  # 200 + 300 × 2
        ("sas", 1, 100),
        ("sas", 2, 200),
        ("stagiaires", 1, 0),
        ("stagiaires", 2, 450),
        ("stagiaires", 3, 675),
        ("stagiaires", 4, 900),
        ("stagiaires", 9, 900),
        ("qualite", 1, 100),
    ],
)
def test_each_line_at_8000_patients(line_id, reached, points):
    assert line_of(team(**{line_id: reached}), line_id).points == pytest.approx(points)


@pytest.mark.parametrize(
    ("n_patients", "line_id", "reached", "points"),
    [
        (3000, "usagers", 2, 425),  # 200 + 300 × 3 000 / 4 000
        (6000, "missions", 2, 1050),  # 2 × 350 × 6 000 / 4 000
        (8000, "missions", 2, 1400),
    ],
)
def test_what_goes_by_patient_is_pro_rata(n_patients, line_id, reached, points):
    assert line_of(team(n_patients, **{line_id: reached}), line_id).points == pytest.approx(points)


@pytest.mark.parametrize(("share", "points"), [(0.0769, 2000), (0.0461, 1844)])
def test_the_meetings_of_the_guide(share, points):
    # 7.69 % and 4.61 % of 8 000 files: all the points, then 1 000 × 2 × 4.61 / 5
    assert line_of(team(share_files=share, concertations=1), "concertations").points == pytest.approx(points)


def test_the_full_socle_of_4000_patients_and_16_professionals():
    # 800 + 100 + 2 700 + 3 700 (prerequisites) + 800 + 1 000 (socle)
    full = fund_msp(RULES, team(4000, 16, 0.05, protocoles=8, concertations=1))
    assert full.points == pytest.approx(9100)
    assert full.payable_eur == pytest.approx(63_700)
    assert full.advance_eur == pytest.approx(38_220)
    assert full.balance_eur == pytest.approx(25_480)
    declared = fund_msp(RULES, full.team.with_(conditions=frozenset({"crisis"})))
    assert line_of(declared.team, "crise").points == pytest.approx(450)  # 100 + 350
    assert declared.advance_eur == pytest.approx(38_220)  # nobody knows of a crisis in advance


def test_all_that_is_counted_for_4000_patients_and_16_professionals():
    # 9 100 + 600 + 600 + 200 + 700 + 500 + 200 + 900 + 100
    whole = fund_msp(RULES, team(4000, 16, 0.05, **MOST_STEPS))
    assert (whole.points, whole.payable_eur) == (pytest.approx(12_900), pytest.approx(90_300))


def test_the_advance_has_a_minimum_and_is_none_without_the_prerequisites():
    small = team(0, 0)
    year = fund_msp(RULES, small)
    assert year.advance_eur == pytest.approx(0.6 * 3200 * 7)  # 13 440: above the minimum
    assert not year.has_least_advance
    half = fund_msp(RULES, small.with_(n_months=6))
    assert half.advance_eur == 12_000  # 6 720 otherwise
    assert half.has_least_advance
    missing = fund_msp(RULES, team(4000, 16, 0.05, protocoles=8, concertations=1).reaching("crise", 0))
    assert missing.advance_eur == missing.payable_eur == missing.balance_eur == 0


def test_a_result_is_set_beside_the_mean_paid_for_the_same_months():
    # 5 220 patients and 16 professionals, the whole socle: 69 465 €, close to the 80 040 € paid on average in 2023
    whole = fund_msp(RULES, team(5220, 16, 0.05, protocoles=8, concertations=1))
    assert whole.payable_eur == pytest.approx(69_465, abs=1)
    assert whole.share_of(80_040) == pytest.approx(0.868, abs=0.001)
    half = fund_msp(RULES, whole.team.with_(n_months=6))
    assert half.share_of(80_040) == pytest.approx(whole.share_of(80_040))


@pytest.mark.parametrize(("share", "points"), [(0, 0), (0.01, 400), (0.025, 1000), (0.05, 2000), (0.5, 2000)])
def test_the_meetings_follow_the_files_discussed_up_to_5_percent(share, points):
    # 1 000 × 8 000 / 4 000 × min(1, share / 5 %)
    assert line_of(team(share_files=share, concertations=1), "concertations").points == pytest.approx(points)
    assert line_of(team(share_files=share), "concertations").points == 0  # fewer than six meetings


def test_a_declared_crisis_pays_its_variable_part_to_those_who_have_a_plan():
    declared = team().with_(conditions=frozenset({"crisis"}))
    assert line_of(declared, "crise").points == pytest.approx(800)  # 100 + 350 × 2
    assert line_of(declared.reaching("crise", 0), "crise").points == 0


def test_the_coordination_may_have_patients_of_its_own():
    other = team().with_(n_coordination_patients=12_000)
    assert line_of(other, "coordination").points == pytest.approx(5500)
    assert line_of(other.reaching("missions", 1), "missions").points == pytest.approx(700)  # still 8 000


def test_the_total_of_a_whole_team():
    # 13 professionals, 8 000 patients, the prerequisites alone: 800 + 100 + 4 400 + 3 100 points
    funding = fund_msp(RULES, team())
    assert funding.points == pytest.approx(8400)
    assert funding.payable_eur == pytest.approx(58_800)
    # the advance counts the whole socle: 8 400 + 800 (protocols) + 2 000 (meetings), at 60 %
    assert funding.advance_eur == pytest.approx(0.6 * 11_200 * 7)
    assert funding.balance_eur == pytest.approx(58_800 - 47_040)
    assert funding.points_of("prerequisite") == pytest.approx(8400)
    assert funding.points_of("socle") == funding.value_of("optional") == 0


def test_a_missing_prerequisite_suspends_all_that_is_due():
    funding = fund_msp(RULES, team(protocoles=8).reaching("crise", 0))
    assert [line.id for line in funding.missing] == ["crise"]
    assert funding.payable_eur == 0
    assert funding.value_eur == pytest.approx((8300 + 800) * 7)
    assert funding.advance_eur == funding.balance_eur == 0


def test_the_first_year_is_paid_by_the_month():
    whole, half = (fund_msp(RULES, team(protocoles=4).with_(n_months=months)) for months in (12, 6))
    assert half.payable_eur == pytest.approx(whole.payable_eur / 2)
    assert half.advance_eur == pytest.approx(whole.advance_eur / 2)
    assert half.points == whole.points


def test_the_table_is_the_lines():
    funding = fund_msp(RULES, team(missions=2, usagers=1))
    table = funding_table(funding)
    assert list(table["id"]) == [line.id for line in RULES.lines]
    assert table["value_eur"].sum() == pytest.approx(funding.value_eur)
    assert (table["fixed_points"] + table["variable_points"] == table["points"]).all()
    assert table["category"].unique().tolist() == ["Prérequis", "Socle", "Options"]


def slow_points(n_patients, n_professionals, share, crisis, reached):
    """Write the table of the agreement out once more, line by line, without rules, steps or bands."""
    q = n_patients / 4000
    points = 0.0
    points += 800 * reached["ouverture"]
    points += (100 + (350 * q if crisis else 0)) * reached["crise"]
    points += (1000 + 1700 * min(n_patients, 8000) / 4000 + 1100 * max(n_patients - 8000, 0) / 4000) * reached[
        "coordination"
    ]
    points += (500 + 200 * min(n_professionals, 16) + 150 * max(n_professionals - 16, 0)) * reached["systeme"]
    points += 100 * min(reached["protocoles"], 8)
    points += min(1, share / 0.05) * 1000 * q * reached["concertations"]
    points += 300 * min(reached["diversite"], 2) + 300 * min(reached["second_recours"], 2) + 200 * reached["cstm"]
    points += 350 * q * min(reached["missions"], 2)
    points += {0: 0, 1: 200, 2: 200 + 300 * q}[min(reached["usagers"], 2)]
    points += 100 * min(reached["sas"], 2)
    points += {0: 0, 1: 0, 2: 450, 3: 675, 4: 900}[min(reached["stagiaires"], 4)]
    return points + 100 * reached["qualite"]


reached_steps = st.fixed_dictionaries({line_id: st.integers(0, most) for line_id, most in MOST_STEPS.items()})
teams = st.builds(
    MspTeam,
    n_patients=st.integers(0, 60_000),
    n_professionals=st.integers(0, 80),
    reached=reached_steps,
    share_files=st.floats(0, 0.2),
    conditions=st.sampled_from([frozenset(), frozenset({"crisis"})]),
    n_months=st.integers(1, 12),
)


@given(teams)
def test_the_engine_agrees_with_its_slow_twin(any_team):
    expected = slow_points(
        any_team.n_patients,
        any_team.n_professionals,
        any_team.share_files,
        bool(any_team.conditions),
        any_team.reached,
    )
    assert fund_msp(RULES, any_team).points == pytest.approx(expected)


@given(teams, st.integers(0, 5000), st.integers(0, 10))
def test_more_patients_or_professionals_never_pay_less(any_team, patients, professionals):
    larger = any_team.with_(
        n_patients=any_team.n_patients + patients, n_professionals=any_team.n_professionals + professionals
    )
    before, after = fund_msp(RULES, any_team), fund_msp(RULES, larger)
    for one, other in zip(before.lines, after.lines, strict=True):
        assert other.points >= one.points - 1e-9
    assert after.payable_eur >= before.payable_eur - 1e-6
    assert after.advance_eur >= before.advance_eur - 1e-6


@given(teams, st.integers(1, 30))
def test_steps_beyond_the_last_bring_nothing(any_team, beyond):
    capped = any_team.with_(reached=MOST_STEPS)
    over = any_team.with_(reached={line_id: most + beyond for line_id, most in MOST_STEPS.items()})
    assert fund_msp(RULES, over).payable_eur == pytest.approx(fund_msp(RULES, capped).payable_eur)
    assert line_of(over, "protocoles").points == 800


@given(teams)
def test_lines_sum_to_the_total_and_nothing_is_negative(any_team):
    funding = fund_msp(RULES, any_team)
    assert funding.value_eur == pytest.approx(sum(funded.value_eur for funded in funding.lines))
    assert funding.value_eur == pytest.approx(sum(map(funding.value_of, ("prerequisite", "socle", "optional"))))
    assert funding.value_eur == pytest.approx(7 * funding.points * any_team.n_months / 12)
    assert all(funded.points >= 0 for funded in funding.lines)
    assert funding.payable_eur == (0 if funding.missing else funding.value_eur)
    # q is not capped, so neither is the advance
    assert funding.advance_eur >= (0 if funding.missing else 12_000)


@given(teams)
def test_a_gain_is_the_difference_of_two_computations(any_team):
    before = fund_msp(RULES, any_team)
    gains = rank_gains(RULES, any_team)
    for gain in gains:
        after = fund_msp(RULES, gain.team)
        assert gain.payable_eur == pytest.approx(after.payable_eur - before.payable_eur)
        assert gain.value_eur == pytest.approx(after.value_eur - before.value_eur)
        assert gain.value_eur > 0
    due = [gain.payable_eur for gain in gains]
    assert due == sorted(due, reverse=True)


@given(teams)
def test_whoever_has_done_all_has_only_to_grow(any_team):
    done = any_team.with_(reached=MOST_STEPS, share_files=0.05)
    assert {gain.kind for gain in rank_gains(RULES, done)} <= {"professional", "patients"}


def test_the_ranked_actions_of_a_team_that_has_only_its_prerequisites():
    gains = {gain.line.id if gain.line else gain.kind: gain for gain in rank_gains(RULES, team())}
    # six meetings and 5 % of the files: 1 000 × 2 × 7 €
    assert gains["concertations"].payable_eur == pytest.approx(14_000)
    assert gains["concertations"].team.share_files == pytest.approx(0.05)
    # one trainee brings nothing: the action is the second
    assert gains["stagiaires"].team.reached["stagiaires"] == 2
    assert gains["stagiaires"].payable_eur == pytest.approx(3150)
    assert gains["professional"].payable_eur == pytest.approx(1400)
    assert gains["patients"].payable_eur == pytest.approx(1100 * 100 / 4000 * 7)  # beyond 8 000
    assert next(iter(gains)) == "concertations"


def test_more_files_are_an_action_once_the_meetings_are_held():
    gains = rank_gains(RULES, team(share_files=0.03, concertations=1))
    assert gains[0].kind == "files"
    assert gains[0].payable_eur == pytest.approx(0.4 * 2000 * 7)  # from 3 % to 5 %


def test_missing_prerequisites_come_first_and_together():
    unmet = team(protocoles=2).reaching("crise", 0).reaching("ouverture", 0)
    first, *others = rank_gains(RULES, unmet)
    assert first.kind == "prerequisites"
    assert first.payable_eur == pytest.approx((8400 + 200) * 7)
    assert {gain.payable_eur for gain in others} == {0}
    one_left = rank_gains(RULES, unmet.reaching("ouverture", 1))[0]
    assert one_left.line is not None
    assert one_left.line.id == "crise"
    assert one_left.payable_eur == pytest.approx((8400 + 200) * 7)  # all that was suspended


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"n_patients": -1}, "Patients médecin traitant : attendu de 0 à 200\u202f000, trouvé -1"),
        ({"n_patients": float("nan")}, "Patients médecin traitant"),
        ({"n_patients": 10**7}, "Patients médecin traitant"),
        ({"n_coordination_patients": -5}, "coordination"),
        ({"n_professionals": 501}, "Professionnels"),
        ({"share_files": 1.2}, "attendu de 0 à 100 %, trouvé 120 %"),
        ({"share_files": float("nan")}, "dossiers"),
        ({"n_months": 0}, "attendu de 1 à 12"),
        ({"n_months": 13}, "attendu de 1 à 12"),
        ({"reached": {"avenant_3": 1}}, "avenant_3"),
        ({"reached": {"protocoles": -2}}, "Protocoles pluriprofessionnels"),
        ({"conditions": frozenset({"guerre"})}, "guerre"),
    ],
)
def test_numbers_without_meaning_are_refused_in_french(changes, told):
    with pytest.raises(FundingInputError, match=told):
        check_team(RULES, team().with_(**changes))
    with pytest.raises(ValueError, match=told):
        fund_msp(RULES, team().with_(**changes))


def test_surprising_numbers_are_asked_about_and_still_computed():
    assert find_doubts(team(), population=50_000) == []
    assert find_doubts(team(), population=None) == find_doubts(team(), population=float("nan")) == []
    (more,) = find_doubts(team(), population=3000, place="Figeac")
    assert more.startswith("8\u202f000 patients pour 3\u202f000 habitants (Figeac)")
    (many,) = find_doubts(team(n_patients=50_000))
    assert "3\u202f000 patients par professionnel" in many
    assert len(find_doubts(team(0, 0))) == 2


@pytest.mark.parametrize(
    ("population", "size", "most_2019", "supposed"),
    [
        (1, 1, 220_000, 287_500),
        (39_999, 1, 220_000, 287_500),
        (40_000, 2, 287_000, None),
        (79_999, 2, 287_000, None),
        (80_000, 3, 370_000, None),
        (174_999, 3, 370_000, None),
        (175_000, 4, 450_000, 580_000),
    ],
)
def test_the_size_of_a_cpts(population, size, most_2019, supposed):
    funding = fund_cpts(CPTS, population)
    assert (funding.size.size, funding.size.most_2019_eur, funding.size.supposed_eur) == (size, most_2019, supposed)
    # the source gives one range, by population and by objectives reached: no size narrows it
    assert (funding.low_eur, funding.high_eur) == (287_500, 580_000)


def test_what_is_missing_to_the_next_size():
    assert fund_cpts(CPTS, 39_000).to_next == 1000
    assert fund_cpts(CPTS, 200_000).to_next is None


@given(st.integers(1, 70_000_000), st.integers(0, 100_000))
def test_a_larger_cpts_is_never_paid_less(population, more):
    small, large = fund_cpts(CPTS, population), fund_cpts(CPTS, min(population + more, 70_000_000))
    assert large.low_eur >= small.low_eur
    assert large.high_eur >= small.high_eur
    assert small.low_eur <= small.high_eur


@pytest.mark.parametrize("population", [0, -10, float("nan"), float("inf"), 1e9])
def test_a_population_without_meaning_is_refused(population):
    with pytest.raises(FundingInputError, match="Population"):
        fund_cpts(CPTS, population)
