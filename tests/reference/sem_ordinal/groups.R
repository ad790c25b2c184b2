# Ordinal answers in several groups: what is held equal, thresholds and scales, labels by group, one group's own.
#
# Run from the repository root:  Rscript tests/reference/sem_ordinal/groups.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see _ordinal.R.
# Not verified: nothing here is compared with a publication.

source("tests/reference/sem_ordinal/_ordinal.R")

SURVEY <- answers_of("survey")
PARAMETERIZATIONS <- c("delta", "theta")
ONE <- "competence =~ c1 + c2 + c3 + c4"
TWO <- "competence =~ c1 + c2 + c3 + c4
intention =~ i1 + i2 + i3"
named_case <- function(...) tolower(gsub("[._]", "-", paste("ordinal-groups", ..., sep = "-")))
both <- function(name, what, model, group, equal = NULL, ..., ordered = TRUE, estimator = "WLSMV", options = list(),
                 parts = "standardised") {
  for (parameterization in PARAMETERIZATIONS) {
    ordinal(named_case(name, parameterization), paste0(what, " (", parameterization, ")"), model, SURVEY,
            c(list(estimator = estimator, ordered = ordered, group = group), if (length(equal)) list(group.equal = equal),
              options, list(parameterization = parameterization)), parts, ...)
  }
}
EVERYTHING <- c("residuals", "modification", "score", "standardised")

both("nothing", "two sites, nothing equal", TWO, "site", parts = c("vcov", EVERYTHING), scores = "EBM")
both("three", "three countries, nothing equal", ONE, "country")
both("loadings", "equal loadings", ONE, "country", "loadings", parts = EVERYTHING)
both("thresholds", "equal thresholds", ONE, "country", "thresholds", parts = EVERYTHING)
both("loadings-thresholds", "equal loadings and thresholds", ONE, "country", c("loadings", "thresholds"),
     parts = EVERYTHING, scores = "EBM")
both("intercepts", "equal loadings, thresholds and intercepts", TWO, "site", c("loadings", "thresholds", "intercepts"),
     parts = EVERYTHING)
both("residuals", "equal loadings, thresholds and residuals", ONE, "site", c("loadings", "thresholds", "residuals"),
     parts = EVERYTHING)
both("latent", "equal loadings, thresholds, latent means, variances and covariances", TWO, "site",
     c("loadings", "thresholds", "means", "lv.variances", "lv.covariances"), parts = EVERYTHING)
both("partial", "equal loadings and thresholds but for some", ONE, "country", c("loadings", "thresholds"),
     options = list(group.partial = c("competence =~ c2", "c2 | t1", "c2 | t2")), parts = EVERYTHING)
both("std-lv", "latent variances of 1, equal loadings and thresholds", TWO, "site", c("loadings", "thresholds"),
     options = list(std.lv = TRUE))
both("binary", "yes-or-no answers, equal loadings and thresholds", "privacy =~ p1 + p2 + p3 + p4", "site",
     c("loadings", "thresholds"), parts = EVERYTHING)
both("mixed", "ordinal and continuous indicators, equal loadings, thresholds and intercepts", "competence =~ c1 + c2 + c3
useful =~ u1 + u2 + u3
useful ~ competence", "site", c("loadings", "thresholds", "intercepts", "regressions"), ordered = c("c1", "c2", "c3"),
     parts = EVERYTHING)
both("covariates", "covariates, equal loadings and thresholds", paste0(ONE, "
competence ~ age + woman"), "site", c("loadings", "thresholds"), parts = EVERYTHING)
both("paths", "equal regressions, a binary outcome and an indirect effect by group", paste0(TWO, "
intention ~ c(a1, a2)*competence
again ~ c(b1, b2)*intention
first := a1*b1
second := a2*b2"), "site", c("loadings", "thresholds"), wald = list(equal = "a1 == a2\nb1 == b2", effects = "a1*b1 == a2*b2"))
both("labels", "labels and values by group, in loadings and thresholds", "competence =~ c1 + c(l, l)*c2 + c(m1, m2)*c3 + c4
c1 | c(s, s)*t1 + c(-0.5, NA)*t2
c2 | c(u1, u2)*t1
u1 == u2", "site", parts = EVERYTHING)
both("equality", "loadings equal to those of another group in part", "competence =~ c1 + c(l1, l2)*c2 + c(m1, m2)*c3 + c4
l1 == l2
m1 - m2 == 0.1", "site")
ordinal(named_case("scales", "delta"), "scales of one group free, with equal loadings and thresholds", "
competence =~ c1 + c2 + c3 + c4
c1 ~*~ c(1, NA)*c1
c2 ~*~ c(1, 1)*c2
c3 ~*~ c(1, NA)*c3
c4 ~*~ c(1, 1)*c4", SURVEY, list(estimator = "WLSMV", ordered = TRUE, parameterization = "delta", group = "site",
                                 group.equal = c("loadings", "thresholds")), parts = EVERYTHING)
ordinal(named_case("residual-variances", "theta"), "residual variances of one group free, written in the model", "
competence =~ c1 + c2 + c3 + c4
c1 ~~ c(1, NA)*c1
c2 ~~ c(1, 1)*c2
c3 ~~ c(1, NA)*c3
c4 ~~ c(1, 1)*c4", SURVEY, list(estimator = "WLSMV", ordered = TRUE, parameterization = "theta", group = "site",
                                group.equal = c("loadings", "thresholds")), parts = EVERYTHING)
for (estimator in c("WLS", "DWLS", "ULS", "ULSMV", "WLSM", "WLSMVS")) {
  ordinal(named_case(estimator), paste(estimator, "equal loadings and thresholds in three countries", sep = ": "), ONE, SURVEY,
          list(estimator = estimator, ordered = TRUE, group = "country", group.equal = c("loadings", "thresholds")),
          parts = character(0))
}
