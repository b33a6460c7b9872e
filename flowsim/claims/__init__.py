"""What the sources say, held against runs: claims in a file, computations by name, one rule for the verdict."""

from flowsim.claims.claim import Claim, Claims
from flowsim.claims.conduct import Validation, conduct, validate
from flowsim.claims.reader import read_claims
from flowsim.claims.verdict import RULE, Judged, Verdict

__all__ = ["RULE", "Claim", "Claims", "Judged", "Validation", "Verdict", "conduct", "read_claims", "validate"]
