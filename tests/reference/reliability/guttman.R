# Guttman's lower bounds, the greatest lower bound and split halves, from psych and Rcsdp.
#
# Run from the repository root:  Rscript tests/reference/reliability/guttman.R [output folder]
# Writes <output folder>/guttman.json (default folder: build/reference/reliability).
# Versions: R 4.2.2, psych 2.2.9, Rcsdp 0.1.57.4, jsonlite 1.8.4 (lavaan 0.6-14 for data); the file names the versions
# that made it.
#
# What is computed, for each case, from rows without a missing answer:
#   lambdas     lambda 1, 2, 3, 5, 6 of the correlations: psych::guttman
#   lambda4     largest of 4 cov(A, B) / total over every split into two parts of any size, of the correlations: all
#               splits tried one by one here, since psych looks at halves of equal size only
#   glb         psych::glb.algebraic of covariances and of correlations, solved by Rcsdp to about 1e-8
#   halves      Flanagan-Rulon coefficients of every split into halves, of correlations and of covariances: largest,
#               smallest, mean; by psych::splitHalf for an even number of items. Of an odd number psych 2.2.9 looks at
#               every second split only, so that all are tried here with combn.
#   first       for the halves of odd and even items: their correlation; psych has no function for one split
# check.keys stays FALSE: no item is turned.
#
# Not verified here: lambda 4 and halves of more than 10 items; intervals.

suppressPackageStartupMessages({
  library(psych)
  library(Rcsdp)
})
source("tests/reference/reliability/_shared.R")

quietly <- function(expression) suppressMessages(suppressWarnings(expression))

largest_split <- function(cov) {
  k <- ncol(cov)
  best <- -Inf
  for (i in seq_len(2^(k - 1) - 1)) {
    s <- c(1, 1 - 2 * as.integer(intToBits(i))[seq_len(k - 1)])
    best <- max(best, 1 - drop(s %*% cov %*% s) / sum(cov))
  }
  best
}

halves <- function(items, covar) {
  k <- ncol(items)
  if (k %% 2 == 1) {
    c <- if (covar) cov(items) else cor(items)
    all <- combn(k, (k - 1) / 2, function(a) 4 * sum(c[a, -a]) / sum(c))
    return(list(maximum = max(all), minimum = min(all), mean = mean(all), n_splits = length(all)))
  }
  s <- quietly(splitHalf(items, brute = TRUE, covar = covar, check.keys = FALSE, raw = TRUE))
  list(maximum = s$maxrb, minimum = s$minrb, mean = s$meanr, n_splits = length(s$raw))
}

one_case <- function(data, columns) {
  items <- na.omit(items_of(data, columns))
  r <- cor(items)
  found <- list(data = data, columns = columns, n_obs = nrow(items))
  if (ncol(items) > 2) {
    g <- quietly(guttman(r))
    found$lambdas <- list(lambda1 = g$lambda.1, lambda2 = g$lambda.2, lambda3 = g$lambda.3, lambda5 = g$lambda.5,
                          lambda6 = g$lambda.6)
    found$halves <- list(correlations = halves(items, FALSE), covariances = halves(items, TRUE))
  }
  found$lambda4 <- list(correlations = largest_split(r), covariances = largest_split(cov(items)))
  found$glb <- list(correlations = glb.algebraic(r)$glb, covariances = glb.algebraic(cov(items) / mean(diag(cov(items))))$glb)
  odd <- seq(1, ncol(items), 2)
  found$first <- cor(rowSums(items[odd]), rowSums(items[-odd]))
  found
}

q <- function(...) paste0("q", c(...))
x <- function(...) paste0("x", c(...))

cases <- list(
  "hs-visual" = one_case("holzinger", x(1:3)),
  "hs-six" = one_case("holzinger", x(1:6)),
  "hs-all-nine" = one_case("holzinger", x(1:9)),
  "survey-2" = one_case("survey", q(2, 3)),
  "survey-5" = one_case("survey", q(1:5)),
  "survey-7" = one_case("survey", q(1:7)),
  "survey-reversed" = one_case("survey", q(1:8)),
  "ten-rows" = one_case("ten", c("a", "b", "c"))
)

write_reference(cases, c("psych", "Rcsdp", "jsonlite"), file.path(output_folder(), "guttman.json"))
