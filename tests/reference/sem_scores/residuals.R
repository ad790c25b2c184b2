# Residuals with standard errors, normalised residuals, and the summary statistics of Maydeu-Olivares (2017).
#
# Run from the repository root:  Rscript tests/reference/sem_scores/residuals.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see sem/_reference.R.
# Functions: lavResiduals() with types raw, cor.bentler and cor.bollen; residuals(type = "normalized").
# Not verified: in several groups lavaan leaves out what the other groups bring to the error of a residual when parameters
# are equal across groups; the tests say how they compare.

source("tests/reference/sem_scores/_scores.R")

# What is zero by construction is written as zero, not as its rounding error; what was divided by a rounding error is
# not written.
clean <- function(x) {
  if (!is.null(x)) {
    x[!is.na(x) & abs(x) < 1e-9] <- 0
    x[!is.na(x) & abs(x) > 1e6] <- NA
  }
  x
}

TYPES <- c("raw", "cor.bentler", "cor.bollen")

group_residuals <- function(found, normalized) {
  summary <- as.data.frame(unclass(found$summary))
  rownames(summary) <- sub("cilupper", "ci.upper", rownames(found$summary)) # a slip in lavaan's name
  object_of(list(
    cov = symmetric(clean(found$cov)), cov_z = symmetric(clean(found$cov.z)),
    mean = named(clean(found$mean), "      "), mean_z = named(clean(found$mean.z), "      "),
    normalized_cov = symmetric(clean(normalized$cov)), normalized_mean = named(clean(normalized$mean), "      "),
    summary = rows_of(rownames(summary), summary)
  ), "      ")
}

residuals_of_type <- function(fit, type, labels) {
  found <- lavResiduals(fit, type = type, add.class = FALSE)
  normalized <- residuals(fit, type = "normalized")
  if (length(labels) == 0) {
    return(object_of(list(all = group_residuals(found, normalized)), "    "))
  }
  object_of(setNames(lapply(labels, function(g) group_residuals(found[[g]], normalized[[g]])), labels), "    ")
}

residual_case <- function(case, what, model, data, options = list()) {
  fits <- fit_tightly(model, data, options)
  fit <- fits$last
  parts <- head_of(case, what, model, data, options, fits)
  labels <- lavInspect(fit, "group.label")
  parts$types <- object_of(setNames(lapply(TYPES, residuals_of_type, fit = fit, labels = labels), TYPES), "  ")
  write_case(case, parts, fit)
}

MIMIC <- paste0(THREE, "
visual + textual + speed ~ ageyr + sex")
residual_case("residuals-cfa", "three factors", THREE, holzinger())
residual_case("residuals-means", "equal intercepts, so that means have residuals", paste0(THREE, "
x1 ~ a*1
x2 ~ a*1
x3 ~ 1"), holzinger(), list(std.lv = TRUE))
residual_case("residuals-equal", "equal loadings", "
visual  =~ x1 + a*x2 + a*x3
textual =~ x4 + b*x5 + b*x6", holzinger())
residual_case("residuals-democracy", "latent regressions", DEMOCRACY, democracy())
residual_case("residuals-mimic", "covariates fixed", MIMIC, holzinger())
residual_case("residuals-mimic-random", "covariates random, with means", MIMIC, holzinger(),
              list(fixed.x = FALSE, meanstructure = TRUE))
residual_case("residuals-paths", "observed variables only", "
m ~ x
k ~ m
y ~ k + age", simulated("paths"))
residual_case("residuals-growth", "growth", GROWTH, simulated("growth"))
residual_case("residuals-mlr", "Huber-White", THREE, holzinger(), list(estimator = "MLR"))
residual_case("residuals-mlr-growth", "Huber-White, means", GROWTH, simulated("growth"), list(estimator = "MLR"))
residual_case("residuals-mlr-mimic", "Huber-White, covariates fixed", MIMIC, holzinger(), list(estimator = "MLR"))
residual_case("residuals-mlm", "Satorra-Bentler", THREE, holzinger(), list(estimator = "MLM"))
residual_case("residuals-mlm-mimic", "Satorra-Bentler, covariates fixed", MIMIC, holzinger(), list(estimator = "MLM"))
residual_case("residuals-mlmv", "mean and variance adjusted test", THREE, holzinger(), list(estimator = "MLMV"))
residual_case("residuals-observed", "plain standard errors from observed information", DEMOCRACY, democracy(),
              list(information = "observed"))
residual_case("residuals-wishart", "covariances with divisor n - 1", DEMOCRACY, democracy(),
              list(likelihood = "wishart"))
residual_case("residuals-gls", "generalised least squares", THREE, holzinger(), list(estimator = "GLS"))
residual_case("residuals-constraint", "a linear constraint", "
visual =~ x1 + a*x2 + b*x3
textual =~ x4 + x5 + x6
a + b == 1.6", holzinger())
residual_case("residuals-fiml-mlr", "incomplete rows, Huber-White", THREE, gappy(),
              list(missing = "fiml", estimator = "MLR"))
residual_case("residuals-fiml-mlr-mimic", "incomplete rows, Huber-White, covariates fixed", MIMIC, gappy(),
              list(missing = "fiml", estimator = "MLR"))
residual_case("residuals-fiml", "incomplete rows", THREE, gappy(), list(missing = "fiml"))
residual_case("residuals-fiml-mimic", "incomplete rows, covariates fixed", MIMIC, gappy(), list(missing = "fiml"))
residual_case("residuals-groups", "two schools, nothing equal", THREE, holzinger(), school())
residual_case("residuals-groups-intercepts", "two schools, loadings and intercepts equal", THREE, holzinger(),
              school("loadings", "intercepts"))
