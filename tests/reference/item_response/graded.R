# Graded response model: estimates, curves, scores, item fit, local dependence, from OpenMx and rpf.
#
# Run from the repository root:  Rscript tests/reference/item_response/graded.R [output folder]
# Writes <output folder>/graded.json (default folder: build/reference/item_response).
# Versions: R 4.2.2, OpenMx 2.21.1, rpf 1.0.11, jsonlite 1.8.4; the file names the versions that made it.
#
# What is computed, for each case (49 points from -6 to 6 throughout):
#   deviance, slopes, intercepts, se   mxExpectationBA81 with mxComputeEM; standard errors by "oakes1999"
#   information, probabilities         rpf.info and rpf.prob at theta = -2, -1, 0, 1, 2
#   eap                                EAPscores of the first 40 people
#   ml, map, wle                       the same people, by uniroot on the derivative of the log-likelihood, with that of
#                                      the log prior (map), with J / (2 I) of Warm (1989) and Samejima (1993) added (wle);
#                                      probabilities and derivatives are written here, in base R
#   sum_scores                         sumScoreEAP (complete cases only): p, f1, se1
#   s_x2                               SitemFit(alt = TRUE): expected table, statistic, df, log p (complete cases only)
#   pairs                              ChenThissen1997: expected two-way tables and X2 (complete cases only)
#
# rpf holds slopes above 1e-6, so m8 of "mixed" is turned here (5 - m8). The standard errors rest on numerical
# differences (Oakes 1999) and have about six digits.
#
# Not verified: that OpenMx and rpf are right; nothing is compared with a publication here.

source("tests/reference/item_response/_shared.R")

THETA <- c(-2, -1, 0, 1, 2)
PEOPLE <- 1:40

plain <- function(param, theta) {
  a <- param[1]; d <- na.omit(param[-1])
  star <- c(1, plogis(a * theta + d), 0)
  f <- star * (1 - star)
  g <- f * (1 - 2 * star)
  ratio <- a * (1 - star[-1] - star[-length(star)]) # p1 / p, without a division by what may be zero
  list(p1 = -a * diff(f), p2 = -a^2 * diff(g), ratio = ratio)
}

slope_of <- function(theta, answers, params, kind) {
  parts <- lapply(seq_along(answers), function(j) plain(params[, j], theta))
  seen <- which(!is.na(answers))
  along <- sum(sapply(seen, function(j) parts[[j]]$ratio[answers[j]]))
  info <- sum(sapply(seen, function(j) with(parts[[j]], sum(p1 * ratio))))
  bias <- sum(sapply(seen, function(j) with(parts[[j]], sum(p2 * ratio))))
  along + switch(kind, ml = 0, map = -theta, wle = bias / (2 * info))
}

root_of <- function(answers, params, kind) {
  f <- function(theta) slope_of(theta, answers, params, kind)
  if (f(-15) * f(15) > 0) return(NA_real_)
  uniroot(f, c(-15, 15), tol = 1e-13)$root
}

by_item <- function(m) lapply(seq_len(ncol(m)), function(j) I(as.numeric(na.omit(m[, j]))))

one_case <- function(name, equal_slopes = FALSE) {
  raw <- answers_of(name)
  if (name == "mixed") raw$m8 <- 5 - raw$m8
  data <- as_factors(raw)
  fit <- fit_graded(data, equal_slopes)
  grp <- as.IFAgroup(fit)
  params <- fit$item$values
  se <- params * NA
  found <- fit$output$standardErrors
  if (equal_slopes) {
    se[1, ] <- found[1]
    se[-1, ][!is.na(params[-1, ])] <- found[-1]
  } else {
    se[!is.na(params)] <- found
  }
  codes <- sapply(data, as.integer)
  complete <- !anyNA(codes)
  scores <- EAPscores(grp)[PEOPLE, ]
  roots <- lapply(c(ml = "ml", map = "map", wle = "wle"), function(kind) {
    sapply(PEOPLE, function(i) root_of(codes[i, ], params, kind))
  })
  found <- c(
    list(
      data = name, equal_slopes = equal_slopes, deviance = fit$output$fit, slopes = params[1, ],
      intercepts = by_item(params[-1, , drop = FALSE]), slope_se = se[1, ],
      intercept_se = by_item(se[-1, , drop = FALSE]),
      theta = THETA,
      information = lapply(seq_along(data), function(j) {
        rpf.info(grp$spec[[j]], na.omit(params[, j]), matrix(THETA, 1))
      }),
      probabilities = lapply(seq_along(data), function(j) {
        t(rpf.prob(grp$spec[[j]], na.omit(params[, j]), matrix(THETA, 1)))
      }),
      eap = scores$f1, eap_se = scores$se1
    ), roots
  )
  if (!complete) return(found)
  sums <- sumScoreEAP(grp)
  fits <- SitemFit(grp, alt = TRUE)
  pairs <- ChenThissen1997(grp)$detail
  c(found, list(
    sum_scores = list(score = as.integer(rownames(sums)), p = sums[, "p"], eap = sums[, "f1"], se = sums[, "se1"]),
    s_x2 = lapply(fits, function(x) {
      list(expected = x$orig.expected, statistic = x$statistic, df = x$df, log_p = x$pval)
    }),
    pairs = unname(lapply(pairs, function(x) {
      list(items = rev(names(dimnames(x$orig.expected))), expected = t(x$orig.expected), statistic = x$statistic)
    }))
  ))
}

cases <- list(
  five = one_case("five"),
  five_equal = one_case("five", equal_slopes = TRUE),
  mixed = one_case("mixed"),
  binary = one_case("binary")
)
for (name in names(cases)) {
  cases[[name]]$slopes <- as.list(cases[[name]]$slopes)
  cases[[name]]$slope_se <- as.list(cases[[name]]$slope_se)
}

write_reference(cases, c("OpenMx", "rpf", "jsonlite"), file.path(output_folder(), "graded.json"))
