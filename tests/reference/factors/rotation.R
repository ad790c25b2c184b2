# Rotations: GPArotation, R's varimax and promax, and psych's Schmid-Leiman transformation and congruence.
#
# Run from the repository root:  Rscript tests/reference/factors/rotation.R [output folder]
# Writes <output folder>/rotation.json (default folder: build/reference/factors).
# Versions: R 4.2.2, GPArotation 2022.10.2, psych 2.2.9, jsonlite 1.8.4; the file names the versions that made it.
#
# What is computed, for the unrotated loadings of each matrix (`loadings`: principal axes until they stand still):
#   rotations    name -> loadings, phi, value (least criterion found), of GPArotation with eps = 1e-7 from the unit
#                matrix and 3 random starts (12 for bifactor, and the
#                orthogonal solution for targets), the best kept; varimax and promax of R with eps = 1e-15
#   target       the targets that target (full) and partial (NA where free) were given
#   schmid       psych::schmid of the oblimin solution (its loadings and Phi are given to it): general loadings of the
#                factors, loadings on the general and the group factors
#   omega        psych::omega of the matrix as it stops by itself: omega_h, omega.tot, omega.lim, ECV
#   congruence   psych::factor.congruence of the oblimin with the varimax loadings
#
# Not verified here: psych's second-level factor is minimum residuals with about 4 digits when there are more than 3
# factors; `second` gives that factor by principal axes until they stand still.

source("tests/reference/factors/_exploratory.R")
suppressPackageStartupMessages(library(GPArotation))

procrustes <- function(loadings, args) {
  wanted <- if (is.null(args$W)) args$Target else ifelse(args$W == 1, 0, 0.7)
  found <- svd(t(loadings) %*% wanted)
  found$u %*% t(found$v)
}

best_of <- function(loadings, oblique, method, args = NULL, random = 3) {
  search <- if (oblique) GPFoblq else GPForth
  m <- ncol(loadings)
  set.seed(3)
  starts <- c(list(diag(m)), if (!is.null(args$Target)) list(procrustes(loadings, args)), lapply(seq_len(random), function(i) Random.Start(m)))
  found <- lapply(starts, function(start) {
    quietly(search(loadings, Tmat = start, method = method, methodArgs = args, eps = 1e-7, maxit = 2000))
  })
  values <- vapply(found, function(x) x$Table[nrow(x$Table), 2], 0)
  best <- found[[which.min(values)]]
  list(
    loadings = plain(best$loadings), phi = if (oblique) unname(best$Phi) else diag(m), value = min(values)
  )
}

of_varimax <- function(loadings, normalize) {
  found <- varimax(loadings, normalize = normalize, eps = 1e-15)
  list(loadings = plain(found$loadings), phi = diag(ncol(loadings)), value = NA)
}

# R's promax does varimax inside with its default eps; the same steps from a varimax that has converged.
of_promax <- function(loadings, power) {
  x <- plain(varimax(loadings, eps = 1e-15)$loadings)
  found <- promax(x, m = power)
  raw <- plain(found$loadings)
  turn <- found$rotmat
  list(loadings = raw, phi = unname(cov2cor(solve(t(turn) %*% turn))), value = NA)
}

full_target <- function(p, m) outer(1:p, 1:m, function(i, j) ifelse((i - 1) %% m + 1 == j, 0.6, 0))
partial_target <- function(p, m) {
  target <- full_target(p, m)
  target[target > 0] <- NA
  target
}

rotations_of <- function(loadings) {
  p <- nrow(loadings); m <- ncol(loadings)
  full <- full_target(p, m); partial <- partial_target(p, m)
  weights <- 1 * !is.na(partial); zeros <- matrix(0, p, m)
  list(
    varimax = of_varimax(loadings, TRUE),
    varimax_plain = of_varimax(loadings, FALSE),
    promax = of_promax(loadings, 4),
    promax_3 = of_promax(loadings, 3),
    quartimax = best_of(loadings, FALSE, "quartimax"),
    equamax = best_of(loadings, FALSE, "cf", list(kappa = m / (2 * p))),
    oblimin = best_of(loadings, TRUE, "oblimin", list(gam = 0)),
    oblimin_negative = best_of(loadings, TRUE, "oblimin", list(gam = -1)),
    quartimin = best_of(loadings, TRUE, "quartimin"),
    geomin = best_of(loadings, TRUE, "geomin", list(delta = 0.01)),
    geomin_small = best_of(loadings, TRUE, "geomin", list(delta = 0.001)),
    geomin_orthogonal = best_of(loadings, FALSE, "geomin", list(delta = 0.01)),
    crawford_ferguson = best_of(loadings, TRUE, "cf", list(kappa = 1 / p)),
    target = best_of(loadings, TRUE, "target", list(Target = full)),
    target_orthogonal = best_of(loadings, FALSE, "target", list(Target = full)),
    partial = best_of(loadings, TRUE, "pst", list(W = weights, Target = zeros)),
    partial_orthogonal = best_of(loadings, FALSE, "pst", list(W = weights, Target = zeros)),
    bifactor = best_of(loadings, FALSE, "bifactor", NULL, 12)
  )
}

one_case <- function(given) {
  corr <- as.matrix(given$corr); m <- given$m
  loadings <- plain(converged_axes(corr, m))
  rotations <- rotations_of(loadings)
  oblique <- rotations$oblimin
  named <- oblique$loadings
  rownames(named) <- colnames(corr)
  schmid <- quietly(schmid(named, nfactors = m, Phi = oblique$phi))
  whole <- quietly(omega(corr, nfactors = m, n.obs = given$n, plot = FALSE, flip = FALSE))
  second <- if (m > 2) converged_axes(oblique$phi, 1) else NULL
  list(
    names = colnames(corr), corr = unname(corr), m = m, loadings = loadings,
    target = full_target(nrow(loadings), m),
    rotations = rotations,
    schmid = list(general = as.vector(unclass(schmid$gloading)), loadings = unname(schmid$sl[, 1:(m + 1)])),
    second = as.vector(second),
    omega = list(omega_h = whole$omega_h, omega_tot = whole$omega.tot, omega_lim = whole$omega.lim, ecv = whole$ECV,
                 groups = unname(as.matrix(whole$omega.group))),
    congruence = plain(quietly(factor.congruence(oblique$loadings, rotations$varimax$loadings, digits = 15)))
  )
}

chosen <- matrices()[c("harman", "thurstone", "ability", "drawn")]
write_reference(
  lapply(chosen, one_case), c("psych", "GPArotation", "jsonlite"), file.path(exploratory_output(), "rotation.json")
)
