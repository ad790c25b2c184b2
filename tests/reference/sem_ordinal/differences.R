# Difference tests of nested models of ordinal answers: Satorra (2000), which is lavaan's choice, with delta and exact
# restrictions, shifted and not; Satorra and Bentler (2001, 2010) for WLSM and ULSM.
#
# Run from the repository root:  Rscript tests/reference/sem_ordinal/differences.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see _ordinal.R.
# Function: lavTestLRT().
# Not verified: that lavaan is right. satorra.bentler.2001 and .2010 of adjusted tests, and what needs lavaan to find the
# restricted parameters in a larger model that has them under other names, are not asked for.

source("tests/reference/sem_ordinal/_ordinal.R")

ADJUSTED <- c("WLSMV", "ULSMV", "WLSMVS")
MEAN <- c("WLSM", "ULSM")
WAYS <- list(
  default = list(method = "default"),
  sb2001 = list(method = "satorra.bentler.2001"),
  sb2010 = list(method = "satorra.bentler.2010"),
  delta_shifted = list(method = "satorra.2000", A.method = "delta", scaled.shifted = TRUE),
  delta = list(method = "satorra.2000", A.method = "delta", scaled.shifted = FALSE),
  exact_shifted = list(method = "satorra.2000", A.method = "exact", scaled.shifted = TRUE),
  exact = list(method = "satorra.2000", A.method = "exact", scaled.shifted = FALSE)
)
EXACT <- c("exact", "exact_shifted", "sb2010")

tested <- function(fits, way) {
  found <- suppressWarnings(as.data.frame(do.call(lavTestLRT, c(unname(fits), way))))[2, ]
  named(c(chisq_difference = found[["Chisq diff"]], df_difference = found[["Df diff"]],
          p_value = found[["Pr(>Chisq)"]]), "    ")
}

one <- function(model, ...) list(model = model, options = c(list(ordered = TRUE), list(...)))

models_json <- function(models) {
  shown <- lapply(models, function(m) object_of(list(model = text(m$model), options = options_json(m$options)), "    "))
  object_of(shown, "  ")
}

#' larger, restricted   what one() gives
#' leave   ways that this version of lavaan cannot go: exact restrictions where the larger model has not the restricted
#'         one's parameters, and satorra.bentler.2010 with covariates
difference <- function(case, what, larger, restricted, data = answers_of("survey"), leave = character(0),
                       estimators = c(ADJUSTED, MEAN)) {
  models <- list(larger = larger, restricted = restricted)
  each <- lapply(setNames(estimators, estimators), function(estimator) {
    fits <- lapply(models, function(m) fit_tightly(m$model, data, c(list(estimator = estimator), m$options))$last)
    ways <- setdiff(names(WAYS), c(leave, if (estimator %in% ADJUSTED) c("sb2001", "sb2010")))
    cat(sprintf("%-38s %-6s gradient %.1e\n", case, estimator, max(vapply(fits, gradient_max, 0))))
    object_of(lapply(WAYS[ways], function(way) tested(fits, way)), "    ")
  })
  parts <- list(
    case = text(case), what = text(what), data = ordinal_data_json(data), models = models_json(models),
    estimators = object_of(each, "  "), versions = named(versions())
  )
  writeLines(object_of(parts), file.path(OUT, paste0(case, ".json")))
}

TWO <- "competence =~ c1 + c2 + c3 + c4
benevolence =~ b1 + b2 + b3 + b4"
ONE <- "competence =~ c1 + c2 + c3 + c4"
site <- function(model, ..., theta = FALSE, by = "site") {
  one(model, group = by, group.equal = c(...), parameterization = if (theta) "theta" else "delta")
}
nothing <- function(model, by = "site") one(model, group = by)

difference("ordinal-difference-covariance", "an uncorrelated pair of factors", one(TWO),
           one(paste0(TWO, "\ncompetence ~~ 0*benevolence")))
difference("ordinal-difference-loadings", "equal loadings of two items", one(gsub("c2 + c3", "a*c2 + b*c3", TWO, fixed = TRUE)),
           one(gsub("c2 + c3", "a*c2 + a*c3", TWO, fixed = TRUE)))
difference("ordinal-difference-factors", "one factor instead of two", one(TWO),
           one("trust =~ c1 + c2 + c3 + c4 + b1 + b2 + b3 + b4"), leave = EXACT)
difference("ordinal-difference-thresholds", "thresholds held equal by a label", one(paste0(ONE, "\nc1 | a*t1\nc3 | b*t1")),
           one(paste0(ONE, "\nc1 | a*t1\nc3 | a*t1")))
difference("ordinal-difference-theta", "an uncorrelated pair of factors (theta)", one(TWO, parameterization = "theta"),
           one(paste0(TWO, "\ncompetence ~~ 0*benevolence"), parameterization = "theta"))
MIMIC <- "competence =~ c1 + c2 + c3 + c4\ncompetence ~ a*age + b*income"
difference("ordinal-difference-covariates", "two paths of covariates of zero", one(MIMIC),
           one("competence =~ c1 + c2 + c3 + c4\ncompetence ~ 0*age + 0*income"), leave = "sb2010")
MIXED <- "competence =~ c1 + c2 + c3\nuseful =~ u1 + u2 + u3\nuseful ~ competence"
difference("ordinal-difference-mixed", "a path of zero between an ordinal and a continuous factor",
           list(model = MIXED, options = list(ordered = c("c1", "c2", "c3"))),
           list(model = sub("~ competence", "~ 0*competence", MIXED), options = list(ordered = c("c1", "c2", "c3"))))
difference("ordinal-difference-groups-loadings", "equal loadings in two sites", nothing(ONE), site(ONE, "loadings"))
difference("ordinal-difference-groups-thresholds", "equal loadings and thresholds against nothing equal",
           nothing(ONE), site(ONE, "loadings", "thresholds"), leave = EXACT)
difference("ordinal-difference-groups-means", "equal latent means against free ones", site(ONE, "loadings", "thresholds"),
           site(ONE, "loadings", "thresholds", "means"))
difference("ordinal-difference-groups-theta", "residual variances of 1 against free ones (theta)",
           site(ONE, "loadings", "thresholds", theta = TRUE), site(ONE, "loadings", "thresholds", "residuals", theta = TRUE),
           leave = EXACT)
difference("ordinal-difference-pairwise", "an uncorrelated pair of factors, rows with gaps",
           one(TWO, missing = "pairwise"), one(paste0(TWO, "\ncompetence ~~ 0*benevolence"), missing = "pairwise"),
           data = with_gaps(answers_of("survey"), c("c1", "c2", "b1", "b2"), 11))
