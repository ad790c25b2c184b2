# Exploratory blocks in structural equation models: lavaan's efa() with rotation.
#
# Run from the repository root:  Rscript tests/reference/factors/esem.R [output folder]
# Writes <output folder>/esem.json (default folder: build/reference/factors).
# Versions: R 4.2.2, lavaan 0.6-14, jsonlite 1.8.4; the file names the versions that made it.
#
# What is computed, from Holzinger and Swineford (1939), which lavaan and semopy carry:
#   oblimin, geomin   nine standardised items (divisor n), one block of three factors, rotation.args std.ov = FALSE and
#                     rotation.se = "bordered": loadings, their standard errors, chi-square and df
#   structure         six items in one block of two factors (geomin), a factor of three items regressed on both:
#                     parameters, chi-square and df; std.ov = TRUE, rotation.se = "delta"
#
# Not verified here: lavaan's derivatives under "delta" are numerical and leave about three digits of a standard error;
# under std.ov = TRUE its "bordered" errors take the standard deviations as known.

suppressPackageStartupMessages(library(lavaan))
source("tests/reference/factors/_exploratory.R")

items <- paste0("x", 1:9)
data <- HolzingerSwineford1939
scaled <- data
for (x in items) scaled[[x]] <- (data[[x]] - mean(data[[x]])) / sqrt(mean((data[[x]] - mean(data[[x]]))^2))

one_block <- function(rotation) {
  text <- paste('efa("b")*f1 + efa("b")*f2 + efa("b")*f3 =~', paste(items, collapse = " + "))
  how <- list(rstarts = 0L, std.ov = FALSE, geomin.epsilon = 0.01, gpa.tol = 1e-7, max.iter = 2000L)
  fit <- sem(text, scaled, rotation = rotation, rotation.se = "bordered", rotation.args = how)
  found <- parameterEstimates(fit)[1:27, ]
  list(
    loadings = matrix(found$est, 9), se = matrix(found$se, 9),
    chisq = unname(fitMeasures(fit, "chisq")), df = unname(fitMeasures(fit, "df"))
  )
}

structure_case <- function() {
  text <- '
    efa("b")*f1 + efa("b")*f2 =~ x1 + x2 + x3 + x4 + x5 + x6
    g =~ x7 + x8 + x9
    g ~ f1 + f2
  '
  how <- list(rstarts = 0L, geomin.epsilon = 0.01, gpa.tol = 1e-7, max.iter = 2000L)
  fit <- sem(text, data, rotation = "geomin", rotation.args = how)
  list(
    parameters = parameterEstimates(fit)[c("lhs", "op", "rhs", "est", "se")],
    chisq = unname(fitMeasures(fit, "chisq")), df = unname(fitMeasures(fit, "df"))
  )
}

cases <- list(oblimin = one_block("oblimin"), geomin = one_block("geomin"), structure = structure_case())
write_reference(cases, c("lavaan", "jsonlite"), file.path(exploratory_output(), "esem.json"))
