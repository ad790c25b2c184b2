# Rules on eigenvalues: MAP (psych and formulas), the empirical Kaiser criterion (formula), scree (nFactors).
#
# Run from the repository root:  Rscript tests/reference/factors/eigenvalues.R [output folder]
# Writes <output folder>/eigenvalues.json (default folder: build/reference/factors).
# Versions: R 4.2.2, psych 2.2.9, nFactors 2.4.1.1, jsonlite 1.8.4 (lavaan 0.6-14 for data); the file names the versions
# that made it.
#
# What is computed, for each case, with R = cor(items, use = "pairwise") and its eigenvalues:
#   map_psych           psych::VSS(R, n, ...)$map: means of squared partial correlations after 1, 2, ... components
#   squared, fourth     the same from 0 components on by the formulas of Velicer (1976) and Velicer, Eaton and Fava
#                       (2000), written here with solve() and a loop, and independent of the package's code
#   references          Braeken and van Assen (2017), reference eigenvalues, written as a loop
#   acceleration, optimal, kaiser   nFactors::nScree(eigenvalues)$Components (naf, noc, nkaiser)
#
# Not verified here: that psych and nFactors are right; that the formulas written here are those of the papers.

suppressPackageStartupMessages(library(psych))
suppressPackageStartupMessages(library(nFactors))
source("tests/reference/factors/_number.R")

average_partials <- function(R, power) {
  p <- ncol(R)
  e <- eigen(R)
  lower <- lower.tri(R)
  found <- mean(abs(R[lower])^power)
  for (m in 1:(p - 2)) {
    A <- e$vectors[, 1:m, drop = FALSE] %*% diag(sqrt(e$values[1:m]), m)
    left <- cov2cor(R - A %*% t(A))
    found <- c(found, mean(abs(left[lower])^power))
  }
  found
}

kaiser_references <- function(values, n) {
  p <- length(values)
  found <- numeric(p)
  for (j in 1:p) {
    before <- if (j == 1) 0 else sum(values[1:(j - 1)])
    found[j] <- max((p - before) / (p - j + 1) * (1 + sqrt(p / n))^2, 1)
  }
  found
}

one_case <- function(data) {
  items <- items_of(data)
  R <- cor(items, use = "pairwise")
  n <- nrow(items)
  values <- eigen(R)$values
  most <- if (ncol(R) > 8) 4 else 2
  quiet <- capture.output(vss <- quietly(VSS(R, n = most, n.obs = n, plot = FALSE, fm = "minres")))
  scree <- nScree(x = values)$Components
  list(
    data = data, n_obs = n, eigenvalues = values,
    map_psych = vss$map,
    squared = average_partials(R, 2), fourth = average_partials(R, 4),
    references = kaiser_references(values, n),
    acceleration = scree$naf, optimal = scree$noc, kaiser = scree$nkaiser
  )
}

cases <- lapply(c(holzinger = "holzinger", ordinal = "ordinal", gaps = "gaps", binary = "binary"), one_case)

write_reference(cases, c("psych", "nFactors", "jsonlite"), file.path(output_folder(), "eigenvalues.json"))
