# Indices of careless answering.
#
# Run from the repository root:  Rscript tests/reference/screening/careless.R [output folder]
# Writes <output folder>/careless.json (default folder: build/reference/screening).
# Versions: R 4.2.2, jsonlite 1.8.4; the file names the versions that made it.
#
# What is computed, row by row with R's own functions and nothing of the package careless (which Debian does not have):
#   long_string, average_string   rle of the answers as given; missing answers end a run and are no run
#   irv                           sd
#   even_odd                      mean of the 1st and 3rd against mean of the 2nd and 4th item of each scale, reverse-worded
#                                 items turned; cor over the five scales; 2 r / (1 + r), not below -1
#   synonyms, antonyms            pairs with a correlation above (below) the critical one; cor over the pairs
#   person_total                  cor with the means of all other people
#   mahalanobis, mahalanobis_p    mahalanobis() and pchisq(); with gaps from EM moments (see _shared.R), covariances times
#                                 n / (n - 1), over the answered items of each row
#   duplicates, max_match         comparison of all pairs of rows
#
# Not verified here: what other programs call by these names (the package careless turns the sign of even-odd).

source("tests/reference/screening/_shared.R")

survey <- read_data("survey")
gaps <- read_data("gaps")

runs <- function(row) {
  length_of <- rle(ifelse(is.na(row), -seq_along(row), row))
  length_of$lengths[length_of$values > 0]
}
longest <- function(x) apply(x, 1, function(row) if (all(is.na(row))) NA else max(runs(row)))
average <- function(x) apply(x, 1, function(row) if (all(is.na(row))) NA else mean(runs(row)))

cor_of <- function(a, b) {
  keep <- !is.na(a) & !is.na(b)
  a <- a[keep]
  b <- b[keep]
  if (length(a) < 3 || max(a) - min(a) < 1e-12 || max(b) - min(b) < 1e-12) NA else cor(a, b)
}

even_odd <- function(x) {
  apply(x, 1, function(row) {
    scales <- matrix(row, nrow = 4)
    r <- cor_of(colMeans(scales[c(1, 3), ]), colMeans(scales[c(2, 4), ]))
    if (is.na(r)) NA else if (r <= -1) -1 else max(2 * r / (1 + r), -1)
  })
}

pairs_of <- function(x, keep) {
  r <- suppressWarnings(cor(x, use = "pairwise.complete.obs"))
  which(keep(r) & upper.tri(r), arr.ind = TRUE)
}
within <- function(x, keep) {
  at <- pairs_of(x, keep)
  list(n_pairs = nrow(at), values = apply(x, 1, function(row) cor_of(row[at[, 1]], row[at[, 2]])))
}

person_total <- function(x) {
  vapply(seq_len(nrow(x)), function(i) cor_of(x[i, ], colMeans(x[-i, ], na.rm = TRUE)), 0)
}

distance <- function(x) {
  complete <- !anyNA(x)
  moments <- if (complete) list(mean = colMeans(x), cov = cov(x)) else em_moments(x)
  if (!complete) moments$cov <- moments$cov * moments$n / (moments$n - 1)
  t(apply(x, 1, function(row) {
    seen <- !is.na(row)
    if (!any(seen)) return(c(NA, NA))
    d <- mahalanobis(matrix(row[seen], 1), moments$mean[seen], moments$cov[seen, seen, drop = FALSE])
    c(d, pchisq(d, sum(seen), lower.tail = FALSE))
  }))
}

matching <- function(x) {
  n <- nrow(x)
  copies <- numeric(n)
  best <- rep(NA_real_, n)
  for (i in seq_len(n)) {
    for (j in seq_len(n)[-i]) {
      copies[i] <- copies[i] + identical(unname(x[i, ]), unname(x[j, ]))
      both <- !is.na(x[i, ]) & !is.na(x[j, ])
      if (sum(both) >= ncol(x) / 2) best[i] <- max(best[i], mean(x[i, both] == x[j, both]), na.rm = TRUE)
    }
  }
  copies[rowSums(!is.na(x)) == 0] <- NA
  list(duplicates = copies, max_match = best)
}

turned <- survey
turned[, seq(4, 20, 4)] <- 6 - turned[, seq(4, 20, 4)]

one_case <- function(x, high, low) {
  synonyms <- within(x, function(r) r > high)
  antonyms <- within(x, function(r) r < low)
  far <- distance(x)
  c(list(
    high = high, low = low,
    long_string = longest(x), average_string = average(x), irv = apply(x, 1, sd, na.rm = TRUE),
    n_synonyms = synonyms$n_pairs, synonyms = synonyms$values,
    n_antonyms = antonyms$n_pairs, antonyms = antonyms$values,
    person_total = person_total(x), mahalanobis = far[, 1], mahalanobis_p = far[, 2]
  ), matching(x))
}

values <- list(
  survey = c(one_case(survey, 0.4, -0.4), list(even_odd = even_odd(turned))),
  gaps = one_case(gaps, 0.3, -0.3)
)
write_reference(values, "jsonlite", file.path(output_folder(), "careless.json"))
