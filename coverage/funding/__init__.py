"""Public funding of coordinated practice: what an MSP or a CPTS is paid, by dated rules handed in as values."""

from coverage.funding.cpts import CptsFunding, CptsRules, CptsSize, fund_cpts, read_cpts_rules
from coverage.funding.errors import FundingInputError
from coverage.funding.gains import Gain, rank_gains
from coverage.funding.msp import LineFunding, MspFunding, Term, fund_msp, funding_table
from coverage.funding.rules import (
    CATEGORIES,
    Band,
    Category,
    Condition,
    Line,
    MspRules,
    NotCounted,
    Statement,
    Step,
    Variable,
    Wording,
    read_msp_rules,
)
from coverage.funding.team import MspTeam, check_team, find_doubts

__all__ = [
    "CATEGORIES",
    "Band",
    "Category",
    "Condition",
    "CptsFunding",
    "CptsRules",
    "CptsSize",
    "FundingInputError",
    "Gain",
    "Line",
    "LineFunding",
    "MspFunding",
    "MspRules",
    "MspTeam",
    "NotCounted",
    "Statement",
    "Step",
    "Term",
    "Variable",
    "Wording",
    "check_team",
    "find_doubts",
    "fund_cpts",
    "fund_msp",
    "funding_table",
    "rank_gains",
    "read_cpts_rules",
    "read_msp_rules",
]
