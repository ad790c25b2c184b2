# Factor scores of ordinal answers: empirical Bayes modes (EBM) and maximum likelihood (ML).
#
# Run from the repository root:  Rscript tests/reference/ordinal_reliability/scores.R <output folder>
# Writes <output folder>/scores.json.
# Versions: R 4.2.2, lavaan 0.6-14, jsonlite 1.8.4; the file names the versions that made it. Fits are made tight (see
# _ordinal.R). lavPredict() then searches each row's score by optim.method = "nlminb" at its default tolerance, which
# leaves about four digits where the likelihood is flat; the default, "bfgs", leaves fewer.
# Every fifth row is stored, under its number (from 1) among the rows given.
#
# Left out, since lavaan 0.6-14 answers otherwise there (see docs/differences.md): the theta parameterisation, groups
# after the first, which are taken from fits to their rows alone, and correlated errors, which lavPredict() takes as
# independent.
# Not verified: that lavaan is right.

suppressPackageStartupMessages({
  library(lavaan)
  library(jsonlite)
})
source("tests/reference/ordinal_reliability/_ordinal.R")

EVERY <- 5
ONE <- "fa =~ a1 + a2 + a3 + a4"
THREE <- "fa =~ a1 + a2 + a3 + a4
fb =~ b1 + b2 + b3 + b4
fc =~ c1 + c2 + c3 + c4"
gaps <- with_gaps(survey, paste0("a", 1:4), 7)
mixed_gaps <- with_gaps(survey, c("a1", "v1", "a2"), 7)

kept <- function(found, cases) {
  at <- seq(1, nrow(found), by = EVERY)
  list(rows = I(cases[at]), latent = I(colnames(found)),
       values = unname(lapply(at, function(i) I(as.numeric(found[i, ])))))
}

case <- function(model, ..., data = survey, gaps = NULL, only = 0, methods = c("EBM", "ML")) {
  options <- list(...)
  if (only > 0) data$frame <- data$frame[data$frame$g == only, ]
  if (length(options) == 0) options <- setNames(list(), character(0))
  fit <- fit_tightly(model, "delta", options, data)
  scores <- lapply(setNames(methods, methods), function(method) {
    found <- suppressWarnings(lavPredict(fit, method = method, optim.method = "nlminb"))
    kept(unclass(found), lavInspect(fit, "case.idx"))
  })
  list(model = model, options = options, gaps = gaps, only = only, gradient_max = gradient_max(fit), scores = scores)
}

cases <- list(
  "one" = case(ONE),
  "std-lv" = case(ONE, std.lv = TRUE),
  "binary" = case("fc =~ c1 + c2 + c3 + c4"),
  "three" = case(THREE),
  "bifactor" = case("gg =~ a1 + a2 + a3 + a4 + d1 + d2 + d3
sa =~ a1 + a2 + a3 + a4
gg ~~ 0*sa", std.lv = TRUE),
  "second-order" = case(paste0(THREE, "\nh =~ fa + fb + fc"), methods = "EBM"),
  "mixed-factor" = case("f =~ a1 + a2 + v1 + v2"),
  "mixed-factors" = case(paste0(ONE, "\nfv =~ v1 + v2 + v3\nfa ~ fv")),
  "covariate" = case(paste0(ONE, "\nfa ~ v1")),
  "outcome" = case(paste0(ONE, "\nc1 ~ fa")),
  "continuous-outcome" = case(paste0(ONE, "\nv1 ~ fa")),
  "first-group" = case(ONE, only = 1),
  "second-group" = case(ONE, only = 2),
  "missing" = case(ONE, missing = "pairwise", data = gaps, gaps = paste0("a", 1:4)),
  "missing-mixed" = case("f =~ a1 + a2 + v1 + v2", missing = "pairwise", data = mixed_gaps, gaps = c("a1", "v1", "a2"))
)

found <- list(
  versions = c(list(R = as.character(getRversion())),
               lapply(list(lavaan = "lavaan", jsonlite = "jsonlite"), function(p) as.character(packageVersion(p)))),
  cases = cases
)
write_json(found, file.path(OUT, "scores.json"), digits = NA, auto_unbox = TRUE, na = "null", null = "null")
