# What the scripts of this folder share: the survey, and WLSMV fits made tight.
#
# Sourced by the scripts, never run alone. The way to tight fits is that of tests/reference/sem/_reference.R: Newton steps
# on lavaan's own gradient and Hessian from lavaan's own solution.

source("tests/reference/sem/_reference.R")

survey <- list(frame = read.csv("tests/reference/ordinal_reliability/data/survey.csv"))
ORDERED <- c(paste0("a", 1:4), paste0("b", 1:4), paste0("c", 1:4), paste0("d", 1:3))

# Takes the place of the one in _reference.R, which fits by maximum likelihood.
one_fit <- function(model, data, options, ...) {
  do.call("sem", c(list(model = model, data = data$frame, ordered = ORDERED, estimator = "WLSMV", ...), options))
}

fit_tightly <- function(model, parameterization, options, data = survey) {
  options <- c(options, parameterization = parameterization)
  first <- one_fit(model, data, options)
  fit <- tight_fit(first, data, options)
  stopifnot(gradient_max(fit) < 1e-8)
  fit
}
