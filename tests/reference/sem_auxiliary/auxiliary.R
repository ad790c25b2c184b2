# Auxiliary variables as saturated correlates: semTools' cfa.auxiliary and sem.auxiliary, made tight.
#
# Run from the repository root:  Rscript tests/reference/sem_auxiliary/auxiliary.R <output folder>
# Versions: R 4.2.2, semTools 0.5-6, lavaan 0.6-14; each written file names the versions that made it. semTools' model
# and its independence model are improved by Newton steps as in tests/reference/sem/_reference.R. The comparative
# indices are lavaan's with semTools' independence model.
# Not compared: the indices corrected for missing values that compare with an independence model (lavaan takes its own
# one there, without the covariances of auxiliary variables), and residual-based measures (lavaan counts auxiliary
# variables in). Not verified: nothing here is compared with a publication.

source("tests/reference/sem_groups/_groups.R")
suppressPackageStartupMessages(library(semTools))

# See tests/reference/sem_missing/robust.R: with groups the observed information is right where the Hessian is not.
newton <- function(fit) {
  basis <- directions(fit)
  hessian <- t(basis) %*% lavInspect(fit, "information.observed") %*% basis
  as.vector(coef(fit)) - drop(basis %*% solve(hessian, gradient_of(fit)))
}

reference_auxiliary <- function(case, what, model, data, auxiliary, options = list()) {
  options <- c(list(missing = "fiml", fixed.x = FALSE), options)
  arguments <- c(list(model = model, data = data$frame, aux = auxiliary, em.h1.tol = 1e-13, em.h1.iter.max = 20000),
                 options[setdiff(names(options), "fixed.x")])
  first <- suppressWarnings(do.call("sem.auxiliary", arguments))
  fit <- tight_fit(first, data, options)
  null <- tight_fit(first@external$baseline.model, data, options)
  measures <- unclass(fitMeasures(fit, baseline.model = null))
  measures <- measures[!grepl("^(srmr|rmr|crmr|gfi|agfi|pgfi)|(cfi|tli|nnfi|rni).robust", names(measures))]
  grouped <- !is.null(options$group)
  parts <- list(
    case = text(case), what = text(what), model = text(model), data = data_json(data), auxiliary = array_of(auxiliary),
    options = options_json(options[setdiff(names(options), "fixed.x")]),
    n_obs = number(sum(lavInspect(fit, "nobs"))),
    optimiser = object_of(list(
      gradient_max = number(gradient_max(fit)), gradient_max_baseline = number(gradient_max(null)),
      moved = number(moved(first, fit))
    ), "  "),
    parameters = table_of(if (grouped) group_parameters(fit) else parameters(fit)),
    fit_measures = named(measures),
    versions = named(c(versions(), semTools = as.character(packageVersion("semTools"))))
  )
  writeLines(object_of(parts), file.path(OUT, paste0(case, ".json")))
  cat(sprintf("%-26s df %3.0f  chisq %10.4f  baseline %10.4f  gradients %.1e %.1e\n", case, measures["df"],
              measures["chisq"], measures["baseline.chisq"], gradient_max(fit), gradient_max(null)))
}

THREE <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9"
TWO <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
textual ~ b*visual"
PATHS <- "x4 ~ x1 + x2
x5 ~ b*x4 + x1"
hs <- with_gaps(holzinger(), paste0("x", 1:9), 11)
pd <- with_gaps(democracy(), c("y1", "y2", "y5", "y6", "x2"), 13)

reference_auxiliary("auxiliary-factors", "three factors, one complete variable", THREE, hs, "ageyr")
reference_auxiliary("auxiliary-structure", "structure; auxiliary variables with and without gaps", TWO, hs, c("x7", "ageyr"))
reference_auxiliary("auxiliary-std-lv", "latent variances of 1", TWO, hs, c("x7", "x9"), list(std.lv = TRUE))
reference_auxiliary("auxiliary-paths", "observed variables, exogenous ones random", PATHS, hs, c("x7", "ageyr"))
reference_auxiliary("auxiliary-democracy", "residual covariances", "
ind60 =~ x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem60 ~ ind60
y2 ~~ y4", pd, c("y5", "y6"))
reference_auxiliary("auxiliary-mlr", "robust", TWO, hs, c("x7", "ageyr"), list(estimator = "MLR"))
reference_auxiliary("auxiliary-groups", "two groups", TWO, hs, c("x7", "ageyr"), list(group = "school"))
reference_auxiliary("auxiliary-groups-equal", "two groups, equal loadings and intercepts", THREE, hs, "ageyr",
                    list(group = "school", group.equal = c("loadings", "intercepts")))
