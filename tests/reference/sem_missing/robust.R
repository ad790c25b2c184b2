# Incomplete rows: robust standard errors and tests, several groups, and the indices corrected for missing values.
#
# Run from the repository root:  Rscript tests/reference/sem_missing/robust.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see
# tests/reference/sem/_reference.R.
# Not verified: nothing here is compared with a publication. GFI and its relatives are not compared, as lavaan weighs
# them by the information of incomplete rows (see docs/differences.md).

source("tests/reference/sem_groups/_groups.R")

FIML <- list(missing = "fiml")
MLR <- list(missing = "fiml", estimator = "MLR")
THREE <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9"
DEMOCRACY <- "ind60 =~ x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8
dem60 ~ a*ind60
dem65 ~ ind60 + b*dem60
y1 ~~ y5
y2 ~~ y4 + y6
ab := a*b"
PATHS <- "x7 ~ x1 + x2
x8 ~ b*x7 + x1"
MIMIC <- paste0(THREE, "
visual + textual ~ ageyr + sex")
ITEMS <- paste0("x", 1:9)
hs <- with_gaps(holzinger(), ITEMS, 11)
pd <- with_gaps(democracy(), c("y1", "y2", "y5", "y6", "x2"), 13)

# ---- robust, one group ------------------------------------------------------------------------------------------

reference("mlr-fiml-hs", "three factors", THREE, hs, MLR)
reference("mlr-fiml-hs-std-lv", "latent variances of 1", THREE, hs, c(MLR, std.lv = TRUE))
reference("mlr-fiml-hs-many-gaps", "a third of the values missing", THREE, with_gaps(holzinger(), ITEMS, 3), MLR)
reference("mlr-fiml-hs-equal", "equal loadings and intercepts by labels", "
textual =~ NA*x4 + a*x4 + a*x5 + a*x6
textual ~~ 1*textual
x4 ~ m*1
x5 ~ m*1", hs, MLR)
reference("mlr-fiml-pd", "structure with residual covariances and an indirect effect", DEMOCRACY, pd, MLR)
reference("mlr-fiml-mimic", "covariates answered by all, fixed", MIMIC, hs, MLR)
reference("mlr-fiml-mimic-random-x", "covariates answered by all, random", MIMIC, hs, c(MLR, fixed.x = FALSE))
reference("mlr-fiml-paths", "rows without a fixed covariate are left out", PATHS, hs, MLR)
reference("mlr-fiml-paths-random-x", "random covariates: no row is left out", PATHS, hs, c(MLR, fixed.x = FALSE))
reference("mlr-fiml-complete", "no value missing", THREE, holzinger(), MLR)
reference("fiml-saturated", "no degrees of freedom", "visual =~ x1 + x2 + x3", hs, FIML)

# ---- other information, and robust by options ------------------------------------------------------------------

reference("fiml-expected", "expected information given the patterns", THREE, hs, c(FIML, information = "expected"))
reference("fiml-first-order", "information from the scores of rows", THREE, hs, c(FIML, information = "first.order"))
reference("fiml-expected-mimic", "expected information, fixed covariates", MIMIC, hs, c(FIML, information = "expected"))
reference("fiml-huber-white", "robust errors with the plain test", THREE, hs, c(FIML, se = "robust.huber.white"))

# ---- several groups ---------------------------------------------------------------------------------------------

schools <- function(name, what, options, model = THREE, equal = NULL, data = hs) {
  extra <- c(list(group = "school"), if (length(equal)) list(group.equal = equal))
  reference_groups(name, what, model, data, c(options, extra))
}

# With groups and incomplete rows, lavInspect(fit, "hessian") weighs each group twice by its share of the rows (seen by
# differences of the gradient), so that Newton steps overshoot. The observed information weighs them once.
newton <- function(fit) {
  basis <- directions(fit)
  hessian <- t(basis) %*% lavInspect(fit, "information.observed") %*% basis
  as.vector(coef(fit)) - drop(basis %*% solve(hessian, gradient_of(fit)))
}

SCALAR <- c("loadings", "intercepts")
schools("fiml-groups", "parameters of their own in each group", FIML)
schools("fiml-groups-scalar", "equal loadings and intercepts", FIML, equal = SCALAR)
schools("fiml-groups-mimic", "fixed covariates", FIML, MIMIC)
schools("mlr-fiml-groups", "parameters of their own in each group", MLR)
schools("mlr-fiml-groups-scalar", "equal loadings and intercepts", MLR, equal = SCALAR)
schools("mlr-fiml-groups-mimic", "fixed covariates, equal loadings", MLR, MIMIC, equal = "loadings")
