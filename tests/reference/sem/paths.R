# Path models of observed variables: mediation with defined parameters, saturated regressions, exogenous covariates
# fixed and random, rows with missing values left out.
#
# Run from the repository root:  Rscript tests/reference/sem/paths.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see _reference.R.
# Not verified: that defined parameters are unbiased, or anything else about the model; only lavaan's numbers.

source("tests/reference/sem/_reference.R")

MEDIATION <- "m ~ a*x
y ~ b*m + c*x
indirect := a*b
total := c + a*b
share := a*b / (c + a*b)
odds := exp(c)
half := (a*b)^2 / 2 - -c
chained := log(total^2) + sqrt(b^2) * 1.5e0"

reference("mediation", "x -> m -> y with products, ratios, powers and functions", MEDIATION, simulated("paths"))
reference("mediation-random-x", "the same with x random", MEDIATION, simulated("paths"), list(fixed.x = FALSE))
reference("mediation-means", "the same with intercepts", MEDIATION, simulated("paths"), list(meanstructure = TRUE))
reference("mediation-means-random-x", "the same with intercepts and x random", MEDIATION, simulated("paths"),
          list(meanstructure = TRUE, fixed.x = FALSE))
reference("mediation-full", "no direct effect, two covariates: one degree of freedom per path left out", "
m ~ a*x + treat
y ~ b*m + age
indirect := a*b", simulated("paths"))

reference("regression", "one saturated regression", "y ~ x + m + treat", simulated("paths"))
reference("regression-means", "one saturated regression with its intercept", "y ~ 1 + x + m + treat", simulated("paths"))
reference("regression-random-x", "the same, covariates random", "y ~ x + m + treat", simulated("paths"),
          list(fixed.x = FALSE))
reference("regressions-several", "several outcomes, whose residuals covary", "
y ~ x + treat + age
w ~ x + treat + age
m ~ x + treat + age", simulated("paths"))
reference("regressions-constrained", "equal and fixed coefficients", "
y ~ e*x + e*m + 0.1*k
w ~ 0*x + e*m + k", simulated("paths"))
reference("regressions-independent", "residuals of the outcomes kept apart", "
y ~ x + m
w ~ m + k
y ~~ 0*w", simulated("paths"))
reference("two-mediators", "parallel and serial mediation, several indirect effects", "
m ~ a1*x + treat
k ~ a2*x + d*m
y ~ b1*m + b2*k + c*x + treat
via_m := a1*b1
via_k := a2*b2
serial := a1*d*b2
indirect := via_m + via_k + serial
contrast := via_m - via_k
total := indirect + c", simulated("paths"))
reference("two-mediators-random-x", "the same, covariates random", "
m ~ a1*x + treat
k ~ a2*x + d*m
y ~ b1*m + b2*k + c*x + treat
serial := a1*d*b2", simulated("paths"), list(fixed.x = FALSE))
reference("exogenous-variance-named", "an exogenous variance in the text makes that variable random", "
y ~ x + m
x ~~ vx*x
w ~ y", simulated("paths"))
reference("exogenous-covariance-named", "two exogenous variables made random, a third stays fixed", "
y ~ x + m + treat
x ~~ m", simulated("paths"))
reference("exogenous-covariance-named-random-x", "the same, covariates random", "
y ~ x + m + treat
x ~~ m", simulated("paths"), list(fixed.x = FALSE))
reference("exogenous-mean-named", "an exogenous mean in the text makes that variable random", "
y ~ x + m
x ~ 1", simulated("paths"))
reference("non-recursive", "two outcomes that influence each other", "
m ~ y + x
y ~ m + k", simulated("paths"))
reference("means-only", "intercepts and variances of two variables", "
x ~ 1
m ~ 1
x ~~ m", simulated("paths"))
reference("one-mean", "one variable, its mean and variance", "y ~ 1", simulated("paths"))
reference("means-fixed", "a mean fixed at a value, two means equal", "
x ~ mu*1
m ~ mu*1
y ~ 1.2*1
x ~~ m + y
m ~~ y", simulated("paths"))
reference("listwise", "rows with a missing value in a variable of the model are left out", "
m ~ a*x
y ~ b*m
ab := a*b", simulated("holes"))
