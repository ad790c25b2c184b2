# Coverage of lavaan's 95 % interval for a regression of a latent variable in 1,500 simulated samples of 120 rows: what
# expected information reaches at this size, which is less than 95 %.
#
# Run from the repository root:  Rscript tests/reference/sem_resample/coverage.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; the written file names the versions that made it.
# Not verified: nothing here is compared with a publication. The share has a standard error of 0.006.

suppressPackageStartupMessages({
  library(lavaan)
  library(jsonlite)
})

POPULATION <- "f =~ 1*a + 0.9*b + 1.1*c
f ~ 0.25*x
f ~~ 0.8*f
x ~~ 1*x"
SETS <- 1500
ROWS <- 120

set.seed(7)
covered <- vapply(seq_len(SETS), function(i) {
  rows <- simulateData(POPULATION, sample.nobs = ROWS, model.type = "lavaan", standardized = FALSE)
  found <- parameterEstimates(sem("f =~ a + b + c
f ~ x", rows))
  slope <- found[found$op == "~", ]
  slope$ci.lower <= 0.25 && slope$ci.upper >= 0.25
}, TRUE)
versions <- list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")))
found <- list(coverage = mean(covered), sets = SETS, rows = ROWS, versions = versions)
writeLines(toJSON(found, auto_unbox = TRUE, digits = NA, pretty = TRUE),
           file.path(commandArgs(trailingOnly = TRUE)[1], "coverage.json"))
