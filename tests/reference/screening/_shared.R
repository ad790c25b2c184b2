# What the scripts of this folder share: where the data are, how values are written, and EM moments.
# Sourced by the scripts, never run alone (its name starts with an underscore).

suppressPackageStartupMessages(library(jsonlite))

FOLDER <- "tests/reference/screening"

output_folder <- function() {
  given <- commandArgs(trailingOnly = TRUE)
  if (length(given) > 1 || !file.exists(file.path(FOLDER, "_shared.R"))) {
    stop("run from the repository root: Rscript ", FOLDER, "/<topic>.R [output folder]")
  }
  out <- if (length(given) == 1) given[1] else "build/reference/screening"
  dir.create(out, recursive = TRUE, showWarnings = FALSE)
  out
}

read_data <- function(name) as.matrix(read.csv(file.path(FOLDER, "data", paste0(name, ".csv"))))

write_reference <- function(values, packages, file) {
  shown <- vapply(packages, function(p) as.character(packageVersion(p)), "")
  content <- c(list(versions = c(list(R = as.character(getRversion())), as.list(shown))), values)
  write_json(content, file, digits = NA, auto_unbox = TRUE, pretty = 2, na = "null", null = "null")
}

# Maximum-likelihood moments of incomplete normal rows: the textbook EM algorithm, row by row, without any
# acceleration, until no moment moves by more than 1e-13.
em_moments <- function(x, steps = 20000, tolerance = 1e-13) {
  x <- x[rowSums(!is.na(x)) > 0, , drop = FALSE]
  mu <- colMeans(x, na.rm = TRUE)
  sigma <- diag(apply(x, 2, var, na.rm = TRUE))
  for (step in seq_len(steps)) {
    sums <- numeric(ncol(x))
    products <- matrix(0, ncol(x), ncol(x))
    for (i in seq_len(nrow(x))) {
      seen <- !is.na(x[i, ])
      filled <- x[i, ]
      extra <- matrix(0, ncol(x), ncol(x))
      if (!all(seen)) {
        slopes <- sigma[!seen, seen, drop = FALSE] %*% solve(sigma[seen, seen, drop = FALSE])
        filled[!seen] <- mu[!seen] + slopes %*% (x[i, seen] - mu[seen])
        extra[!seen, !seen] <- sigma[!seen, !seen] - slopes %*% sigma[seen, !seen, drop = FALSE]
      }
      sums <- sums + filled
      products <- products + tcrossprod(filled) + extra
    }
    new_mu <- sums / nrow(x)
    new_sigma <- products / nrow(x) - tcrossprod(new_mu)
    moved <- max(abs(new_mu - mu), abs(new_sigma - sigma))
    mu <- new_mu
    sigma <- new_sigma
    if (moved < tolerance) break
  }
  list(mean = mu, cov = sigma, n = nrow(x), moved = moved)
}
