# Modification indices, score tests and standardised solutions of models with constraints.
#
# Run from the repository root:  Rscript tests/reference/sem_inspect/constraints.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see
# tests/reference/sem_constraints/_constraints.R.
# Not verified: the choice of model and of constraints, which only exercise the software.

source("tests/reference/sem_inspect/_inspect.R")
source("tests/reference/sem_constraints/_constraints.R")

THREE <- "visual  =~ x1 + a*x2 + b*x3
textual =~ x4 + c*x5 + d*x6
speed   =~ x7 + e*x8 + f*x9
"
inspected("inspect-equal", "linear equalities", paste0(THREE, "a == b
c + d == 2.1"), holzinger())
inspected("inspect-equal-labels", "a linear equality of parameters with shared labels", "
visual  =~ x1 + a*x2 + a*x3
textual =~ x4 + c*x5 + d*x6
speed   =~ x7 + c*x8 + f*x9
a == 0.9*d", holzinger())
inspected("inspect-curved", "nonlinear equalities", paste0(THREE, "a == b^2
c*d == 1"), holzinger())
inspected("inspect-active", "an equality beside an active and an idle inequality", paste0(THREE, "
c == d + 0.2
a > 0.7
e < 3"), holzinger(), parts = c("modification", "standardised"))
inspected("inspect-constraints-groups", "constraints across groups", "
visual =~ x1 + c(a1, a2)*x2 + c(b1, b2)*x3
textual =~ x4 + x5 + x6
a1 == a2
b1*b2 == 0.6", holzinger(), list(group = "school"))
inspected("inspect-defined", "a constrained indirect effect", "
m ~ a*x + age
y ~ b*m + cp*x
ind := a*b
ind == 0.1", simulated("paths"))
