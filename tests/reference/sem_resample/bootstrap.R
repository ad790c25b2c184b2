# Bootstrap standard errors and limits, and the Bollen-Stine test, from lavaan.
#
# Run from the repository root:  Rscript tests/reference/sem_resample/bootstrap.R <output folder>
# Writes <output folder>/bootstrap.json. Versions: R 4.2.2, lavaan 0.6-14, jsonlite 1.8.4; the file names those that made it.
#
# What is computed, for each case, from 2,000 draws with a fixed seed:
#   se                        standard deviations of the draws of the parameters, defined ones included
#   percentile, bca           95 % limits: parameterEstimates(boot.ci.type = "perc" and "bca.simple"); the latter is what
#                             lavaan calls bias-corrected, without acceleration
#   std_all_se                standard deviations of the draws of standardizedSolution()$est.std
#   bollen_stine              share of Bollen-Stine draws whose chi-square is above the sample's, and the draws' mean;
#                             with fixed.x = FALSE, since lavaan 0.6-14 otherwise keeps the moments of exogenous variables
#                             at the sample's in every draw, which adds their own chi-square to that of the model
#
# Two bootstraps agree in distribution only: the tests compare within the Monte Carlo error of the draws.
# Not verified here: that lavaan is right.

suppressPackageStartupMessages({
  library(lavaan)
  library(jsonlite)
})

given <- commandArgs(trailingOnly = TRUE)
if (length(given) != 1 || !file.exists("tests/reference/sem_resample/bootstrap.R")) {
  stop("run from the repository root: Rscript tests/reference/sem_resample/bootstrap.R <output folder>")
}
dir.create(given[1], recursive = TRUE, showWarnings = FALSE)
DRAWS <- 2000

limits <- function(fit, type) {
  found <- parameterEstimates(fit, boot.ci.type = type, level = 0.95)
  list(lower = found$ci.lower, upper = found$ci.upper)
}

one_case <- function(model, data, source, seed) {
  set.seed(seed)
  fit <- suppressWarnings(sem(model, data, se = "bootstrap", bootstrap = DRAWS))
  table <- parameterEstimates(fit)
  set.seed(seed + 1)
  standard <- suppressWarnings(bootstrapLavaan(
    sem(model, data), R = DRAWS, FUN = function(x) standardizedSolution(x, se = FALSE)$est.std
  ))
  set.seed(seed + 2)
  stine <- suppressWarnings(bootstrapLavaan(
    sem(model, data, fixed.x = FALSE), R = DRAWS, type = "bollen.stine", FUN = function(x) fitMeasures(x, "chisq")
  ))
  list(
    model = model, data = source,
    parameters = data.frame(
      lhs = table$lhs, op = table$op, rhs = table$rhs, est = table$est, se = table$se,
      percentile_lower = limits(fit, "perc")$lower, percentile_upper = limits(fit, "perc")$upper,
      bc_lower = limits(fit, "bca.simple")$lower, bc_upper = limits(fit, "bca.simple")$upper,
      std_all_se = apply(standard, 2, sd, na.rm = TRUE)
    ),
    bollen_stine = list(
      p = mean(stine > fitMeasures(fit, "chisq")), chisq_mean = mean(stine), draws = length(stine)
    )
  )
}

HOLZINGER <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
MEDIATION <- "textual =~ x4 + x5 + x6\nx1 ~ ageyr + sex\ntextual ~ b*x1 + ageyr\nx1 ~ a*x2\nindirect := a*b"

cases <- list(
  "holzinger" = one_case(HOLZINGER, HolzingerSwineford1939, "holzinger", 100),
  "mediation" = one_case(MEDIATION, HolzingerSwineford1939, "holzinger", 200)
)
versions <- list(
  R = as.character(getRversion()), lavaan = as.character(packageVersion("lavaan")),
  jsonlite = as.character(packageVersion("jsonlite"))
)
write_json(list(versions = versions, draws = DRAWS, cases = cases), file.path(given[1], "bootstrap.json"),
  digits = NA, auto_unbox = TRUE, pretty = 2, na = "null", null = "null")
