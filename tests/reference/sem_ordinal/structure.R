# Structural models with ordinal answers: paths between factors, covariates (lavaan is then conditional on them), observed
# ordinal mediators and outcomes, a binary last outcome, indirect effects.
#
# Run from the repository root:  Rscript tests/reference/sem_ordinal/structure.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see _ordinal.R.
# Not verified: nothing here is compared with a publication.

source("tests/reference/sem_ordinal/_ordinal.R")

SURVEY <- answers_of("survey")
PARAMETERIZATIONS <- c("delta", "theta")
EVERYTHING <- c("residuals", "modification", "standardised")
named_case <- function(...) tolower(gsub("[._]", "-", paste("ordinal", ..., sep = "-")))
both <- function(name, what, model, ordered, ..., estimator = "WLSMV", options = list()) {
  for (parameterization in PARAMETERIZATIONS) {
    ordinal(named_case(name, parameterization), paste0(what, " (", parameterization, ")"), model, SURVEY,
            c(list(estimator = estimator, ordered = ordered), options, list(parameterization = parameterization)), ...)
  }
}
C <- paste0("c", 1:4)
I <- paste0("i", 1:3)

both("paths", "factors on factors", "competence =~ c1 + c2 + c3 + c4
privacy =~ p1 + p2 + p3 + p4
intention =~ i1 + i2 + i3
privacy ~ competence
intention ~ a*competence + b*privacy", TRUE, parts = EVERYTHING, scores = "EBM")
both("repurchase", "a full model with a binary last outcome", "competence =~ c1 + c2 + c3 + c4
benevolence =~ b1 + b2 + b3 + b4
intention =~ i1 + i2 + i3
benevolence ~ k*competence
intention ~ a*competence + b*benevolence
again ~ d*intention
through := b*d
total := a*d + k*b*d", TRUE, parts = EVERYTHING, wald = list(through = "b*d == 0", both = "a == 0\nb == 0", equal = "a == b"))
both("repurchase-mixed", "continuous and ordinal factors before a binary outcome", "useful =~ u1 + u2 + u3
intention =~ i1 + i2 + i3
intention ~ useful
again ~ intention + useful", c(I, "again"), parts = EVERYTHING)
both("mediator", "an observed ordinal mediator and a continuous outcome", "competence =~ c1 + c2 + c3 + c4
sat ~ a*competence
spend ~ b*sat + competence
indirect := a*b", c(C, "sat"), parts = EVERYTHING)
both("observed", "observed variables only: an ordinal mediator and a binary outcome on covariates", "sat ~ a*age + income
again ~ b*sat + age
indirect := a*b", c("sat", "again"), parts = EVERYTHING)
both("observed-continuous", "a continuous and a binary outcome on covariates", "spend ~ age + income + woman
again ~ spend + age", "again", parts = EVERYTHING)
MIMIC <- "competence =~ c1 + c2 + c3 + c4
competence ~ age + woman + income"
both("mimic", "one factor on three covariates", MIMIC, TRUE, parts = EVERYTHING, scores = "EBM")
both("mimic-direct", "factors on covariates with a direct effect", "competence =~ c1 + c2 + c3 + c4
privacy =~ p1 + p2 + p3 + p4
competence ~ age + woman
privacy ~ competence + age
c2 ~ woman", TRUE, parts = EVERYTHING)
both("mimic-mixed", "covariates and continuous indicators", "competence =~ c1 + c2 + c3
useful =~ u1 + u2 + u3
useful ~ competence + age
again ~ useful + competence + woman", c("c1", "c2", "c3", "again"), parts = EVERYTHING)
both("mimic-std-lv", "latent variances of 1 and a covariate", "competence =~ c1 + c2 + c3
intention =~ i1 + i2 + i3
intention ~ competence + age", TRUE, options = list(std.lv = TRUE))
for (estimator in c("WLS", "DWLS", "ULS", "ULSMV", "WLSM", "WLSMVS")) {
  ordinal(named_case(estimator, "mimic"), paste(estimator, "one factor on covariates", sep = ": "), MIMIC, SURVEY,
          list(estimator = estimator, ordered = TRUE), parts = character(0))
}
both("random-covariates", "covariates that are not taken as given", "competence =~ c1 + c2 + c3 + c4
competence ~ age + income", C, options = list(fixed.x = FALSE, conditional.x = FALSE))
