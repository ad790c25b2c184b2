# Single bootstrap draws of fits with ordinal variables.
#
# Run from the repository root:  Rscript tests/reference/ordinal_resample/draws.R <output folder>
# Writes one file a case. Versions: R 4.2.2, lavaan 0.6-14; each file names those that made it.
#
# What is computed, for each case:
#   index   rows (from 1) of the draws: bootstrapLavaan(keep.idx = TRUE); one matrix a group, rows of the group.
#           With covariates, which bootstrapLavaan() does not have, rows drawn here and fitted one by one
#   theta   the estimates of each draw, converged to rel.tol = 1e-10; null for draws that lavaan counts as failed
#   chisq   the chi-square of each draw
#   std     standardizedSolution()$est.std of each draw
#
# The data are those of tests/reference/ordinal_diagnosis. Covariates have fixed.x = TRUE and conditional.x = TRUE.
# Not verified here: that lavaan is right.

suppressPackageStartupMessages({
  library(lavaan)
  library(jsonlite)
})
FOLDER <- "tests/reference/ordinal_resample"
given <- commandArgs(trailingOnly = TRUE)
if (length(given) != 1 || !file.exists(file.path(FOLDER, "draws.R"))) {
  stop("run from the repository root: Rscript ", FOLDER, "/draws.R <output folder>")
}
dir.create(given[1], recursive = TRUE, showWarnings = FALSE)
TIGHT <- list(rel.tol = 1e-10, iter.max = 10000)
read <- function(name) read.csv(file.path("tests/reference/ordinal_diagnosis/data", paste0(name, ".csv")))

one_case <- function(case, model, data, change, seed, draws, ...) {
  rows <- change(read(data))
  fit <- sem(model, rows, control = TIGHT, ...)
  all_of <- function(x) c(coef(x), fitMeasures(x, "chisq"), standardizedSolution(x, se = FALSE)$est.std)
  set.seed(seed)
  if (lavInspect(fit, "options")$conditional.x) {
    index <- t(replicate(draws, sample(nrow(rows), replace = TRUE)))
    found <- t(apply(index, 1, function(i) all_of(sem(model, rows[i, ], control = TIGHT, ...))))
  } else {
    found <- suppressWarnings(bootstrapLavaan(fit, R = draws, FUN = all_of, keep.idx = TRUE))
    index <- attr(found, "boot.idx")
  }
  q <- length(coef(fit))
  standard <- standardizedSolution(fit, se = FALSE)
  group <- if (is.null(standard$group)) 1 else standard$group
  content <- list(
    case = case, model = model, data = data, options = list(...), free = names(coef(fit)),
    std_names = data.frame(lhs = standard$lhs, op = standard$op, rhs = standard$rhs, group = group),
    index = if (is.list(index)) unname(index) else list(index),
    theta = unname(found[, 1:q]), chisq = unname(found[, q + 1]), std = unname(found[, -(1:(q + 1))]),
    versions = list(R = as.character(getRversion()), lavaan = as.character(packageVersion("lavaan")))
  )
  write_json(content, file.path(given[1], paste0(case, ".json")), digits = NA, auto_unbox = TRUE, na = "null",
             null = "null")
  cat(case, "\n")
}
same <- function(d) d
grouped <- function(d) cbind(d, half = rep(c("first", "second"), length.out = nrow(d)))
covered <- function(d) cbind(d, age = ((seq_len(nrow(d)) * 37) %% 41) / 10 + d$q1)
mixed <- function(d) transform(d, q6 = q6 + ((seq_len(nrow(d)) * 29) %% 17) / 10)
rare <- function(d) { d$q1[d$q1 == 1] <- 2; d$q1[7] <- 1; d }

TWO <- "f =~ q1 + q2 + q3\ng =~ q4 + q5 + q6\ng ~ f"
one_case("delta", TWO, "likert", same, 1, 8, ordered = TRUE)
one_case("theta", TWO, "likert", same, 2, 8, ordered = TRUE, parameterization = "theta")
one_case("ulsmv", TWO, "likert", same, 3, 8, ordered = TRUE, estimator = "ULSMV")
one_case("wls", "f =~ q1 + q2 + q3 + q4", "likert", same, 4, 8, ordered = TRUE, estimator = "WLS")
one_case("equal", "f =~ a*q1 + a*q2 + a*q3\ng =~ q4 + q5 + q6\nf ~~ g", "likert", same, 5, 8, ordered = TRUE,
         std.lv = TRUE)
one_case("groups", "f =~ q1 + q2 + q3 + q4", "likert", grouped, 6, 8, ordered = TRUE, group = "half",
         group.equal = c("loadings", "thresholds"))
one_case("pairwise", "f =~ two + three + four + five + seven + turned", "mixed", same, 7, 8, ordered = TRUE,
         missing = "pairwise")
one_case("mixed", TWO, "likert", mixed, 8, 8, ordered = paste0("q", 1:5))
one_case("covariate", "f =~ q1 + q2 + q3 + q4\nf ~ age", "likert", covered, 9, 8, ordered = paste0("q", 1:4))
one_case("rare", "f =~ q1 + q2 + q3 + q4", "likert", rare, 3, 12, ordered = TRUE)
