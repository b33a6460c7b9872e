"""Money: who pays, who saves, who shares; computed from numbers by year, never inside a run.

This part knows tables, prices, payers and partners, and nothing of the simulation. Net saving is do-nothing's bill of a
year less the alternative's of the same year, people and luck, programme costs counted; by payer. The council's printed
ten-year budget is kept beside it (:mod:`flowsim.money.council`), risk and gain are shared in whole pence
(:mod:`flowsim.money.settlement`), and what the papers say of money is set against it
(:mod:`flowsim.money.statements`).
"""

from flowsim.money.council import BudgetYear, CouncilBudget, council_budget
from flowsim.money.ledger import Ledger, Year, financial_year, ledger
from flowsim.money.pence import pence, share_out
from flowsim.money.prices import PriceBook, PriceIndex, UnitCost, price_book
from flowsim.money.reader import read_terms
from flowsim.money.runs import savings_of
from flowsim.money.saving import Savings
from flowsim.money.settlement import Settlement, Share, settle
from flowsim.money.terms import Fund, Partner, Posts, Statement, Terms

__all__ = [
    "BudgetYear",
    "CouncilBudget",
    "Fund",
    "Ledger",
    "Partner",
    "Posts",
    "PriceBook",
    "PriceIndex",
    "Savings",
    "Settlement",
    "Share",
    "Statement",
    "Terms",
    "UnitCost",
    "Year",
    "council_budget",
    "financial_year",
    "ledger",
    "pence",
    "price_book",
    "read_terms",
    "savings_of",
    "settle",
    "share_out",
]
