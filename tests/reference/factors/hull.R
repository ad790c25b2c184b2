# The hull method, by the steps of Lorenzo-Seva, Timmerman and Kiers (2011), with solutions from factanal and psych.
#
# Run from the repository root:  Rscript tests/reference/factors/hull.R [output folder]
# Writes <output folder>/hull.json (default folder: build/reference/factors).
# Versions: R 4.2.2, psych 2.2.9, jsonlite 1.8.4 (lavaan 0.6-14 for data); the file names the versions that made it.
#
# What is computed, for each case and 0 to J factors, J given:
#   cfi   1 - (chi_m - df_m) / (chi_0 - df_0), not cut off at 1, chi = (n - 1) * objective of stats::factanal (maximum
#         likelihood); chi_0 from -log(det(R))
#   caf   1 - psych::KMO of R - LL' with ones in its diagonal, L from psych::fa(fm = "minres")
#   for both: which solutions are on the hull, their st values and the number chosen, written as loops from the paper's
#   steps and independent of the package's code
#
# Not verified here: that the steps written here are those of the paper; the parallel analysis that gives J.

suppressPackageStartupMessages(library(psych))
source("tests/reference/factors/_number.R")

df_of <- function(p, m) ((p - m)^2 - p - m) / 2

hull_of <- function(fit, df) {
  kept <- 1
  for (i in seq_along(fit)[-1]) if (fit[i] > max(fit[1:(i - 1)])) kept <- c(kept, i)
  repeat {
    gone <- NULL
    if (length(kept) > 2) for (t in 2:(length(kept) - 1)) {
      a <- kept[t - 1]; b <- kept[t]; c <- kept[t + 1]
      line <- fit[a] + (fit[c] - fit[a]) * (df[a] - df[b]) / (df[a] - df[c])
      if (fit[b] <= line) { gone <- t; break }
    }
    if (is.null(gone)) break
    kept <- kept[-gone]
  }
  st <- rep(NA_real_, length(fit))
  if (length(kept) > 2) for (t in 2:(length(kept) - 1)) {
    a <- kept[t - 1]; b <- kept[t]; c <- kept[t + 1]
    st[b] <- ((fit[b] - fit[a]) / (df[a] - df[b])) / ((fit[c] - fit[b]) / (df[b] - df[c]))
  }
  list(fit = fit, on_hull = seq_along(fit) %in% kept, st = st, chosen = which.max(st) - 1)
}

one_case <- function(data, J) {
  set.seed(1)
  items <- items_of(data)
  R <- cor(items, use = "pairwise")
  n <- nrow(items)
  p <- ncol(R)
  df <- sapply(0:J, function(m) df_of(p, m))
  chi <- (n - 1) * c(-log(det(R)), sapply(1:J, function(m) {
    factanal(covmat = R, factors = m, n.obs = n, rotation = "none", control = list(nstart = 20, lower = 0.005, opt = list(factr = 10)))$
      criteria[["objective"]]
  }))
  cfi <- 1 - (chi - df) / (chi[1] - df[1])
  caf <- 1 - c(KMO(R)$MSA, sapply(1:J, function(m) {
    quiet <- capture.output(L <- quietly(fa(R, m, fm = "minres", rotate = "none", min.err = 1e-12))$loadings)
    left <- R - L %*% t(L)
    diag(left) <- 1
    KMO(left)$MSA
  }))
  list(data = data, n_obs = n, max_factors = J, df = df, cfi = hull_of(cfi, df), caf = hull_of(caf, df))
}

cases <- list(
  holzinger = one_case("holzinger", 4), ordinal = one_case("ordinal", 4), gaps = one_case("gaps", 4)
)

write_reference(cases, c("psych", "jsonlite"), file.path(output_folder(), "hull.json"))
