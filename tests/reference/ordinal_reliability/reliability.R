# Reliability of ordinal scales: categorical omega (Green & Yang 2009, formula 21), omega of the latent responses, ordinal
# alpha (Zumbo, Gadermann & Zeisser 2007), from lavaan's WLSMV fits.
#
# Run from the repository root:  Rscript tests/reference/ordinal_reliability/reliability.R <output folder>
# Writes <output folder>/reliability.json.
# Versions: R 4.2.2, lavaan 0.6-14, semTools 0.5-6, psych 2.2.9, jsonlite 1.8.4; the file names the versions that made it.
#
# For each case and parameterisation (delta, theta), for each group and factor:
#   omega           semTools::compRelSEM(fit, obs.var = FALSE): categorical omega, variance of the sum as the model has it
#   omega_sample    the same with obs.var = TRUE: variance of the sum from the polychoric correlations of the sample
#   omega_latent    compRelSEM(fit, obs.var = FALSE, ord.scale = FALSE) under delta: omega of the latent responses
#   alpha           semTools::reliability(fit)["alpha.ord", ]: ordinal alpha
#   total           reliability(fit, return.total = TRUE): omega2, omega3 and alpha.ord of the sum of all items
#   alpha_psych     psych::alpha() of the polychoric correlations that lavaan gives for the factor's items
# and the matrices of the fit that these rest on (lavInspect "est", "cov.lv"), so that the formulas can be held against
# these values without a fit of one's own.
#
# Known of semTools 0.5-6, and why some values are left out: compRelSEM() fails for a second-order factor on the answers'
# scale; ord.scale = FALSE is taken from the delta fit only, as under theta it takes the loadings for standardised ones
# (its value moves with the parameterisation, which omega must not).
#
# Not verified: that semTools is right; nothing is compared with a publication.

suppressPackageStartupMessages({
  library(lavaan)
  library(semTools)
  library(jsonlite)
})
source("tests/reference/ordinal_reliability/_ordinal.R")

THREE <- "fa =~ a1 + a2 + a3 + a4
fb =~ b1 + b2 + b3 + b4
fc =~ c1 + c2 + c3 + c4"
TWO <- "fa =~ a1 + a2 + a3 + a4
fb =~ b1 + b2 + b3 + b4"

# A list of blocks, one a group, whatever lavaan returns for one group.
blocks <- function(fit, what) {
  found <- lavInspect(fit, what)
  if (lavInspect(fit, "ngroups") == 1) list(found) else found
}
labels_of <- function(fit) if (lavInspect(fit, "ngroups") == 1) "" else lavInspect(fit, "group.label")

quietly <- function(x) suppressWarnings(suppressMessages(x))
rows <- function(x) unname(lapply(seq_len(nrow(x)), function(i) as.numeric(x[i, ])))
matrix_of <- function(x) list(rows = I(rownames(x)), columns = I(colnames(x)), values = rows(unclass(x)))
vector_of <- function(x) list(names = I(rownames(x)), values = I(as.numeric(x)))

# compRelSEM returns a named vector for one group, a frame for several.
per_group <- function(found, fit) {
  if (lavInspect(fit, "ngroups") == 1) return(list(unlist(lapply(found, as.numeric))))
  frame <- as.data.frame(found)
  lapply(seq_len(nrow(frame)), function(i) unlist(lapply(frame[i, -1, drop = FALSE], as.numeric)))
}

by_reliability <- function(fit) {
  found <- quietly(semTools::reliability(fit, return.total = TRUE))
  if (lavInspect(fit, "ngroups") == 1) list(found) else found
}

# A row of what reliability() says of one group, for some of its columns.
said_of <- function(found, row, columns) setNames(as.list(found[row, columns]), columns)

alpha_by_psych <- function(polychoric, lambda, factors) {
  sapply(factors, function(f) {
    items <- rownames(lambda)[lambda[, f] != 0]
    quietly(psych::alpha(polychoric[items, items]))$total$raw_alpha
  })
}

one_parameterization <- function(model, parameterization, options, leave) {
  fit <- fit_tightly(model, parameterization, options)
  delta <- if (parameterization == "delta") fit else fit_tightly(model, "delta", options)
  omega <- if (leave) NULL else per_group(quietly(compRelSEM(fit, obs.var = FALSE)), fit)
  sample <- if (leave) NULL else per_group(quietly(compRelSEM(fit, obs.var = TRUE)), fit)
  latent <- if (leave) NULL else per_group(quietly(compRelSEM(delta, obs.var = FALSE, ord.scale = FALSE)), fit)
  said <- by_reliability(fit)
  groups <- lapply(seq_along(labels_of(fit)), function(g) {
    est <- blocks(fit, "est")[[g]]
    polychoric <- cov2cor(blocks(fit, "sampstat")[[g]]$cov)
    factors <- colnames(est$lambda)[colSums(est$lambda != 0) > 1]
    c(list(
      lambda = matrix_of(est$lambda), cov_lv = matrix_of(blocks(fit, "cov.lv")[[g]]), theta = matrix_of(est$theta),
      tau = vector_of(est$tau), nu = vector_of(est$nu), alpha_lv = vector_of(est$alpha), delta = vector_of(est$delta),
      polychoric = matrix_of(polychoric)
    ), if (!leave) list(
      omega = as.list(omega[[g]]), omega_sample = as.list(sample[[g]]), omega_latent = as.list(latent[[g]])
    ), list(
      alpha = said_of(said[[g]], "alpha.ord", factors),
      alpha_psych = as.list(alpha_by_psych(polychoric, est$lambda, factors))
    ), if ("total" %in% colnames(said[[g]])) list(
      total = list(omega = said[[g]]["omega2", "total"], omega_sample = said[[g]]["omega3", "total"],
                   alpha = said[[g]]["alpha.ord", "total"])
    ))
  })
  cat(sprintf("  %-6s gradient %.1e\n", parameterization, gradient_max(fit)))
  list(labels = I(labels_of(fit)), gradient_max = gradient_max(fit), groups = groups)
}

case <- function(name, model, ..., leave = FALSE) {
  cat(name, "\n")
  options <- list(...)
  if (length(options) == 0) options <- setNames(list(), character(0))
  list(
    model = model, options = options, leave = leave,
    delta = one_parameterization(model, "delta", options, leave),
    theta = one_parameterization(model, "theta", options, leave)
  )
}

cases <- list(
  "five-categories" = case("five", "fa =~ a1 + a2 + a3 + a4"),
  "three-categories" = case("three", "fb =~ b1 + b2 + b3 + b4"),
  "binary" = case("binary", "fc =~ c1 + c2 + c3 + c4"),
  "seven-categories" = case("seven", "fd =~ d1 + d2 + d3"),
  "std-lv" = case("std-lv", "fa =~ a1 + a2 + a3 + a4", std.lv = TRUE),
  "three-factors" = case("three factors", THREE),
  "three-factors-std-lv" = case("three factors, std.lv", THREE, std.lv = TRUE),
  "correlated-errors" = case("correlated errors", paste0(THREE, "\na1 ~~ a2\nb3 ~~ b4")),
  "cross-loading" = case("cross-loading", paste0(THREE, "\nfa =~ b1")),
  "mixed-categories" = case("mixed categories", "f =~ a1 + a2 + b1 + b2 + c1 + c2"),
  "bifactor" = case("bifactor", "
gg =~ a1 + a2 + a3 + a4 + b1 + b2 + b3 + b4 + d1 + d2 + d3
sa =~ a1 + a2 + a3 + a4
sb =~ b1 + b2 + b3 + b4", orthogonal = TRUE, std.lv = TRUE),
  "regressions" = case("regressions", paste0(TWO, "\nfb ~ fa")),
  "second-order" = case("second-order", paste0(THREE, "\nh =~ fa + fb + fc"), leave = TRUE),
  "groups" = case("groups", TWO, group = "g"),
  "groups-equal" = case("groups, equal loadings and thresholds", TWO, group = "g",
                        group.equal = c("loadings", "thresholds"))
)

found <- list(
  versions = c(list(R = as.character(getRversion())),
               lapply(list(lavaan = "lavaan", semTools = "semTools", psych = "psych", jsonlite = "jsonlite"),
                      function(p) as.character(packageVersion(p)))),
  data = "survey.csv", ordered = ORDERED, cases = cases
)
write_json(found, file.path(OUT, "reliability.json"), digits = NA, auto_unbox = TRUE, na = "null", null = "null")
