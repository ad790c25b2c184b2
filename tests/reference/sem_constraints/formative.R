# Formative constructs (<~): scaled by a weight, as causes of a measured construct (MIMIC), several of them, with
# means, in groups, with constraints.
#
# Run from the repository root:  Rscript tests/reference/sem_constraints/formative.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see _constraints.R.
# Not verified: the choice of model, which only exercises the software.

source("tests/reference/sem_constraints/_constraints.R")

on_tests <- function(case, what, model, ...) reference(case, what, model, holzinger(), ...)

on_tests("formative", "one composite with two observed effects", "
f <~ 1*x1 + x2 + x3
x4 ~ f
x5 ~ f")
on_tests("formative-measured-effect", "one composite that explains a factor", "
f <~ 1*x1 + x2 + x3
g =~ x4 + x5 + x6
g ~ f")
on_tests("formative-mimic", "causes and indicators of one construct, its residual free", "
f <~ x1 + x2 + x3
f =~ x4 + x5 + x6
f ~~ f")
on_tests("formative-and-indicators", "causes and indicators of one construct without residual", "
f <~ x1 + x2 + x3
f =~ x4 + x5 + x6")
on_tests("formative-explained", "a composite that is itself explained", "
f <~ 1*x1 + x2 + x3
g =~ x4 + x5 + x6
h =~ x7 + x8 + x9
g ~ f
h ~ f
f ~ ageyr")
on_tests("formative-two", "two composites, their residuals unrelated", "
f <~ 1*x1 + x2
k <~ 1*x3 + ageyr
g =~ x4 + x5 + x6
h =~ x7 + x8 + x9
g ~ f
h ~ f + k
f ~~ 0*k")
on_tests("formative-of-factors", "a composite of measured dimensions", "
v =~ x1 + x2 + x3
t =~ x4 + x5 + x6
f <~ 1*v + t
s =~ x7 + x8 + x9
s ~ f
v ~~ 0*f
t ~~ 0*f")
on_tests("formative-random-x", "with random causes", "
f <~ 1*x1 + x2 + x3
x4 ~ f
x5 ~ f", list(fixed.x = FALSE))
on_tests("formative-means", "with means", "
f <~ 1*x1 + x2 + x3
x4 ~ f
x5 ~ f", list(meanstructure = TRUE))
on_tests("formative-fixed-weights", "a composite with given weights", "
f <~ 0.5*x1 + 0.3*x2 + 0.2*x3
g =~ x4 + x5 + x6
g ~ f", list(fixed.x = FALSE))
on_tests("formative-std-lv", "a latent residual variance of 1 in all constructs", "
f <~ x1 + x2 + x3
f =~ x4 + x5 + x6", list(std.lv = TRUE))
on_tests("formative-sum", "weights that add up to one, by a constraint", "
f <~ NA*x1 + a*x1 + b*x2 + c*x3
g =~ x4 + x5 + x6
g ~ f
x7 ~ f
a + b + c == 1")
on_tests("formative-mlr", "robust standard errors", "
f <~ 1*x1 + x2 + x3
g =~ x4 + x5 + x6
g ~ f", list(estimator = "MLR"))
reference_groups("formative-groups", "a composite in two groups", "
f <~ 1*x1 + x2 + x3
g =~ x4 + x5 + x6
g ~ f", holzinger(), list(group = "school"))
reference_groups("formative-groups-equal", "weights equal in two groups", "
f <~ 1*x1 + x2 + x3
g =~ x4 + x5 + x6
g ~ f", holzinger(), list(group = "school", group.equal = c("composite.loadings", "loadings", "regressions")))
