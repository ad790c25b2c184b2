# Agreement: intraclass correlations, kappas and limits of agreement, from psych and base R.
#
# Run from the repository root:  Rscript tests/reference/reliability_agreement/agreement.R [output folder]
# Writes <output folder>/agreement.json (default folder: build/reference/reliability_agreement).
# Versions: R 4.2.2, psych 2.2.9, jsonlite 1.8.4; the file names the versions that made it.
#
# What is computed:
#   icc      psych::ICC(..., lmer = FALSE) (analysis of variance), rows without a missing rating: coefficient, F,
#            degrees of freedom, p, limits. "shrout-fleiss" is the table that Shrout and Fleiss (1979) print.
#            p is written from F by pf, since psych's loses digits near 0.
#   errors   sqrt of the mean squares that the forms name (aov), as standard errors of measurement
#   kappa    psych::cohen.kappa of a table of counts: unweighted with its standard error and limits; linear, quadratic
#            and own weights without these, since psych 2.2.9 takes row sums of the weights where Fleiss, Cohen and
#            Everitt (1969) have weighted means. The error of weighted kappa is the delta method for multinomial
#            shares with numerical derivatives.
#   altman   t.test of the differences, limits of agreement, their limits from the noncentral t distribution (qt with
#            ncp) and by the large-sample formula of Bland and Altman (1999); lm of differences and of absolute
#            residuals on means
#
# Not verified here: what is done with missing ratings; Fleiss' kappa and Krippendorff's alpha.

suppressPackageStartupMessages({
  library(psych)
  library(jsonlite)
})

FOLDER <- "tests/reference/reliability_agreement"

given <- commandArgs(trailingOnly = TRUE)
if (length(given) > 1 || !file.exists(file.path(FOLDER, "agreement.R"))) {
  stop("run from the repository root: Rscript ", FOLDER, "/agreement.R [output folder]")
}
out <- if (length(given) == 1) given[1] else "build/reference/reliability_agreement"
dir.create(out, recursive = TRUE, showWarnings = FALSE)

retest <- read.csv(file.path(FOLDER, "data", "retest.csv"))
judges <- read.csv(file.path(FOLDER, "data", "judges.csv"))
shrout <- matrix(c(9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7), ncol = 4, byrow = TRUE)

icc <- function(ratings, ci = 0.95) {
  x <- na.omit(as.data.frame(ratings))
  found <- ICC(x, lmer = FALSE, alpha = 1 - ci)
  r <- found$results
  ms <- found$stats["MS", ]
  n <- nrow(x)
  agreement <- unname(ms[2] / n + (1 - 1 / n) * ms[3])
  list(
    ratings = unname(as.matrix(x)), ci = ci,
    form = r$type, icc = r$ICC, f = r$F, df1 = r$df1, df2 = r$df2, p_value = pf(r$F, r$df1, r$df2, lower.tail = FALSE),
    ci_lower = r$`lower bound`, ci_upper = r$`upper bound`,
    errors = list(ICC1 = sqrt(found$MSW), ICC2 = sqrt(agreement), ICC3 = sqrt(unname(ms[3])))
  )
}

weights_of <- function(kind, k) {
  d <- abs(outer(seq_len(k), seq_len(k), "-")) / (k - 1)
  switch(kind, linear = 1 - d, quadratic = 1 - d^2, own = {
    w <- diag(k)
    w[abs(row(w) - col(w)) == 1] <- 0.4
    w
  })
}

weighted <- function(p, w) {
  chance <- sum(w * outer(rowSums(p), colSums(p)))
  (sum(w * p) - chance) / (1 - chance)
}

delta <- function(counts, w) {
  p <- counts / sum(counts)
  h <- 1e-6
  slope <- vapply(seq_along(p), function(i) {
    up <- down <- p
    up[i] <- up[i] + h
    down[i] <- down[i] - h
    (weighted(up, w) - weighted(down, w)) / (2 * h)
  }, 0)
  sqrt((sum(slope^2 * p) - sum(slope * p)^2) / sum(counts))
}

kappa <- function(x, y, ci = 0.95) {
  counts <- unclass(table(factor(x, 1:5), factor(y, 1:5)))
  one <- function(w) list(kappa = cohen.kappa(counts, w = w)$weighted.kappa, se = delta(counts, w))
  plain <- cohen.kappa(counts, alpha = 1 - ci)
  list(
    counts = unname(counts), ci = ci,
    none = list(kappa = plain$kappa, se = sqrt(plain$var.kappa), ci_lower = plain$confid[1, 1],
                ci_upper = plain$confid[1, 3]),
    linear = one(weights_of("linear", 5)), quadratic = one(weights_of("quadratic", 5)), own = one(weights_of("own", 5))
  )
}

altman <- function(x, y, ci = 0.95, coverage = 0.95) {
  d <- x - y
  n <- length(d)
  z <- qnorm(0.5 + coverage / 2)
  tails <- qt(0.5 + c(1, -1) * ci / 2, n - 1, ncp = z * sqrt(n)) / sqrt(n)
  near <- qt(0.5 + ci / 2, n - 1) * sd(d) * sqrt(1 / n + z^2 / (2 * (n - 1)))
  line <- lm(d ~ m, data.frame(d = d, m = (x + y) / 2))
  spread <- lm(abs(residuals(line)) ~ model.matrix(line)[, 2])
  slope <- function(fit) {
    s <- coef(summary(fit))[2, ]
    list(slope = s[[1]], se = s[[2]], t = s[[3]], p_value = s[[4]], ci_lower = confint(fit, level = ci)[2, 1],
         ci_upper = confint(fit, level = ci)[2, 2])
  }
  list(
    ci = ci, coverage = coverage, bias = mean(d), sd = sd(d), bias_limits = as.numeric(t.test(d, conf.level = ci)$conf.int),
    lower = mean(d) - z * sd(d), upper = mean(d) + z * sd(d),
    exact = list(lower = mean(d) - tails * sd(d), upper = mean(d) + rev(tails) * sd(d)),
    approximate = list(lower = mean(d) - z * sd(d) + c(-1, 1) * near, upper = mean(d) + z * sd(d) + c(-1, 1) * near),
    proportional_bias = slope(line), spread = slope(spread)
  )
}

content <- list(
  versions = list(R = as.character(getRversion()), psych = as.character(packageVersion("psych")),
                  jsonlite = as.character(packageVersion("jsonlite"))),
  icc = list("shrout-fleiss" = icc(shrout), retest = icc(retest, 0.9), two = icc(retest[1:2]), judges = icc(judges)),
  kappa = list(ab = kappa(judges$a, judges$b), bc = kappa(judges$b, judges$c, 0.9)),
  altman = list("first-second" = altman(retest$first, retest$second),
                "second-third" = altman(retest$second, retest$third, 0.9, 0.9))
)
write_json(content, file.path(out, "agreement.json"), digits = NA, auto_unbox = TRUE, pretty = 2, na = "null")
