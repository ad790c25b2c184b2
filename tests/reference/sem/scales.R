# Variables on very different scales.
#
# Run from the repository root:  Rscript tests/reference/sem/scales.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see _reference.R.
# The standard deviations in data/scales.csv run from about 0.001 to about 10000. lavaan 0.6-14 does not find a solution
# there: not by default, not with optim.parscale, std.lv or BFGS; and started at the solution it cannot invert the
# information. So the models are fitted here to the same columns divided by `units`, once to a standard deviation near 1
# and once to 0.1 .. 100, where lavaan manages. The tests carry the first kind to the original units by algebra:
# a loading changes by the ratio of its variables' units, chi-square and indices do not change.
# Not verified: the figures in the original units; no other program made them.

source("tests/reference/sem/_reference.R")

ONE <- c(v1 = 1e-3, v2 = 1e-2, v3 = 1, v4 = 10, v5 = 1e3, v6 = 1e4, income = 1e4)
MILD <- c(v1 = 1e-2, v2 = 1e-2, v3 = 1, v4 = 1, v5 = 1e2, v6 = 1e2, income = 1e3)

FACTORS <- "f =~ v1 + v2 + v3
h =~ v4 + v5 + v6"
STRUCTURE <- paste0(FACTORS, "
h ~ a*f
income ~ b*h
effect := a*b")

reference("scales-factors", "two factors, columns near unit scale", FACTORS, simulated("scales", ONE))
reference("scales-factors-std-lv", "the same with latent variances of 1", FACTORS, simulated("scales", ONE),
          list(std.lv = TRUE))
reference("scales-structure", "an outcome explained by a chain of two factors", STRUCTURE, simulated("scales", ONE))
reference("scales-mild", "the same with standard deviations from 0.1 to 100", STRUCTURE, simulated("scales", MILD))
reference("scales-mild-means", "the same with intercepts", STRUCTURE, simulated("scales", MILD),
          list(meanstructure = TRUE))
