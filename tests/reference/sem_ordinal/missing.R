# Ordinal answers with gaps, pairwise and listwise; answers with sampling weights.
#
# Run from the repository root:  Rscript tests/reference/sem_ordinal/missing.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see _ordinal.R.
# Not verified: nothing here is compared with a publication.

source("tests/reference/sem_ordinal/_ordinal.R")

ITEMS <- c(paste0("c", 1:4), paste0("i", 1:3), paste0("u", 1:3), "again", "age")
GAPPY <- with_gaps(answers_of("survey"), ITEMS, 11)
MODEL <- "competence =~ c1 + c2 + c3 + c4
intention =~ i1 + i2 + i3
intention ~ competence"
MIXED <- "competence =~ c1 + c2 + c3
useful =~ u1 + u2 + u3
again ~ competence + useful"
COVARIATE <- "competence =~ c1 + c2 + c3 + c4
competence ~ age + woman"
EVERYTHING <- c("residuals", "modification", "standardised")
named_case <- function(...) tolower(gsub("[._]", "-", paste("ordinal-missing", ..., sep = "-")))

for (missing in c("pairwise", "listwise")) {
  gaps <- function(name, what, model, ordered = TRUE, estimator = "WLSMV", ..., parts = "standardised") {
    ordinal(named_case(missing, name), paste0(what, " (", missing, ")"), model, GAPPY,
            c(list(estimator = estimator, ordered = ordered, missing = missing), list(...)), parts)
  }
  gaps("factors", "two factors", MODEL, parts = EVERYTHING)
  gaps("theta", "two factors, theta", MODEL, parameterization = "theta")
  gaps("mixed", "ordinal and continuous indicators, a binary outcome", MIXED, c("c1", "c2", "c3", "again"))
  gaps("covariates", "covariates, one of them with gaps", COVARIATE)
  gaps("groups", "two sites, equal loadings and thresholds", MODEL, group = "site", group.equal = c("loadings", "thresholds"))
  for (estimator in c("WLS", "DWLS", "ULSMV", "WLSM", "WLSMVS")) gaps(estimator, estimator, MODEL, estimator = estimator)
}

WEIGHTED <- surveyed(answers_of("survey"))
weights <- function(name, what, model, ordered = TRUE, estimator = "WLSMV", ..., parts = "standardised") {
  ordinal(tolower(paste0("ordinal-weights-", name)), paste0(what, " (sampling weights)"), model, WEIGHTED,
          c(list(estimator = estimator, ordered = ordered, sampling.weights = "w"), list(...)), parts)
}
weights("factors", "two factors", MODEL, parts = EVERYTHING)
weights("theta", "two factors, theta", MODEL, parameterization = "theta")
weights("mixed", "ordinal and continuous indicators, a binary outcome", MIXED, c("c1", "c2", "c3", "again"))
weights("covariates", "covariates", COVARIATE)
weights("groups", "two sites, equal loadings and thresholds", MODEL, group = "site", group.equal = c("loadings", "thresholds"))
for (estimator in c("WLS", "DWLS", "ULSMV", "WLSM", "WLSMVS")) weights(estimator, estimator, MODEL, estimator = estimator)
