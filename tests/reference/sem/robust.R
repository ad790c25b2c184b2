# Robust standard errors and scaled tests: MLR (Huber-White, Yuan-Bentler) and MLM (Satorra-Bentler), for factors,
# structure, means, covariates that are fixed or random, equal labels, and defined parameters.
#
# Run from the repository root:  Rscript tests/reference/sem/robust.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see _reference.R.
# Not verified: nothing here is compared with a publication.

source("tests/reference/sem/_reference.R")

THREE <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9"
DEMOCRACY <- "
ind60 =~ x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8
dem60 ~ a*ind60
dem65 ~ c*ind60 + b*dem60
y1 ~~ y5
y2 ~~ y4 + y6
y3 ~~ y7
y4 ~~ y8
y6 ~~ y8
ab := a*b
total := c + a*b"
MIMIC <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
visual + textual ~ ageyr + sex"
PATHS <- "x7 ~ x1 + x2
x8 ~ b*x7 + x1"

for (estimator in c("MLR", "MLM")) {
  case <- function(name, what, model, data, options = list()) {
    reference(paste0("robust-", tolower(estimator), "-", name), paste(estimator, what, sep = ": "), model, data,
              c(list(estimator = estimator), options))
  }
  case("hs", "three factors", THREE, holzinger())
  case("hs-means", "three factors with intercepts", THREE, holzinger(), list(meanstructure = TRUE))
  case("hs-std-lv", "latent variances of 1", THREE, holzinger(), list(std.lv = TRUE))
  case("hs-equal", "equal loadings by labels", "
visual  =~ NA*x1 + a*x1 + a*x2 + a*x3
textual =~ x4 + b*x5 + b*x6
visual ~~ 1*visual", holzinger())
  case("pd", "structure with residual covariances and indirect effects, n = 75", DEMOCRACY, democracy())
  case("pd-means", "the same with intercepts", DEMOCRACY, democracy(), list(meanstructure = TRUE))
  case("mimic", "covariates, fixed", MIMIC, holzinger())
  case("mimic-means", "covariates, fixed, and intercepts", MIMIC, holzinger(), list(meanstructure = TRUE))
  case("mimic-random-x", "covariates, random", MIMIC, holzinger(), list(fixed.x = FALSE))
  case("paths", "observed variables only", PATHS, holzinger())
  case("paths-means-random-x", "observed variables only, random, with intercepts", PATHS, holzinger(),
       list(fixed.x = FALSE, meanstructure = TRUE))
}
