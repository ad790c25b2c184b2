# Constraints with other estimators than ML, MLR and MLM.
#
# Run from the repository root:  Rscript tests/reference/sem_constraints/estimators.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see _constraints.R.
# Not verified: the choice of model and of constraints, which only exercise the software.

source("tests/reference/sem_constraints/_constraints.R")

for (estimator in c("GLS", "ULS", "WLS", "MLMV")) {
  reference(paste0("constrained-", tolower(estimator)),
            paste(estimator, "with a nonlinear equality and an active inequality"), "
visual  =~ x1 + a*x2 + b*x3
textual =~ x4 + c*x5 + d*x6
a == b^2
c < 1", holzinger(), list(estimator = estimator))
}
