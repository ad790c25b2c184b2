# Errors and limits of alpha that need no normal distribution, from lavaan and boot.
#
# Run from the repository root:  Rscript tests/reference/reliability/intervals.R [output folder]
# Writes <output folder>/intervals.json (default folder: build/reference/reliability).
# Versions: R 4.2.2, lavaan 0.6-14, boot 1.3-28.1, jsonlite 1.8.4; the file names the versions that made it.
#
# What is computed, for each case, from rows without a missing answer:
#   adf_se, standardized_se   delta method with the asymptotic covariance matrix of the sample covariances (Browne
#                             1984) that lavaan makes for WLS, lavInspect(fit, "gamma"); derivatives of alpha and of
#                             standardised alpha by central differences. lavaan divides by n^2; the stored error
#                             is that times sqrt(n / (n - 1)).
#   limits                    boot::boot.ci of alpha and standardised alpha: percentile and BCa, with the draws in
#                             `rows` (row numbers, one line a draw) and acceleration from boot's influence values
#                             of the jackknife type "inf" (infinitesimal jackknife, numerical)
# The normal-theory intervals of Bonett and of Hakstian and Whalen are not in these packages.
#
# Not verified here: that the limits cover; what is done with missing answers.

suppressPackageStartupMessages({
  library(lavaan)
  library(boot)
})
source("tests/reference/reliability/_shared.R")

alpha_of <- function(cov) {
  k <- ncol(cov)
  k / (k - 1) * (1 - sum(diag(cov)) / sum(cov))
}

standardized_of <- function(cov) alpha_of(cov2cor(cov))

# Covariances by their lower triangle, column by column, as lavaan orders them.
from_vech <- function(x, k) {
  cov <- matrix(0, k, k)
  cov[lower.tri(cov, diag = TRUE)] <- x
  cov + t(cov) - diag(diag(cov))
}

slopes <- function(f, cov) {
  x <- cov[lower.tri(cov, diag = TRUE)]
  vapply(seq_along(x), function(i) {
    h <- 1e-5 * max(abs(x))
    up <- down <- x
    up[i] <- up[i] + h
    down[i] <- down[i] - h
    (f(from_vech(up, ncol(cov))) - f(from_vech(down, ncol(cov)))) / (2 * h)
  }, 0)
}

errors <- function(items) {
  model <- paste("f =~", paste(colnames(items), collapse = " + "))
  fit <- cfa(model, items, estimator = "WLSMV", se = "none", test = "none", meanstructure = FALSE)
  gamma <- lavInspect(fit, "gamma")
  n <- nrow(items)
  cov <- cov(items) * (n - 1) / n
  se <- function(f) {
    d <- slopes(f, cov)
    sqrt(drop(d %*% gamma %*% d) / n * n / (n - 1))
  }
  list(adf_se = se(alpha_of), standardized_se = se(standardized_of))
}

weighted <- function(items, w, f) f(cov.wt(as.matrix(items), as.vector(w) / sum(w), method = "ML")$cov)

limits <- function(items, draws, ci) {
  set.seed(4)
  found <- lapply(list(alpha = alpha_of, standardized = standardized_of), function(f) {
    set.seed(4)
    b <- boot(items, function(d, w) weighted(d, w, f), R = draws, stype = "w")
    speed <- empinf(b, type = "inf", eps = 1e-5)
    made <- boot.ci(b, conf = ci, type = c("perc", "bca"), L = speed)
    list(estimate = b$t0, percentile = made$percent[4:5], bca = made$bca[4:5], se = sd(b$t))
  })
  set.seed(4)
  b <- boot(items, function(d, w) 0, R = draws, stype = "w")
  found$rows <- unname(boot.array(b, indices = TRUE))
  found
}

one_case <- function(data, columns, draws = 0, ci = 0.95) {
  items <- na.omit(items_of(data, columns))
  # lavaan wants variances of one size
  items <- as.data.frame(scale(items, scale = FALSE) / mean(sapply(items, sd)))
  found <- c(list(data = data, columns = columns, ci = ci, n_obs = nrow(items), alpha = alpha_of(cov(items))), errors(items))
  if (draws > 0) found$limits <- limits(items, draws, ci)
  found
}

q <- function(...) paste0("q", c(...))

cases <- list(
  "hs-textual" = one_case("holzinger", paste0("x", 4:6)),
  "hs-all-nine" = one_case("holzinger", paste0("x", 1:9)),
  "survey-7" = one_case("survey", q(1:7)),
  "survey-reversed" = one_case("survey", q(1:8)),
  "opposed" = one_case("opposed", paste0("n", 1:4), draws = 199)
)

write_reference(cases, c("lavaan", "boot", "jsonlite"), file.path(output_folder(), "intervals.json"))
