# Power of tests of fit by RMSEA, and of one parameter by Satorra and Saris, from semTools.
#
# Run from the repository root:  Rscript tests/reference/sem_resample/power.R <output folder>
# Writes <output folder>/power.json. Versions: R 4.2.2, semTools 0.5-6, lavaan 0.6-14; the file names those that made it.
#
# What is computed:
#   rmsea     findRMSEApower(), which takes (n - 1) df RMSEA^2 as the non-centrality (MacCallum et al. 1996)
#   required  findRMSEAsamplesize()
#   saris     SSpower() of a population text and the text with the parameter fixed; the moments are taken as they are
#             (sample.cov.rescale = FALSE), not times (n - 1) / n as lavaan does by default
#
# Not verified here: that semTools is right.

suppressPackageStartupMessages({
  library(semTools)
  library(jsonlite)
})

given <- commandArgs(trailingOnly = TRUE)
if (length(given) != 1 || !file.exists("tests/reference/sem_resample/power.R")) {
  stop("run from the repository root: Rscript tests/reference/sem_resample/power.R <output folder>")
}
dir.create(given[1], recursive = TRUE, showWarnings = FALSE)

grid <- expand.grid(df = c(1, 5, 24, 100, 417), n = c(50, 200, 600), pair = 1:4)
pairs <- list(c(0.05, 0.08), c(0.05, 0.01), c(0, 0.05), c(0.08, 0.05))
rmsea <- data.frame(
  df = grid$df, n = grid$n, rmsea0 = sapply(grid$pair, function(i) pairs[[i]][1]),
  rmseaa = sapply(grid$pair, function(i) pairs[[i]][2])
)
rmsea$power <- mapply(function(df, n, a, b) findRMSEApower(a, b, df, n), rmsea$df, rmsea$n, rmsea$rmsea0, rmsea$rmseaa)

required <- data.frame(df = c(5, 24, 100, 417, 24), rmsea0 = c(.05, .05, .05, .05, .05), rmseaa = c(.08, .08, .08, .08, .01))
required$n <- mapply(function(df, a, b) findRMSEAsamplesize(a, b, df, power = 0.8), required$df, required$rmsea0, required$rmseaa)

LOADINGS <- "
f =~ 0.8*a + 0.7*b + 0.9*c
g =~ 0.6*d + 0.8*e + 0.7*h
f ~~ 1*f
g ~~ 1*g
a ~~ 0.36*a\nb ~~ 0.51*b\nc ~~ 0.19*c\nd ~~ 0.64*d\ne ~~ 0.36*e\nh ~~ 0.51*h
f ~~ 0.2*g"
MODEL <- "f =~ NA*a + b + c\ng =~ NA*d + e + h\nf ~~ 1*f\ng ~~ 1*g\n"
saris <- list(
  "correlation-0" = list(null = 0, relation = "f ~~ g", model = paste0(MODEL, "f ~~ 0*g")),
  "correlation-0.5" = list(null = 0.5, relation = "f ~~ g", model = paste0(MODEL, "f ~~ 0.5*g")),
  "loading" = list(null = 0.5, relation = "f =~ b", model = paste0("f =~ NA*a + 0.5*b + c\ng =~ NA*d + e + h\nf ~~ 1*f\ng ~~ 1*g\n"))
)
saris <- lapply(saris, function(case) {
  case$n <- c(50, 100, 300)
  case$power <- sapply(case$n, function(n) unname(SSpower(case$model, n = n, nparam = 1, popModel = LOADINGS, sample.cov.rescale = FALSE)))
  case
})

versions <- list(
  R = as.character(getRversion()), semTools = as.character(packageVersion("semTools")),
  lavaan = as.character(packageVersion("lavaan")), jsonlite = as.character(packageVersion("jsonlite"))
)
write_json(list(versions = versions, rmsea = rmsea, required = required, population = LOADINGS, saris = saris),
  file.path(given[1], "power.json"), digits = NA, auto_unbox = TRUE, pretty = 2)
