# What the scripts on extraction, rotation and scores share: correlation matrices, and how values are written.
# Sourced by the scripts, never run alone (its name starts with an underscore).

suppressPackageStartupMessages({library(jsonlite); library(psych)})

FOLDER <- "tests/reference/factors"

exploratory_output <- function() {
  given <- commandArgs(trailingOnly = TRUE)
  if (length(given) > 1 || !file.exists(file.path(FOLDER, "_exploratory.R"))) {
    stop("run from the repository root: Rscript ", FOLDER, "/<topic>.R [output folder]")
  }
  out <- if (length(given) == 1) given[1] else "build/reference/factors"
  dir.create(out, recursive = TRUE, showWarnings = FALSE)
  out
}

quietly <- function(expression) {
  invisible(capture.output(value <- suppressMessages(suppressWarnings(expression))))
  value
}

# Correlations of a population with m correlated factors and small cross-loadings, from drawn people.
simulated <- function(seed, p, m, n, phi = 0.3) {
  set.seed(seed)
  pattern <- matrix(0, p, m)
  for (j in 1:p) {
    own <- (j - 1) %% m + 1
    pattern[j, own] <- runif(1, 0.45, 0.8)
    pattern[j, own %% m + 1] <- runif(1, 0, 0.25)
  }
  correlations <- matrix(phi, m, m)
  diag(correlations) <- 1
  common <- pattern %*% correlations %*% t(pattern)
  diag(common) <- 1
  drawn <- matrix(rnorm(n * p), n, p) %*% chol(common)
  found <- cor(drawn)
  dimnames(found) <- list(paste0("v", 1:p), paste0("v", 1:p))
  found
}

# Matrices with the number of people and of factors. Harman's 24 tests, Thurstone's 9 and the six
# of ability are printed in the literature.
matrices <- function() {
  list(
    harman = list(corr = datasets::Harman74.cor$cov, n = 145, m = 4),
    thurstone = list(corr = psych::Thurstone, n = 213, m = 3),
    ability = list(corr = cov2cor(datasets::ability.cov$cov), n = 112, m = 2),
    drawn = list(corr = simulated(7, 18, 3, 250), n = 250, m = 3),
    many = list(corr = simulated(8, 30, 5, 400, 0.4), n = 400, m = 5),
    one = list(corr = simulated(9, 6, 1, 120), n = 120, m = 1),
    heywood = list(corr = simulated(3, 12, 3, 30), n = 30, m = 3)
  )
}

# Principal axes taken until communalities stand still: the solution of minimum residuals without a bound.
converged_axes <- function(corr, m) {
  start <- quietly(fa(corr, m, rotate = "none", fm = "pa", min.err = 1e-15, max.iter = 200000))
  unclass(start$loadings)
}

plain <- function(x) unname(as.matrix(unclass(x)))

versions_of <- function(packages) {
  shown <- vapply(packages, function(p) as.character(packageVersion(p)), "")
  c(list(R = as.character(getRversion())), as.list(shown))
}

# All digits: jsonlite writes 15 significant ones with digits = NA. NA and NaN become null.
write_reference <- function(cases, packages, file) {
  content <- list(versions = versions_of(packages), cases = cases)
  write_json(content, file, digits = NA, auto_unbox = TRUE, pretty = 2, na = "null", null = "null")
}
