# Modification indices, score tests and standardised solutions of least squares with continuous variables.
#
# Run from the repository root:  Rscript tests/reference/sem_inspect/squares.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see sem/_reference.R.
# Not verified: nothing here is compared with a publication.

source("tests/reference/sem_inspect/_inspect.R")

THREE <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9"
for (estimator in c("GLS", "ULS", "WLS", "DWLS", "WLSMV")) {
  case_name <- function(...) paste(c("inspect", tolower(estimator), ...), collapse = "-")
  inspected(case_name("factors"), paste(estimator, "three factors", sep = ": "), THREE, holzinger(), list(estimator = estimator))
  inspected(case_name("groups"), paste(estimator, "equal loadings and intercepts in two schools", sep = ": "), "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6", holzinger(), list(estimator = estimator, group = "school", group.equal = c("loadings", "intercepts")))
}
inspected("inspect-gls-mimic", "GLS: covariates, random", "visual  =~ x1 + x2 + x3
visual ~ ageyr + sex", holzinger(), list(estimator = "GLS", meanstructure = TRUE))
