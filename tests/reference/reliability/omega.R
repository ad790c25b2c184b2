# Omega total of the one-factor model, from lavaan (as a defined parameter) and from semTools.
#
# Run from the repository root:  Rscript tests/reference/reliability/omega.R [output folder]
# Writes <output folder>/omega.json (default folder: build/reference/reliability).
# Versions: R 4.2.2, lavaan 0.6-14, semTools 0.5-6, jsonlite 1.8.4; the file names the versions that made it.
#
# What is computed, for each case, from rows without a missing answer (listwise):
#   omega, se, ci_lower, ci_upper   lavaan: omega := (sum of loadings)^2 / ((sum of loadings)^2 + sum of residual
#                                   variances), ML, expected information, factor variance 1, delta method
#   comprelsem                      semTools::compRelSEM(fit, obs.var = FALSE): the same coefficient by another program
#   loadings, residuals, std        parameterEstimates(..., standardized = TRUE)
#   fit                             chisq, df, pvalue, cfi, tli, rmsea, srmr
# lavaan's own stopping rule leaves about six digits, so its solution is improved by Newton steps on its gradient and
# Hessian, every point evaluated by lavaan; the script stops when the largest gradient is not under 1e-9 in the end.
#
# Not verified here: that lavaan and semTools are right; omega of other models (several factors, correlated
# residuals, ordinal items); intervals other than by the delta method.

suppressPackageStartupMessages({
  library(lavaan)
  library(semTools)
})
source("tests/reference/reliability/_shared.R")

model_of <- function(columns) {
  k <- seq_along(columns)
  loadings <- paste0("l", k)
  residuals <- paste0("e", k)
  total <- paste(loadings, collapse = " + ")
  paste(c(
    paste("f =~", paste0(loadings, "*", columns, collapse = " + ")),
    paste0(columns, " ~~ ", residuals, "*", columns),
    sprintf("omega := (%s)^2 / ((%s)^2 + %s)", total, total, paste(residuals, collapse = " + "))
  ), collapse = "\n")
}

# lavaan evaluates the model where it is told to, and searches no further.
evaluate <- function(fit, free, items) {
  table <- as.data.frame(parTable(fit))
  table$ustart[table$free > 0] <- free[table$free[table$free > 0]]
  table$start <- table$est <- table$se <- NULL
  suppressWarnings(cfa(table, items, std.lv = TRUE, optim.method = "none"))
}

steepest <- function(fit) max(abs(lavInspect(fit, "gradient")))

tight <- function(model, items) {
  fit <- cfa(model, items, std.lv = TRUE)
  for (step in 1:20) {
    if (steepest(fit) < 1e-11) break
    tried <- evaluate(fit, coef(fit) - solve(lavInspect(fit, "hessian"), lavInspect(fit, "gradient")), items)
    if (steepest(tried) >= steepest(fit)) break
    fit <- tried
  }
  stopifnot(steepest(fit) < 1e-9)
  fit
}

# Fit of a model without degrees of freedom is zero but for rounding, which no two machines share.
cleaned <- function(x) ifelse(!is.na(x) & abs(x) < 1e-9, 0, x)

one_case <- function(data, columns, ci = 0.95) {
  items <- na.omit(items_of(data, columns))
  fit <- tight(model_of(columns), items)
  rows <- parameterEstimates(fit, standardized = TRUE, level = ci)
  loadings <- rows[rows$op == "=~", ]
  residuals <- rows[rows$op == "~~" & rows$lhs %in% columns, ]
  omega <- rows[rows$op == ":=", ]
  list(
    data = data, columns = columns, ci = ci, n_obs = nobs(fit),
    omega = omega$est, se = omega$se, ci_lower = omega$ci.lower, ci_upper = omega$ci.upper,
    comprelsem = as.numeric(unclass(compRelSEM(fit, obs.var = FALSE))),
    loadings = loadings$est, residuals = residuals$est, std = loadings$std.all,
    fit = as.list(cleaned(unclass(fitMeasures(fit, c("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr")))))
  )
}

q <- function(...) paste0("q", c(...))
x <- function(...) paste0("x", c(...))

cases <- list(
  "hs-visual" = one_case("holzinger", x(1:3)),
  "hs-textual" = one_case("holzinger", x(4:6), ci = 0.9),
  "hs-speed" = one_case("holzinger", x(7:9), ci = 0.99),
  "hs-six" = one_case("holzinger", x(1:6)),
  "hs-all-nine" = one_case("holzinger", x(1:9)),
  "survey-3" = one_case("survey", q(2:4)),
  "survey-5" = one_case("survey", q(1:5)),
  "survey-7" = one_case("survey", q(1:7)),
  "survey-reversed" = one_case("survey", q(1:8)),
  "ten-rows" = one_case("ten", c("a", "b", "c"))
)

write_reference(cases, c("lavaan", "semTools", "jsonlite"), file.path(output_folder(), "omega.json"))
