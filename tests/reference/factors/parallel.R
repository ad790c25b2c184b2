# Parallel analysis: eigenvalues of the items, and what random data give, from psych, nFactors and lavaan.
#
# Run from the repository root:  Rscript tests/reference/factors/parallel.R [output folder]
# Writes <output folder>/parallel.json (default folder: build/reference/factors).
# Versions: R 4.2.2, psych 2.2.9, nFactors 2.4.1.1, lavaan 0.6-14, jsonlite 1.8.4; the file names the versions that
# made it.
#
# What is computed:
#   items, for each case: psych::fa.parallel(...)$pc.values, $fa.values with SMC = TRUE (squared multiple correlations
#     in the diagonal), and psych::fa(R, 1, fm = "minres", min.err tightened)$values (communalities of one factor)
#   polychoric: the eigenvalues of lavaan::lavCor(..., ordered = all items), complete answers
#   random, for sizes of samples: mean, sd and 95 % quantile of the eigenvalues of 2,000 samples of independent normal
#     variables, without and with squared multiple correlations in the diagonal (psych::smc), in a plain loop; and
#     nFactors::parallel's mean and 95 % quantile of 2,000 samples for the components
#
# Random values are reproduced by set.seed within one version of R only, and the tests hold them in distribution.
#
# Not verified here: that the packages are right; minres communalities of random data.

suppressPackageStartupMessages(library(psych))
suppressPackageStartupMessages(library(nFactors))
source("tests/reference/factors/_number.R")

one_case <- function(data) {
  items <- items_of(data)
  R <- cor(items, use = "pairwise")
  set.seed(1)
  quiet <- capture.output(found <- quietly(
    fa.parallel(R, n.obs = nrow(items), n.iter = 2, SMC = TRUE, plot = FALSE)
  ))
  quiet <- capture.output(minres <- quietly(fa(R, 1, fm = "minres", rotate = "none", min.err = 1e-12)))
  list(data = data, components = found$pc.values, smc = found$fa.values, minres = minres$values)
}

polychoric_case <- function(data) {
  items <- na.omit(items_of(data))
  R <- quietly(lavaan::lavCor(items, ordered = names(items)))
  list(data = data, components = eigen(unclass(R))$values)
}

random_case <- function(n, p, draws = 2000) {
  set.seed(20090317)
  one <- function(i) {
    R <- cor(matrix(rnorm(n * p), n))
    S <- R
    diag(S) <- smc(R)
    c(eigen(R)$values, eigen(S)$values)
  }
  values <- vapply(seq_len(draws), one, numeric(2 * p))
  said <- function(rows) {
    own <- values[rows, ]
    list(mean = rowMeans(own), sd = apply(own, 1, sd), quantile = apply(own, 1, quantile, 0.95))
  }
  other <- parallel(subject = n, var = p, rep = draws, quantile = 0.95)$eigen
  list(
    n = n, p = p, draws = draws, components = said(1:p), factors = said(p + 1:p),
    nfactors = list(mean = as.numeric(other$mevpea), quantile = as.numeric(other$qevpea))
  )
}

cases <- lapply(c(holzinger = "holzinger", ordinal = "ordinal", gaps = "gaps", binary = "binary"), one_case)
cases$polychoric <- polychoric_case("ordinal")
cases$polychoric_binary <- polychoric_case("binary")
cases$random_60_5 <- random_case(60, 5)
cases$random_300_12 <- random_case(300, 12)

write_reference(cases, c("psych", "nFactors", "lavaan", "jsonlite"), file.path(output_folder(), "parallel.json"))
