# Factors behind ordinal answers: every estimator, both parameterisations, 2 to 7 categories, mixed with continuous
# indicators; second-order and orthogonal factors, constraints, thresholds and scales written in the model.
#
# Run from the repository root:  Rscript tests/reference/sem_ordinal/factors.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see _ordinal.R.
# Not verified: nothing here is compared with a publication.

source("tests/reference/sem_ordinal/_ordinal.R")

SURVEY <- answers_of("survey")
TWO <- "competence =~ c1 + c2 + c3 + c4
benevolence =~ b1 + b2 + b3 + b4"
PARAMETERIZATIONS <- c("delta", "theta")
EVERYTHING <- c("vcov", "residuals", "modification", "standardised")
named_case <- function(...) tolower(gsub("[._]", "-", paste("ordinal", ..., sep = "-")))
both <- function(name, what, model, data, options, ...) {
  for (parameterization in PARAMETERIZATIONS) {
    ordinal(named_case(name, parameterization), paste0(what, " (", parameterization, ")"), model, data,
            c(options, list(parameterization = parameterization)), ...)
  }
}
wlsmv <- function(...) c(list(estimator = "WLSMV", ordered = TRUE), list(...))

for (estimator in c("WLS", "DWLS", "ULS", "WLSM", "WLSMVS", "ULSM", "ULSMV", "ULSMVS")) {
  ordinal(named_case(estimator, "two-factors"), paste(estimator, "two factors, 5 and 7 categories", sep = ": "), TWO, SURVEY,
          list(estimator = estimator, ordered = TRUE), parts = character(0))
}
for (estimator in c("WLS", "DWLS", "ULS", "ULSMV")) {
  ordinal(named_case(estimator, "theta"), paste(estimator, "two factors (theta)", sep = ": "), TWO, SURVEY,
          list(estimator = estimator, ordered = TRUE, parameterization = "theta"), parts = character(0))
}
both("two-factors", "two factors, 5 and 7 categories", TWO, SURVEY, wlsmv(), parts = EVERYTHING,
     scores = c("EBM", "ML"))
both("binary", "one factor, 2 categories", "privacy =~ p1 + p2 + p3 + p4", SURVEY, wlsmv(), parts = EVERYTHING,
     scores = c("EBM", "ML"))
both("three", "two factors, 3 and 2 categories", "intention =~ i1 + i2 + i3
privacy =~ p1 + p2 + p3 + p4", SURVEY, wlsmv())
both("many-categories", "five factors, 2, 3, 5 and 7 categories, and latent variances of 1", "competence =~ c1 + c2 + c3 + c4
benevolence =~ b1 + b2 + b3 + b4
intention =~ i1 + i2 + i3
privacy =~ p1 + p2 + p3 + p4", SURVEY, wlsmv(std.lv = TRUE))
MIXED <- "competence =~ c1 + c2 + c3 + c4
useful =~ u1 + u2 + u3"
mixed <- function(...) c(list(estimator = "WLSMV", ordered = paste0("c", 1:4)), list(...))
both("mixed", "ordinal and continuous indicators", MIXED, SURVEY, mixed(), parts = EVERYTHING)
both("mixed-factor", "one factor of ordinal and continuous indicators", "competence =~ u1 + c1 + c2 + u2 + p1",
     SURVEY, list(estimator = "WLSMV", ordered = c("c1", "c2", "p1")), parts = c("modification", "standardised"))
for (estimator in c("WLS", "DWLS", "ULSMV", "WLSM", "WLSMVS")) {
  ordinal(named_case(estimator, "mixed"), paste(estimator, "ordinal and continuous indicators", sep = ": "), MIXED, SURVEY,
          list(estimator = estimator, ordered = paste0("c", 1:4)), parts = character(0))
}
both("sparse", "rare answers and empty cells", "s =~ s1 + s2 + s3 + s4 + s5 + s6", answers_of("sparse"), wlsmv())
both("residual-covariance", "correlated residuals and a loading on a second factor", paste0(TWO, "
b1 ~~ b2
benevolence =~ c4
c1 ~~ c3"), SURVEY, wlsmv(), parts = c("modification", "standardised"))
both("second-order", "a second-order factor", paste0(TWO, "
intention =~ i1 + i2 + i3
trust =~ competence + benevolence + intention"), SURVEY, wlsmv(), parts = c("modification", "standardised"))
both("bifactor", "a general and an orthogonal specific factor", "trust =~ b1 + b2 + b3 + b4 + c1 + c2 + c3 + c4
specific =~ c1 + c2 + c3 + c4
trust ~~ 0*specific", SURVEY, wlsmv(std.lv = TRUE), parts = c("modification", "standardised"))
both("labels", "equal loadings and thresholds by labels, a fixed threshold", "competence =~ c1 + a*c2 + a*c3 + c4
benevolence =~ b1 + b2 + b*b3 + b*b4
c1 | s*t1 + t2
c3 | s*t1
c4 | 0.5*t3", SURVEY, wlsmv(), parts = c("modification", "score", "standardised"))
both("equalities", "linear and nonlinear equalities, a defined parameter", "competence =~ c1 + a*c2 + b*c3 + c4
benevolence =~ b1 + d*b2 + e*b3 + b4
c2 | u*t1 + v*t4
b4 | w*t2
a + b == 1.9
d*e == 1
v == u + 2.4
distance := v - u
product := a*d", SURVEY, wlsmv(), parts = "standardised", wald = list(
  one = "a == 1", two = "d == 1\nw == -0.7", curved = "a*d == 0.9"))
both("inequality", "an active inequality", "competence =~ c1 + a*c2 + b*c3 + c4
b > a + 0.1", SURVEY, wlsmv(), parts = character(0))
ordinal(named_case("scales"), "response scales and latent response intercepts written in the model", "competence =~ 1*c1 + c2 + c3 + c4
c1 ~*~ 1*c1
c2 | -1.2*t1 + -0.4*t2
c2 ~*~ c2
c2 ~ 1
c3 | -1.7*t1 + -1*t2
c3 ~*~ NA*c3
c3 ~ 1", SURVEY, wlsmv(parameterization = "delta"))
