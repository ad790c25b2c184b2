# Single bootstrap draws, limits from given draws, the Bollen-Stine test, and Monte Carlo limits, from lavaan and semTools.
#
# Run from the repository root:  Rscript tests/reference/sem_resample/draws.R <output folder>
# Writes <output folder>/draws.json. Versions: R 4.2.2, lavaan 0.6-14, semTools 0.5-6; the file names those that made it.
#
# What is computed, for each case:
#   index        rows (from 1) of 15 draws: bootstrapLavaan(keep.idx = TRUE); in groups one matrix each, rows of the group
#   theta, chisq the estimates and the chi-square of each of these draws, converged to rel.tol = 1e-10
#   std          standardizedSolution()$est.std of each of these draws
#   coef         120 further draws of the free parameters
#   limits       95 % limits of these parameters from those 120 draws: parameterEstimates(boot.ci.type = "perc", "norm",
#                "bca.simple"), and the standard errors
#   monte_carlo  semTools::monteCarloCI() of the indirect effect and its standardised value, 2,000,000 repetitions
#
# The mediation has fixed.x = FALSE, since lavaan 0.6-14 otherwise keeps the moments of exogenous variables at the
# sample's in every draw.
#
# Not verified here: that lavaan is right.

suppressPackageStartupMessages({
  library(lavaan)
  library(semTools)
  library(jsonlite)
})

given <- commandArgs(trailingOnly = TRUE)
if (length(given) != 1 || !file.exists("tests/reference/sem_resample/draws.R")) {
  stop("run from the repository root: Rscript tests/reference/sem_resample/draws.R <output folder>")
}
dir.create(given[1], recursive = TRUE, showWarnings = FALSE)
TIGHT <- list(rel.tol = 1e-10, iter.max = 10000) # draws that do not converge under a smaller one are lost

one_case <- function(model, seed, ...) {
  data <- HolzingerSwineford1939
  fit <- sem(model, data, control = TIGHT, ...)
  all_of <- function(x) c(coef(x), fitMeasures(x, "chisq"), standardizedSolution(x, se = FALSE)$est.std)
  set.seed(seed)
  found <- suppressWarnings(bootstrapLavaan(fit, R = 15, FUN = all_of, keep.idx = TRUE))
  q <- length(coef(fit))
  set.seed(seed + 1)
  many <- suppressWarnings(sem(model, data, se = "bootstrap", bootstrap = 120, ...))
  table <- parameterEstimates(many, boot.ci.type = "perc")
  limits <- lapply(c(percentile = "perc", normal = "norm", bc = "bca.simple"), function(type) {
    part <- parameterEstimates(many, boot.ci.type = type)
    list(lower = part$ci.lower, upper = part$ci.upper)
  })
  standard <- standardizedSolution(fit, se = FALSE)
  list(
    model = model, options = list(...), index = unname(attr(found, "boot.idx")),
    names = data.frame(lhs = table$lhs, op = table$op, rhs = table$rhs, group = if (is.null(table$group)) 1 else table$group),
    std_names = data.frame(
      lhs = standard$lhs, op = standard$op, rhs = standard$rhs, group = if (is.null(standard$group)) 1 else standard$group
    ),
    free = names(coef(fit)), theta = unname(found[, 1:q]), chisq = unname(found[, q + 1]),
    std = unname(found[, -(1:(q + 1))]), coef = unname(many@boot$coef[, 1:q]), est = table$est, se = table$se, limits = limits
  )
}

MEDIATION <- "textual =~ x4 + x5 + x6\nx1 ~ ageyr + sex\ntextual ~ b*x1 + ageyr\nx1 ~ a*x2\nindirect := a*b"
GROUPS <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\ntextual ~ visual"

fit <- sem(MEDIATION, HolzingerSwineford1939, control = TIGHT)
set.seed(5)
plain <- monteCarloCI(fit, expr = c(indirect = "a*b"), nRep = 2000000)
set.seed(6)
standard <- monteCarloCI(fit, expr = c(indirect = "a*b"), nRep = 20000, standardized = TRUE)

versions <- list(
  R = as.character(getRversion()), lavaan = as.character(packageVersion("lavaan")),
  semTools = as.character(packageVersion("semTools")), jsonlite = as.character(packageVersion("jsonlite"))
)
write_json(
  list(
    versions = versions,
    cases = list(mediation = one_case(MEDIATION, 10, fixed.x = FALSE), groups = one_case(GROUPS, 20, group = "school")),
    monte_carlo = list(plain = plain, std_all = standard)
  ),
  file.path(given[1], "draws.json"), digits = NA, auto_unbox = TRUE, na = "null", null = "null"
)
