# Estimators besides ML, MLR and MLM, and every choice of information, standard errors and test that lavaan offers for
# complete continuous data: least squares (GLS, ULS, WLS, DWLS) and their robust versions, tests adjusted in mean and
# variance, first-order information, the Wishart likelihood; factors, structure, means, covariates, groups.
#
# Run from the repository root:  Rscript tests/reference/sem_estimators/estimators.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see sem/_reference.R.
# Not verified: nothing here is compared with a publication.

source("tests/reference/sem_groups/_groups.R")

THREE <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9"
TWO <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6"
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
ab := a*b"
MIMIC <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
visual + textual ~ ageyr + sex"
EQUAL <- "visual  =~ NA*x1 + a*x1 + a*x2 + a*x3
textual =~ x4 + b*x5 + b*x6
visual ~~ 1*visual"

LEAST_SQUARES <- c("GLS", "ULS", "WLS", "DWLS", "WLSM", "WLSMV", "WLSMVS", "ULSM", "ULSMV", "ULSMVS")
LIKELIHOOD <- c("MLMV", "MLMVS", "MLF")
named_case <- function(...) tolower(gsub("[._]", "-", paste(..., sep = "-")))

for (estimator in c(LEAST_SQUARES, LIKELIHOOD)) {
  case <- function(name, what, model, data, options = list()) {
    reference(named_case("estimator", estimator, name), paste(estimator, what, sep = ": "), model, data,
              c(list(estimator = estimator), options))
  }
  grouped <- function(name, what, model, options = list()) {
    reference_groups(named_case("estimator", estimator, name), paste(estimator, what, sep = ": "), model, holzinger(),
                     c(list(estimator = estimator, group = "school"), options))
  }
  case("hs", "three factors", THREE, holzinger())
  case("hs-means", "three factors with intercepts", THREE, holzinger(), list(meanstructure = TRUE))
  case("hs-equal", "equal loadings by labels", EQUAL, holzinger())
  case("mimic", "covariates, fixed", MIMIC, holzinger(), list(fixed.x = TRUE))
  case("mimic-means", "covariates, fixed, and intercepts", MIMIC, holzinger(),
       list(fixed.x = TRUE, meanstructure = TRUE))
  case("mimic-default-x", "covariates as lavaan takes them by default: random in least squares", MIMIC, holzinger())
  grouped("groups", "two groups, nothing equal", TWO)
  grouped("groups-equal", "two groups, equal loadings and intercepts", TWO,
          list(group.equal = c("loadings", "intercepts")))
  if (estimator != "WLS") { # 75 rows are fewer than the 66 moments' weight matrix can be inverted for with any precision
    case("pd", "structure with residual covariances and indirect effects, n = 75", DEMOCRACY, democracy())
  }
}

variant <- function(name, what, options, model = THREE, data = holzinger()) {
  reference(paste0("estimator-", name), what, model, data, options)
}
variant("ml-observed", "standard errors from observed information", list(information = "observed"))
variant("ml-observed-pd", "standard errors from observed information", list(information = "observed"), DEMOCRACY, democracy())
variant("ml-observed-mimic", "observed information, fixed covariates and means",
        list(information = "observed", meanstructure = TRUE), MIMIC)
variant("ml-first-order", "standard errors from first-order information", list(information = "first.order"))
variant("ml-first-order-mimic", "first-order information, fixed covariates", list(information = "first.order"), MIMIC)
variant("mlr-expected", "MLR with expected information", list(estimator = "MLR", information = "expected"))
variant("ml-robust-sem", "robust standard errors, plain test", list(se = "robust.sem"))
variant("ml-huber-white", "Huber-White standard errors, plain test", list(se = "robust.huber.white"))
variant("ml-satorra-bentler", "plain standard errors, Satorra-Bentler test", list(test = "satorra.bentler"))
variant("ml-yuan-bentler-mplus", "plain standard errors, Yuan-Bentler test of Mplus", list(test = "yuan.bentler.mplus"))
variant("ml-scaled-shifted", "plain standard errors, scaled and shifted test", list(test = "scaled.shifted"))
variant("ml-mean-var-adjusted", "plain standard errors, mean and variance adjusted test",
        list(test = "mean.var.adjusted"))
variant("uls-robust", "ULS with robust standard errors, plain test", list(estimator = "ULS", se = "robust.sem"))
variant("dwls-scaled", "DWLS with plain standard errors, Satorra-Bentler test",
        list(estimator = "DWLS", test = "satorra.bentler"))
variant("ml-wishart", "Wishart likelihood", list(likelihood = "wishart"))
variant("ml-wishart-means", "Wishart likelihood with intercepts", list(likelihood = "wishart", meanstructure = TRUE))
variant("ml-wishart-mimic", "Wishart likelihood, fixed covariates", list(likelihood = "wishart"), MIMIC)
variant("ml-wishart-pd", "Wishart likelihood", list(likelihood = "wishart"), DEMOCRACY, democracy())
reference_groups("estimator-ml-wishart-groups", "Wishart likelihood in two groups", TWO, holzinger(),
                 list(likelihood = "wishart", group = "school", group.equal = c("loadings", "intercepts")))
reference_groups("estimator-ml-first-order-groups", "first-order information in two groups", TWO, holzinger(),
                 list(information = "first.order", group = "school", group.equal = c("loadings", "intercepts")))
reference_groups("estimator-ml-observed-groups", "observed information in two groups", TWO, holzinger(),
                 list(information = "observed", group = "school", group.equal = c("loadings", "intercepts")))
tests <- paste0("x", 1:9)
moments_case <- function(estimator) {
  reference(named_case("estimator", estimator, "moments"), paste(estimator, "from published covariances"), THREE,
            moments(cov(holzinger()$frame[tests]), 301), list(estimator = estimator))
}
for (estimator in c("GLS", "ULS")) moments_case(estimator)
variant("wishart-moments", "Wishart likelihood from published covariances", list(likelihood = "wishart"),
        data = moments(cov(holzinger()$frame[tests]), 301))
