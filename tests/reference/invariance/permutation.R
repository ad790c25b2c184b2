# Permutation test of equal loadings and of equal intercepts: distributions of changes of fit and of the largest score test.
#
# Run from the repository root: Rscript tests/reference/invariance/permutation.R <output folder>
# Stored values: semTools 0.5-6, lavaan 0.6-14 (R 4.2.2). Data: lavaan's Holzinger and Swineford (1939), groups by school.
#
# For each step: observed values, mean, standard deviation and quantiles of the permutations' chi-square differences and
# changes of CFI and RMSEA, their p-values, and mean, standard deviation and quantiles of the largest modification index.
#
# Not verified here: that semTools is right. With another random generator the same test gives values that differ by chance;
# the tests compare with the standard errors that 300 permutations leave.

suppressPackageStartupMessages({
  library(lavaan)
  library(semTools)
})
source("tests/reference/sem_groups/_groups.R")

HS <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9"
PROBABILITIES <- c(0.05, 0.25, 0.5, 0.75, 0.95)

described <- function(x) {
  named(c(mean = mean(x), sd = sd(x), setNames(quantile(x, PROBABILITIES), paste0("q", 100 * PROBABILITIES))), "        ")
}

step <- function(name, uncon, con) {
  set.seed(12345)
  found <- permuteMeasEq(nPermute = 300, modelType = "mgcfa", con = con, uncon = uncon, param = name,
                         AFIs = c("chisq", "cfi", "rmsea"), showProgress = FALSE)
  draws <- found@AFI.dist
  object_of(list(
    n = number(nrow(draws)),
    observed = named(unlist(found@AFI.obs), "        "), p_value = named(unlist(found@AFI.pval), "        "),
    chisq = described(draws$chisq), cfi = described(draws$cfi), rmsea = described(draws$rmsea),
    largest_score = described(found@MI.dist)
  ), "    ")
}

# by name, and with evaluated arguments: permuteMeasEq reads the call again
fit <- function(...) do.call("cfa", list(HS, data = HolzingerSwineford1939, group = "school", std.lv = TRUE, ...))

configural <- fit()
metric <- fit(group.equal = "loadings")
scalar <- fit(group.equal = c("loadings", "intercepts"))
parts <- list(case = text("permutation"), metric = step("loadings", configural, metric), scalar = step("intercepts", metric, scalar),
              versions = named(versions()))
writeLines(object_of(parts), file.path(OUT, "permutation.json"))
