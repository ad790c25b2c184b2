# Indices of content validity by the formulas of their papers, with R's own binomial functions.
#
# Run from the repository root:  Rscript tests/reference/content_validity/content.R [output folder]
# Writes <output folder>/content.json (default folder: build/reference/content_validity).
# Versions: R 4.2.2, jsonlite 1.8.4; the file names the versions that made it.
#
# What is computed, for N experts of whom A agree:
#   agreement   I-CVI = A / N with Wilson's interval (stats::prop.test without continuity correction), the probability
#               dbinom(A, N, 1/2), and kappa* = (I-CVI - Pc) / (1 - Pc) (Polit, Beck and Owen, 2007)
#   critical    for N from 5 to 40 the smallest n with pbinom(n - 1, N, 1/2, lower = FALSE) <= .05, and
#               (2 n - N) / N (Lawshe, 1975; Ayre and Scally, 2014)
#   aiken       V of ratings with its score interval (Penfield and Giacobbi, 2004), as prop.test of n k V successes in
#               n k trials, which is the same interval
#   table       all of it for the ratings in data/ratings.csv: 7 experts, 10 items, relevance from 1 to 4 with gaps
#
# Not verified here: that the formulas are those of the papers.

suppressPackageStartupMessages(library(jsonlite))

given <- commandArgs(trailingOnly = TRUE)
FOLDER <- "tests/reference/content_validity"
if (!file.exists(file.path(FOLDER, "content.R"))) stop("run from the repository root")
out <- if (length(given) == 1) given[1] else "build/reference/content_validity"
dir.create(out, recursive = TRUE, showWarnings = FALSE)

wilson <- function(x, n, level = 0.95) {
  suppressWarnings(as.numeric(prop.test(x, n, conf.level = level, correct = FALSE)$conf.int))
}

agreement <- function(A, N) {
  pc <- dbinom(A, N, 0.5)
  limits <- wilson(A, N)
  list(N = N, A = A, i_cvi = A / N, lower = limits[1], upper = limits[2], chance = pc, kappa = (A / N - pc) / (1 - pc))
}

critical <- function(N) {
  n <- min(which(pbinom(0:N - 1, N, 0.5, lower.tail = FALSE) <= 0.05)) - 1
  list(N = N, n = n, cvr = (2 * n - N) / N)
}

aiken <- function(ratings, points, level = 0.95) {
  k <- points - 1
  V <- (mean(ratings) - 1) / k
  limits <- wilson(sum(ratings - 1), length(ratings) * k, level)
  list(V = V, lower = limits[1], upper = limits[2])
}

ratings <- as.matrix(read.csv(file.path(FOLDER, "data", "ratings.csv"))[, -1])
table <- lapply(seq_len(ncol(ratings)), function(j) {
  x <- na.omit(ratings[, j])
  c(agreement(sum(x >= 3), length(x)), aiken(x, 4, 0.9))
})
names(table) <- colnames(ratings)

pairs <- do.call(c, lapply(3:12, function(N) lapply(0:N, function(A) agreement(A, N))))
content <- list(
  versions = list(R = as.character(getRversion()), jsonlite = as.character(packageVersion("jsonlite"))),
  agreement = pairs,
  critical = lapply(5:40, critical),
  aiken = list(
    list(ratings = c(4, 4, 3, 5, 4), points = 5, result = aiken(c(4, 4, 3, 5, 4), 5)),
    list(ratings = c(4, 4, 4), points = 4, result = aiken(c(4, 4, 4), 4)),
    list(ratings = c(1, 2, 1, 1), points = 4, result = aiken(c(1, 2, 1, 1), 4))
  ),
  table = table
)
write_json(content, file.path(out, "content.json"), digits = NA, auto_unbox = TRUE, pretty = 2, na = "null")
