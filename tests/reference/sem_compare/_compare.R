# What the scripts of this folder share: fits made tight as in tests/reference/sem/_reference.R, and what lavTestLRT and
# lavTestWald say of them.
#
# Sourced by the scripts, never run alone. One call of differences() or wald() writes one file, <output folder>/<case>.json.
#
# Not verified here: that lavaan is right, or that the models are nested. The values say what this version of lavaan
# answers, no more.

source("tests/reference/sem_groups/_groups.R")

THREE <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9"

one <- function(model, ...) list(model = model, options = list(...))

models_json <- function(models) {
  shown <- lapply(models, function(m) object_of(list(model = text(m$model), options = options_json(m$options)), "    "))
  object_of(shown, "  ")
}

# Every way that lavTestLRT has, under the names of our arguments.
WAYS <- list(
  default = list(method = "default"),
  sb2001 = list(method = "satorra.bentler.2001"),
  sb2010 = list(method = "satorra.bentler.2010"),
  delta_shifted = list(method = "satorra.2000", A.method = "delta", scaled.shifted = TRUE),
  delta = list(method = "satorra.2000", A.method = "delta", scaled.shifted = FALSE),
  exact_shifted = list(method = "satorra.2000", A.method = "exact", scaled.shifted = TRUE),
  exact = list(method = "satorra.2000", A.method = "exact", scaled.shifted = FALSE)
)

# The test of the second model against the first in one way.
tested <- function(fits, way) {
  found <- suppressWarnings(as.data.frame(do.call(lavTestLRT, c(unname(fits), way))))[2, ]
  values <- c(chisq_difference = found[["Chisq diff"]], df_difference = found[["Df diff"]],
              p_value = found[["Pr(>Chisq)"]])
  named(values, "    ")
}

#' Fit two models tightly with each estimator, and write their difference in several ways.
#'
#' larger, restricted   list(model =, options =)
#' ways                 names of WAYS
differences <- function(case, what, data, larger, restricted, estimators = c("MLM", "MLR"), ways = names(WAYS)) {
  models <- list(larger = larger, restricted = restricted)
  each <- lapply(setNames(estimators, estimators), function(estimator) {
    fits <- lapply(models, function(m) fit_tightly(m$model, data, c(list(estimator = estimator), m$options)))
    last <- lapply(fits, function(fit) fit$last)
    cat(sprintf("%-34s %-5s gradient %.1e\n", case, estimator, max(vapply(last, gradient_max, 0))))
    measured <- lapply(last, function(fit) {
      wanted <- intersect(c("chisq", "df", "chisq.scaling.factor", "cfi", "rmsea", "cfi.robust", "rmsea.robust", "aic"),
                          names(fitMeasures(fit)))
      named(unclass(fitMeasures(fit, wanted)), "      ")
    })
    object_of(c(lapply(WAYS[ways], function(way) tested(last, way)), list(measures = object_of(measured, "      "))),
              "    ")
  })
  parts <- list(
    case = text(case), what = text(what), data = group_data_json(data), models = models_json(models),
    estimators = object_of(each, "  "), versions = named(versions())
  )
  writeLines(object_of(parts), file.path(OUT, paste0(case, ".json")))
}

#' Fit one model tightly and write lavTestWald of each of `constraints`, a list by name.
wald <- function(case, what, data, model, options, constraints) {
  fit <- fit_tightly(model, data, options)$last
  found <- lapply(constraints, function(text) {
    test <- lavTestWald(fit, constraints = text)
    named(c(chisq = test$stat, df = test$df, p_value = test$p.value), "    ")
  })
  parts <- list(
    case = text(case), what = text(what), data = group_data_json(data), model = text(model),
    options = options_json(options), constraints = object_of(lapply(constraints, text), "  "),
    wald = object_of(found, "  "), versions = named(versions())
  )
  writeLines(object_of(parts), file.path(OUT, paste0(case, ".json")))
  cat(sprintf("%-34s gradient %.1e\n", case, gradient_max(fit)))
}
