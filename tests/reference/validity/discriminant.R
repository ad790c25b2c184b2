# Convergent and discriminant validity: HTMT, AVE, and tests of constrained correlations of factors.
#
# Run from the repository root:  Rscript tests/reference/validity/discriminant.R [output folder]
# Writes <output folder>/discriminant.json (default folder: build/reference/validity).
# Versions: R 4.2.2, lavaan 0.6-14, semTools 0.5-6, jsonlite 1.8.4; the file names the versions that made it.
#
# What is computed:
#   htmt    semTools::htmt of complete rows: absolute = TRUE / FALSE, htmt2 = TRUE / FALSE, Pearson and ordered; from
#           pairwise correlations by sample.cov = cor(use = "pairwise")
#   ave     semTools::AVE(obs.var = TRUE and FALSE): ML, correlated errors, WLSMV under delta and theta, groups
#   reliability  semTools::compRelSEM(obs.var = FALSE): composite reliability as the model has it
#   std     squared standardised loadings by factor (lavInspect "std"), their means: AVE of standardised items
#   pairs   semTools::discriminantValidity, at cut-offs .8, .9, 1 and merged factors: estimates, limits, difference tests
#           (ML, MLR, WLSMV)
# The fits behind AVE are made tight by Newton steps. discriminantValidity fits by itself, with lavaan's own stopping rule:
# what is left (about six digits) shows as the tolerance of the tests.
#
# Not verified here: that semTools and lavaan are right; bootstrap intervals (semTools has none).

suppressPackageStartupMessages({
  library(lavaan)
  library(semTools)
})
source("tests/reference/validity/_shared.R")

THREE <- "visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9"
ERRORS <- paste0(THREE, "\nx1 ~~ x2\nx7 ~~ x8")
FOUR <- "fa =~ a1 + a2 + a3 + a4
fb =~ b1 + b2 + b3 + b4
fc =~ c1 + c2 + c3 + c4
fd =~ d1 + d2 + d3"
ORDERED <- c(paste0("a", 1:4), paste0("b", 1:4), paste0("c", 1:4), paste0("d", 1:3))

lower <- function(m) {
  m <- unclass(m)
  at <- which(lower.tri(m), arr.ind = TRUE)
  list(first = I(colnames(m)[at[, 2]]), second = I(rownames(m)[at[, 1]]), value = I(as.numeric(m[at])))
}

ratios <- function(model, data, ordered = NULL) {
  one <- function(absolute, htmt2) {
    lower(suppressWarnings(htmt(model, data = data, ordered = ordered, absolute = absolute, htmt2 = htmt2)))
  }
  list(htmt = one(TRUE, FALSE), signed = one(FALSE, FALSE), htmt2 = one(TRUE, TRUE))
}

with_gaps <- function(data) {
  x <- data[paste0("x", 1:9)]
  for (j in 1:9) x[seq(j, nrow(x), by = 17 + j), j] <- NA
  x
}
by_pairs <- function(model, data) {
  R <- cor(data, use = "pairwise.complete.obs")
  list(htmt = lower(htmt(model, sample.cov = R, htmt2 = FALSE)), htmt2 = lower(htmt(model, sample.cov = R, htmt2 = TRUE)))
}
turned <- function(data) within(data, x3 <- -x3)

extracted <- function(fit) {
  std <- lavInspect(fit, "std")
  squares <- function(s) apply(s$lambda, 2, function(l) mean(l[l != 0]^2))
  list(
    reliability = as.list(suppressMessages(compRelSEM(fit, obs.var = FALSE))), observed = as.list(AVE(fit, obs.var = TRUE)), implied = as.list(AVE(fit, obs.var = FALSE)),
    standardized = if (lavInspect(fit, "ngroups") == 1) as.list(squares(std)) else lapply(std, function(s) as.list(squares(s)))
  )
}

pairs_of <- function(fit, cutoff, merge = FALSE) {
  found <- suppressWarnings(suppressMessages(discriminantValidity(fit, cutoff = cutoff, merge = merge)))
  names(found) <- gsub("[^A-Za-z0-9.]", ".", names(found))
  columns_of(found[c("lhs", "rhs", "est", "ci.lower", "ci.upper", "Df", "Chisq", "Chisq.diff", "Df.diff", "Pr..Chisq.")])
}
every_pair <- function(fit) {
  list(
    at_80 = pairs_of(fit, 0.8), at_90 = pairs_of(fit, 0.9), at_100 = pairs_of(fit, 1), merged = pairs_of(fit, 1, TRUE)
  )
}

# Newton steps on lavaan's own gradient and Hessian from lavaan's own solution (continuous variables).
tight <- function(model, ...) {
  fit <- cfa(model, ...)
  for (step in 1:20) {
    steepest <- max(abs(lavInspect(fit, "gradient")))
    if (steepest < 1e-11) break
    table <- as.data.frame(parTable(fit))
    free <- coef(fit) - solve(lavInspect(fit, "hessian"), lavInspect(fit, "gradient"))
    table$ustart[table$free > 0] <- free[table$free[table$free > 0]]
    table$start <- table$est <- table$se <- NULL
    tried <- suppressWarnings(cfa(table, ..., optim.method = "none"))
    if (max(abs(lavInspect(tried, "gradient"))) >= steepest) break
    fit <- tried
  }
  stopifnot(max(abs(lavInspect(fit, "gradient"))) < 1e-8)
  fit
}

hs <- holzinger()
ml <- cfa(THREE, hs, std.lv = TRUE)
errors <- cfa(ERRORS, hs, std.lv = TRUE)
mlr <- cfa(THREE, hs, std.lv = TRUE, estimator = "MLR")
delta <- cfa(FOUR, answers(), ordered = ORDERED, std.lv = TRUE)
theta <- cfa(FOUR, answers(), ordered = ORDERED, std.lv = TRUE, parameterization = "theta")

cases <- list(
  htmt = list(
    holzinger = ratios(THREE, hs), turned = ratios(THREE, turned(hs)), survey = ratios(FOUR, answers()),
    ordinal = ratios(FOUR, answers(), ORDERED), gaps = by_pairs(THREE, with_gaps(hs)),
    gaps_listwise = ratios(THREE, with_gaps(hs))
  ),
  ave = list(
    ml = extracted(tight(THREE, hs, std.lv = TRUE)), marker = extracted(tight(THREE, hs)),
    errors = extracted(tight(ERRORS, hs, std.lv = TRUE)),
    groups = extracted(tight(THREE, hs, group = "school", std.lv = TRUE)),
    delta = extracted(delta), theta = extracted(theta)
  ),
  pairs = list(ml = every_pair(ml), errors = every_pair(errors), mlr = every_pair(mlr), wlsmv = every_pair(delta))
)

write_reference(cases, c("lavaan", "semTools", "jsonlite"), file.path(output_folder(), "discriminant.json"))
