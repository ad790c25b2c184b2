# Modification indices, score tests of equality constraints, and standardised solutions with standard errors.
#
# Run from the repository root:  Rscript tests/reference/sem_inspect/inspect.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see sem/_reference.R.
# Functions: modindices(), lavTestScore(), standardizedSolution() with type "std.all" and "std.lv".
# Not verified: nothing here is compared with a publication.

source("tests/reference/sem_inspect/_inspect.R")

THREE <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9"
DEMOCRACY <- "
ind60 =~ x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8
dem60 ~ ind60
dem65 ~ ind60 + dem60"
school <- function(...) list(group = "school", group.equal = c(...))

inspected("inspect-cfa", "three factors", THREE, holzinger())
inspected("inspect-cfa-std-lv", "latent variances as units, and means", THREE, holzinger(),
          list(std.lv = TRUE, meanstructure = TRUE))
inspected("inspect-orthogonal", "covariances of factors fixed to zero", paste0(THREE, "
visual ~~ 0*textual + 0*speed
textual ~~ 0*speed"), holzinger())
inspected("inspect-fixed", "values fixed other than 0 and 1", paste0(THREE, "
visual ~~ 0.4*textual
x9 ~~ 0.55*x9
x1 ~~ 0.1*x4"), holzinger())
inspected("inspect-democracy", "latent regressions", DEMOCRACY, democracy())
inspected("inspect-democracy-equal", "equal loadings over time, means, a defined parameter", "
ind60 =~ x1 + x2 + x3
dem60 =~ y1 + a*y2 + b*y3 + c*y4
dem65 =~ y5 + a*y6 + b*y7 + c*y8
dem60 ~ p*ind60
dem65 ~ ind60 + q*dem60
y1 ~~ y5
y2 ~~ y4 + y6
through := p*q", democracy(), list(meanstructure = TRUE))
inspected("inspect-mimic", "latent variables on observed covariates, fixed", paste0(THREE, "
visual + textual + speed ~ ageyr + sex"), holzinger())
inspected("inspect-mimic-random", "the same covariates random, with means", paste0(THREE, "
visual + textual + speed ~ ageyr + sex"), holzinger(), list(fixed.x = FALSE, meanstructure = TRUE))
inspected("inspect-paths", "observed variables only", "
m ~ x
k ~ m
y ~ k + age", simulated("paths"))
inspected("inspect-second-order", "a second-order factor", paste0(THREE, "
g =~ visual + textual + speed"), holzinger())
inspected("inspect-growth", "growth with intercept means fixed to zero", "
i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4 + 1*t5
s =~ 0*t1 + 1*t2 + 2*t3 + 3*t4 + 4*t5
i ~ 1
s ~ 1
t1 ~ 0*1
t2 ~ 0*1
t3 ~ 0*1
t4 ~ 0*1
t5 ~ 0*1", simulated("growth"))
inspected("inspect-groups", "three factors in two schools", THREE, holzinger(), list(group = "school"))
inspected("inspect-groups-loadings", "equal loadings", THREE, holzinger(), school("loadings"))
inspected("inspect-groups-intercepts", "equal loadings and intercepts", THREE, holzinger(), school("loadings", "intercepts"))
inspected("inspect-groups-strict", "residual variances and latent means equal besides", THREE, holzinger(),
          school("loadings", "intercepts", "residuals", "means"))
inspected("inspect-groups-covariates", "covariates with equal loadings and regressions", paste0(THREE, "
visual + textual + speed ~ ageyr"), holzinger(), school("loadings", "regressions"))
