# Little's test of missing completely at random.
#
# Run from the repository root:  Rscript tests/reference/screening/little.R [output folder]
# Writes <output folder>/little.json (default folder: build/reference/screening).
# Versions: R 4.2.2, lavaan 0.6-14, jsonlite 1.8.4; the file names the versions that made it.
#
# What is computed: d^2 of Little (1988) by its formula, pattern by pattern, from EM moments that _shared.R iterates
# to 1e-13, covariances times n / (n - 1). lavaan's own moments of the saturated model (missing = "ml") are compared
# with them here; the script stops when they differ by more than 1e-3. `chisq_ml_covariance` is the statistic without the
# factor n / (n - 1), for comparison only.
#
# Not verified here: that no program calls something else Little's test.

suppressPackageStartupMessages(library(lavaan))
source("tests/reference/screening/_shared.R")

statistic <- function(x, mu, sigma) {
  x <- x[rowSums(!is.na(x)) > 0, , drop = FALSE]
  pattern <- apply(is.na(x), 1, function(row) paste(which(row), collapse = "-"))
  total <- 0
  df <- -ncol(x)
  for (kind in unique(pattern)) {
    rows <- x[pattern == kind, , drop = FALSE]
    seen <- !is.na(rows[1, ])
    away <- colMeans(rows[, seen, drop = FALSE]) - mu[seen]
    total <- total + nrow(rows) * drop(t(away) %*% solve(sigma[seen, seen, drop = FALSE]) %*% away)
    df <- df + sum(seen)
  }
  list(chisq = total, df = df, patterns = length(unique(pattern)))
}

one_case <- function(x) {
  found <- em_moments(x)
  peer <- lavInspect(lavCor(as.data.frame(x), missing = "ml", output = "fit", meanstructure = TRUE), "sampstat")
  stopifnot(max(abs(peer$mean - found$mean)) < 1e-3, max(abs(peer$cov - found$cov)) < 1e-3)
  little <- statistic(x, found$mean, found$cov * found$n / (found$n - 1))
  c(little, list(
    p_value = pchisq(little$chisq, little$df, lower.tail = FALSE), n_obs = found$n, moved = found$moved,
    chisq_ml_covariance = statistic(x, found$mean, found$cov)$chisq,
    mean = unname(found$mean), cov = unname(found$cov)
  ))
}

gaps <- read_data("gaps")
values <- list(cases = list(
  "ten-items" = c(list(columns = colnames(gaps)), one_case(gaps)),
  "four-items" = c(list(columns = colnames(gaps)[1:4]), one_case(gaps[, 1:4])),
  "two-items" = c(list(columns = colnames(gaps)[c(2, 7)]), one_case(gaps[, c(2, 7)]))
))
write_reference(values, c("lavaan", "jsonlite"), file.path(output_folder(), "little.json"))
