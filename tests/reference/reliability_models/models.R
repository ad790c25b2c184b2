# Reliability from fitted models: composite, higher-order and bifactor coefficients, from lavaan and semTools.
#
# Run from the repository root:  Rscript tests/reference/reliability_models/models.R [output folder]
# Writes <output folder>/models.json (default folder: build/reference/reliability_models).
# Versions: R 4.2.2, lavaan 0.6-14, semTools 0.5-6, jsonlite 1.8.4; the file names the versions that made it.
#
# What is computed, for models of Holzinger and Swineford (1939), maximum likelihood:
#   comprelsem      semTools::compRelSEM: `model` with obs.var = FALSE, `sample` with obs.var = TRUE
#   maximal         coefficient H from lavaan's estimates, a / (1 + a), a = l' E^-1 l
#   l2              semTools::reliabilityL2 of the second-order factor
#   defined         coefficients as defined parameters in lavaan: estimate, standard error (delta method), of
#                   composite reliability and H of the first factor, omega_l1 and omega_l2, omega hierarchical, ECV,
#                   omega_hs, with the factor variances fixed to 1
# lavaan's stopping rule leaves about six digits: each model is fitted again from its own solution until the estimates
# move by less than 1e-10, at most 20 times.
#
# Not verified here: bootstrap intervals; factor determinacy.

suppressPackageStartupMessages({
  library(lavaan)
  library(semTools)
  library(jsonlite)
})

FOLDER <- "tests/reference/reliability_models"
given <- commandArgs(trailingOnly = TRUE)
if (length(given) > 1 || !file.exists(file.path(FOLDER, "models.R"))) {
  stop("run from the repository root: Rscript ", FOLDER, "/models.R [output folder]")
}
out <- if (length(given) == 1) given[1] else "build/reference/reliability_models"
dir.create(out, recursive = TRUE, showWarnings = FALSE)

quietly <- function(expression) suppressMessages(suppressWarnings(expression))
fitted <- function(model, ...) {
  fit <- quietly(sem(model, HolzingerSwineford1939, std.lv = TRUE, ...))
  for (i in 1:20) {
    again <- quietly(sem(model, HolzingerSwineford1939, std.lv = TRUE, start = fit, ...))
    moved <- max(abs(coef(again) - coef(fit)))
    fit <- again
    if (moved < 1e-10) break
  }
  stopifnot(lavInspect(fit, "converged"))
  fit
}

maximal <- function(fit) {
  est <- lavInspect(fit, "est")
  phi <- lavInspect(fit, "cov.lv")
  sigma <- lavInspect(fit, "cov.ov")
  out <- lapply(colnames(est$lambda), function(f) {
    l <- est$lambda[, f] * sqrt(phi[f, f])
    k <- l != 0
    a <- drop(l[k] %*% solve(sigma[k, k] - tcrossprod(l[k]), l[k]))
    a / (1 + a)
  })
  names(out) <- colnames(est$lambda)
  out
}

defined <- function(fit) {
  p <- parameterEstimates(fit)
  p <- p[p$op == ":=", ]
  found <- lapply(seq_len(nrow(p)), function(i) list(estimate = p$est[i], se = p$se[i]))
  names(found) <- p$lhs
  found
}

as_list <- function(x) as.list(unclass(x))[names(x)]

three <- "
  visual =~ v1*x1 + v2*x2 + v3*x3
  textual =~ x4 + x5 + x6
  speed =~ x7 + x8 + x9
  x1 ~~ e1*x1
  x2 ~~ e2*x2
  x3 ~~ e3*x3
  cr := (v1 + v2 + v3)^2 / ((v1 + v2 + v3)^2 + e1 + e2 + e3)
  info := v1^2 / e1 + v2^2 / e2 + v3^2 / e3
  h := info / (1 + info)
  std := (v1 / sqrt(v1^2 + e1) + v2 / sqrt(v2^2 + e2) + v3 / sqrt(v3^2 + e3))^2 /
    ((v1 / sqrt(v1^2 + e1) + v2 / sqrt(v2^2 + e2) + v3 / sqrt(v3^2 + e3))^2 +
     e1 / (v1^2 + e1) + e2 / (v2^2 + e2) + e3 / (v3^2 + e3))
"

correlated <- "
  visual =~ v1*x1 + v2*x2 + v3*x3 + v9*x9
  textual =~ x4 + x5 + x6
  speed =~ s7*x7 + s8*x8 + s9*x9
  x1 ~~ e12*x2
  x1 ~~ e1*x1
  x2 ~~ e2*x2
  x3 ~~ e3*x3
  x9 ~~ e9*x9
  visual ~~ c*speed
  own := (v1 + v2 + v3 + v9)^2
  cr := own / (own + s9^2 + 2 * s9 * c * (v1 + v2 + v3 + v9) + e1 + e2 + e3 + e9 + 2 * e12)
"

second <- "
  visual =~ a1*x1 + a2*x2 + a3*x3
  textual =~ b4*x4 + b5*x5 + b6*x6
  speed =~ d7*x7 + d8*x8 + d9*x9
  ability =~ g1*visual + g2*textual + g3*speed
  x1 ~~ e1*x1
  x2 ~~ e2*x2
  x3 ~~ e3*x3
  x4 ~~ e4*x4
  x5 ~~ e5*x5
  x6 ~~ e6*x6
  x7 ~~ e7*x7
  x8 ~~ e8*x8
  x9 ~~ e9*x9
  A := a1 + a2 + a3
  B := b4 + b5 + b6
  D := d7 + d8 + d9
  common := (A * g1 + B * g2 + D * g3)^2
  errors := e1 + e2 + e3 + e4 + e5 + e6 + e7 + e8 + e9
  l1 := common / (common + A^2 + B^2 + D^2 + errors)
  l2 := (g1 + g2 + g3)^2 / ((g1 + g2 + g3)^2 + 3)
  partial := common / (common + errors)
  total := (common + A^2 + B^2 + D^2) / (common + A^2 + B^2 + D^2 + errors)
"

items <- paste0("x", 1:9)
# The items of the first area have no specific factor, since a fourth factor leaves a variance below zero in these data.
bifactor <- paste(c(
  paste("g =~", paste0("g", 1:9, "*", items, collapse = " + ")),
  "textual =~ s4*x4 + s5*x5 + s6*x6",
  "speed =~ s7*x7 + s8*x8 + s9*x9",
  paste0(items, " ~~ e", 1:9, "*", items),
  paste0("w", 1:3, " := g", 1:3, "^2 + e", 1:3),
  paste0("w", 4:9, " := g", 4:9, "^2 + s", 4:9, "^2 + e", 4:9),
  "G := g1 + g2 + g3 + g4 + g5 + g6 + g7 + g8 + g9",
  "V := G^2 + (s4 + s5 + s6)^2 + (s7 + s8 + s9)^2 + e1 + e2 + e3 + e4 + e5 + e6 + e7 + e8 + e9",
  "omega_h := G^2 / V",
  "omega := 1 - (e1 + e2 + e3 + e4 + e5 + e6 + e7 + e8 + e9) / V",
  "omega_limit := G^2 / (G^2 + (s4 + s5 + s6)^2 + (s7 + s8 + s9)^2)",
  "omega_hs := (s4 + s5 + s6)^2 / ((g4 + g5 + g6)^2 + (s4 + s5 + s6)^2 + e4 + e5 + e6)",
  paste("gg :=", paste0("g", 1:9, "^2 / w", 1:9, collapse = " + ")),
  paste("ss :=", paste0("s", 4:9, "^2 / w", 4:9, collapse = " + ")),
  "ecv := gg / (gg + ss)",
  paste("hg :=", paste0("(g", 1:9, "^2 / w", 1:9, ") / (1 - g", 1:9, "^2 / w", 1:9, ")", collapse = " + ")),
  "h := hg / (1 + hg)"
), collapse = "\n")

case <- function(model, ..., l2 = NULL) {
  fit <- fitted(model, ...)
  found <- list(
    comprelsem = list(
      model = as_list(quietly(compRelSEM(fit, obs.var = FALSE, higher = if (is.null(l2)) character(0) else l2))),
      sample = as_list(quietly(compRelSEM(fit, obs.var = TRUE, higher = if (is.null(l2)) character(0) else l2)))
    ),
    defined = defined(fit)
  )
  if (is.null(l2)) found$maximal <- maximal(fit) else found$l2 <- as.list(quietly(reliabilityL2(fit, l2)))
  found
}

content <- list(
  versions = list(R = as.character(getRversion()), lavaan = as.character(packageVersion("lavaan")),
                  semTools = as.character(packageVersion("semTools")), jsonlite = as.character(packageVersion("jsonlite"))),
  cases = list(
    three = case(three), correlated = case(correlated), second = case(second, l2 = "ability"),
    bifactor = case(bifactor, orthogonal = TRUE)
  )
)
write_json(content, file.path(out, "models.json"), digits = NA, auto_unbox = TRUE, pretty = 2, na = "null")
