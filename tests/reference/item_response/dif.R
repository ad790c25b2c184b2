# Differential item functioning by ordinal logistic regression: likelihoods, coefficients, Mantel's test.
#
# Run from the repository root:  Rscript tests/reference/item_response/dif.R [output folder]
# Writes <output folder>/dif.json (default folder: build/reference/item_response).
# Versions: R 4.2.2, MASS 7.3-58.2, jsonlite 1.8.4; the file names the versions that made it.
#
# What is computed, for each grouping (g2: two groups, g3: three; the first is the reference), each item, matched on the
# sum of all answers:
#   none, base, uniform, full   log-likelihoods of MASS::polr: no covariate; sum; sum + group; sum * group
#   log_odds, se                coefficients of the groups in sum + group, with vcov.polr
#   mantel                      for the item cut at 3 and above, two groups: mantelhaen.test(correct = FALSE) over the sums
#
# polr takes covariates at their own scale and stops early; the sum is centred and scaled here and reltol is 1e-16, which
# changes no likelihood. Log-odds are those of a higher answer.
#
# Not verified: that MASS is right.

source("tests/reference/item_response/_shared.R")
suppressPackageStartupMessages(library(MASS))

data <- answers_of("groups")
items <- paste0("d", 1:8)
total <- rowSums(data[items])
z <- (total - mean(total)) / sd(total)

fit_of <- function(formula, frame) {
  # Started from itself until nothing moves: polr's optimiser stops at rounding of the default tolerance otherwise.
  polr(formula, data = frame, Hess = TRUE, control = list(reltol = 1e-16, maxit = 1000))
}

one_item <- function(item, grouping) {
  frame <- data.frame(y = factor(data[[item]], ordered = TRUE), z = z, g = factor(data[[grouping]]))
  uniform <- fit_of(y ~ z + g, frame)
  at <- grep("^g", names(coef(uniform)))
  loglik <- function(formula) as.numeric(logLik(fit_of(formula, frame)))
  found <- list(
    none = loglik(y ~ 1), base = loglik(y ~ z), uniform = as.numeric(logLik(uniform)), full = loglik(y ~ z * g),
    log_odds = I(unname(coef(uniform)[at])), se = I(unname(sqrt(diag(vcov(uniform)))[at]))
  )
  if (nlevels(frame$g) == 2) {
    keep <- ave(rep(1, length(total)), total, FUN = sum) > 1
    test <- mantelhaen.test(
      factor(data[[item]] >= 3)[keep], frame$g[keep], droplevels(factor(total[keep])), correct = FALSE
    )
    found$mantel <- unname(test$statistic)
  }
  found
}

cases <- list()
for (grouping in c("g2", "g3")) {
  cases[[grouping]] <- sapply(items, one_item, grouping = grouping, simplify = FALSE)
}

write_reference(cases, c("MASS", "jsonlite"), file.path(output_folder(), "dif.json"))
