"""The formula of each number by its name, as programs are told and docs/lineage.md explains."""

FORMULAS = {
    "offered": "N = Σ value of what was born in the source within 365 days, without what the target began with",
    "flow": "A = Σ value · share of that, where it has lived in the target for 30 days or more",
    "young": "Σ value · share of that, where it has lived in the target for less than 30 days",
    "cooperation": "(A + A′) / (N + N′) · (1 + 2 · min(A, A′) / (A + A′)) / 2",
    "competition": "traits both changed with different results / traits either changed, since the two parted",
    "code": "1 − Σ min(value here, value there) / Σ max(value here, value there)",
    "parameters": "mean of |a − b| / max(|a|, |b|); 1 for a parameter that one lacks",
    "geometry": "1 − Σ common volume / Σ volume of both together, over parts of the same name",
    "complementarity": "Σ value of what only one has that merges cleanly and rebuilds / Σ value of what only one has",
    "debt": "Σ value · age in days / 365 of what the target lacks, where it has the part",
    "median": "median of the days from where an improvement was born to when it was taken",
    "p90": "nine of ten improvements were taken within so many days",
    "left": "improvements not taken within 90 days / improvements born more than 90 days ago",
    "bus": "fewest authors whose improvements are worth more than half of all",
    "builds": "teams with a verified build (worked, and confirmed by somebody of another team) within 12 months",
    "born": "Σ value of what was born in the design",
    "gave": "Σ value · share of what was born in the design and lives in designs of other teams",
    "took": "Σ value · share of what was born in designs of other teams and was taken here",
}
