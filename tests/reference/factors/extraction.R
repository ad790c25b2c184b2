# Extraction of factors: maximum likelihood by factanal, minimum residuals and principal axes by psych, and fit.
#
# Run from the repository root:  Rscript tests/reference/factors/extraction.R [output folder]
# Writes <output folder>/extraction.json (default folder: build/reference/factors).
# Versions: R 4.2.2, psych 2.2.9, jsonlite 1.8.4; the file names the versions that made it.
#
# What is computed, for each correlation matrix:
#   corr, n, m, names   the matrix, people, factors
#   ml                  factanal(rotation = "none", lower = 0.005), its optimiser run until nothing moves: uniquenesses,
#                       loadings, objective (criteria), chisq, df, pvalue
#   minres              psych::fa(fm = "minres", rotate = "none") as it stops by itself (about 4 digits)
#   pa                  psych::fa(fm = "pa") until communalities stand still: where nothing is at a bound, this is the
#                       solution of minimum residuals to all digits; null for the matrix with a Heywood case
#   pa_steps            psych::fa(fm = "pa") with its own stopping rule (min.err = 0.001, max.iter = 50)
#   fit_ml, fit_pa      psych::fa.stats of the loadings above: objective, STATISTIC, dof, PVAL, TLI, RMSEA (value and
#                       90 % limits), BIC, rms, complexity, null.chisq, null.dof, R2 (determinacy of regression scores)
#
# Not verified here: that psych is right. psych's RMSEA divides by n in one place and by n - 1 in another.

source("tests/reference/factors/_exploratory.R")

fit_of <- function(corr, loadings, n) {
  found <- quietly(fa.stats(r = corr, f = loadings, n.obs = n, alpha = 0.1))
  list(
    objective = found$objective, chisq = found$STATISTIC, df = found$dof, pvalue = found$PVAL, tli = found$TLI,
    rmsea = unname(found$RMSEA[1:3]), bic = found$BIC, rms = found$rms, complexity = unname(found$complexity),
    null_chisq = found$null.chisq, null_df = found$null.dof, r2 = unname(found$R2)
  )
}

# factanal's optimiser stops with an error when it is told to go on where no step lowers the function any more; the
# tightest rule that it ends with is used.
tight_ml <- function(corr, n, m) {
  for (factr in c(0.01, 1, 10, 100, 1000)) {
    how <- list(nstart = 1, lower = 0.005, opt = list(factr = factr, maxit = 100000, pgtol = 0))
    found <- tryCatch(
      factanal(covmat = list(cov = corr, n.obs = n), factors = m, rotation = "none", control = how),
      error = function(e) NULL
    )
    if (!is.null(found)) return(found)
  }
  stop("factanal found nothing")
}

one_case <- function(given) {
  corr <- as.matrix(given$corr); n <- given$n; m <- given$m
  ml <- tight_ml(corr, n, m)
  own <- quietly(fa(corr, m, n.obs = n, rotate = "none", fm = "minres"))
  axes <- tryCatch(converged_axes(corr, m), error = function(e) NULL)
  proper <- !is.null(axes) && max(rowSums(axes^2)) < 1
  few <- quietly(fa(corr, m, n.obs = n, rotate = "none", fm = "pa"))
  ml_loadings <- plain(ml$loadings)
  list(
    names = colnames(corr), n = n, m = m, corr = unname(corr),
    ml = list(
      uniquenesses = unname(ml$uniquenesses), loadings = ml_loadings,
      objective = unname(ml$criteria["objective"]), chisq = unname(ml$STATISTIC), df = ml$dof, pvalue = unname(ml$PVAL)
    ),
    minres = list(uniquenesses = unname(own$uniquenesses), loadings = plain(own$loadings)),
    pa = if (proper) list(loadings = plain(axes)) else NULL,
    pa_steps = if (proper) list(loadings = plain(few$loadings)) else NULL,
    fit_ml = fit_of(corr, ml_loadings, n),
    fit_pa = if (proper) fit_of(corr, plain(axes), n) else NULL
  )
}

write_reference(lapply(matrices(), one_case), c("psych", "jsonlite"), file.path(exploratory_output(), "extraction.json"))
