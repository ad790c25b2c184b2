# The simulated survey of this folder: made here, belonging to nobody.
#
# Run from the repository root:  Rscript tests/reference/ordinal_reliability/simulate.R <output folder>
# Writes <output folder>/data/survey.csv; the committed copy lies in tests/reference/ordinal_reliability/data and is
# what the other scripts read. Base R only (4.2.2), seed 20240611; RNGkind is set, so every R >= 3.6 draws the same.
#
# 500 rows in two groups (g = 1, 2). Items: a1 to a4 with five categories, b1 to b4 with three, c1 to c4 with two, d1 to
# d3 with seven, v1 to v3 continuous. Four factors that correlate; the errors of a1 and a2, and of b3 and b4, correlate.
#
# Not verified: nothing is compared with the population values; the data only have to exercise the formulas.

given <- commandArgs(trailingOnly = TRUE)
if (length(given) != 1) stop("run: Rscript tests/reference/ordinal_reliability/simulate.R <output folder>")
OUT <- file.path(given[1], "data")
dir.create(OUT, recursive = TRUE, showWarnings = FALSE)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(20240611)

N <- 500
PHI <- matrix(0.45, 5, 5) + diag(0.55, 5)
factors <- matrix(rnorm(5 * N), N) %*% chol(PHI)
group <- rep(1:2, c(280, 220))
factors[group == 2, ] <- sweep(1.2 * factors[group == 2, ], 2, c(0.4, -0.2, 0.3, 0, 0.2), "+")

# Latent responses with variance 1 in group 1.
responses <- function(k, loadings) {
  noise <- matrix(rnorm(N * length(loadings)), N)
  outer(factors[, k], loadings) + sweep(noise, 2, sqrt(1 - loadings^2), "*")
}
tied <- function(y, i, j, by) {
  shared <- rnorm(N)
  y[, i] <- y[, i] + by * shared
  y[, j] <- y[, j] + by * shared
  y
}
cut_at <- function(y, cuts) apply(y, 2, function(x) findInterval(x, cuts) + 1)

a <- cut_at(tied(responses(1, c(0.8, 0.7, 0.75, 0.6)), 1, 2, 0.35), c(-1.3, -0.5, 0.3, 1.1))
b <- cut_at(tied(responses(2, c(0.7, 0.8, 0.6, 0.65)), 3, 4, 0.4), c(-0.4, 0.7))
c <- cut_at(responses(3, c(0.75, 0.65, 0.8, 0.7)), 0.3) - 1
d <- cut_at(responses(4, c(0.85, 0.7, 0.6)), c(-1.6, -0.9, -0.3, 0.2, 0.8, 1.5))
v <- round(responses(5, c(0.8, 0.7, 0.6)) * 2 + 3, 3)

frame <- data.frame(group, a, b, c, d, v)
names(frame) <- c("g", paste0("a", 1:4), paste0("b", 1:4), paste0("c", 1:4), paste0("d", 1:3), paste0("v", 1:3))
write.csv(frame, file.path(OUT, "survey.csv"), row.names = FALSE, quote = FALSE, eol = "\n")
