# SPDX-License-Identifier: GPL-2.0-only
"""The peer of harness/stats*.c: the same figures by numpy and scipy, compared to 1e-9 (TAP)."""
import subprocess
import sys

import numpy as np
from scipy import stats

rng = np.random.default_rng(20240412)
questions, answers, names = [], [], []


def ask(name, what, a, b, want):
    questions.append(" ".join([what, str(len(a)), str(len(b))] + ["%.17g" % v for v in [*a, *b]]))
    answers.append([float(v) for v in want])
    names.append(name)


for na, nb in ((1, 1), (3, 3), (5, 7), (8, 8), (8, 40), (9, 9), (30, 30), (200, 150)):
    for ties in (False, True):
        for shift in (0, 0.7):
            a, b = rng.normal(10, 1, na), rng.normal(10 + shift, 1, nb)
            if ties:
                a, b = np.round(a, 0), np.round(b, 0)
            r = stats.mannwhitneyu(a, b, alternative="two-sided", method="auto")
            ask(f"Mann-Whitney {na} x {nb}{', ties' if ties else ''}, shift {shift}", "mwu", a, b,
                (r.statistic, r.pvalue))

for n in (1, 2, 9, 100, 1001):
    a = rng.lognormal(0, 2, n)
    ask(f"median, MAD, quantile, geometric mean of {n}", "order", a, [],
        (np.median(a), stats.median_abs_deviation(a), np.quantile(a, 0.3), stats.gmean(a)))


def holm(p):
    order, out, top = np.argsort(p), np.empty(len(p)), 0.0
    for rank, at in enumerate(order):
        top = max(top, min(1.0, p[at] * (len(p) - rank)))
        out[at] = top
    return out


for n in (1, 5, 60):
    p = rng.uniform(0, 0.3, n)
    ask(f"Holm over {n}", "holm", p, [], holm(p))

for boots_a, boots_b in ((2, 2), (3, 5), (5, 5), (10, 4)):
    a = rng.lognormal(5, 0.02, (boots_a, 10)) * rng.lognormal(0, 0.05, (boots_a, 1))
    b = rng.lognormal(5.05, 0.02, (boots_b, 10)) * rng.lognormal(0, 0.05, (boots_b, 1))
    la, lb = np.log(np.median(a, axis=1)), np.log(np.median(b, axis=1))
    va, vb = la.var(ddof=1) / boots_a, lb.var(ddof=1) / boots_b
    df = (va + vb) ** 2 / (va**2 / (boots_a - 1) + vb**2 / (boots_b - 1))
    d, half = lb.mean() - la.mean(), stats.t.ppf(0.975, df) * np.sqrt(va + vb)
    ask(f"Welch over {boots_a} and {boots_b} boots", "welch", a.ravel(), b.ravel(),
        (stats.ttest_ind(lb, la, equal_var=False).pvalue, np.expm1(d), np.expm1(d - half), np.expm1(d + half)))
    if boots_a == boots_b:
        ask(f"{boots_a} boots, paired", "pair", a.ravel(), b.ravel(),
            (stats.ttest_rel(lb, la).pvalue, np.expm1(d),
             *np.expm1(stats.t.interval(0.95, boots_a - 1, d, stats.sem(lb - la)))))
        turns = np.median(np.log(b / a), axis=1)
        ask(f"{boots_a} boots, paired by rounds", "rounds", a.ravel(), b.ravel(),
            (stats.ttest_1samp(turns, 0).pvalue, np.expm1(turns.mean()),
             *np.expm1(stats.t.interval(0.95, boots_a - 1, turns.mean(), stats.sem(turns)))))

got = subprocess.run([sys.argv[1], "peer"], input="\n".join(questions) + "\n", text=True,
                     capture_output=True, check=True).stdout.splitlines()
bad = 0
for i, (name, want) in enumerate(zip(names, answers)):
    have = [float(v) for v in got[i].split()] if i < len(got) else []
    good = len(have) == len(want) and np.allclose(have, want, rtol=1e-9, atol=1e-12)
    bad += not good
    print(f"{'ok' if good else 'not ok'} {i + 1} - {name}")
    if not good:
        print(f"# expected {want}, got {have}")
print(f"1..{len(names)}")
sys.exit(1 if bad else 0)
