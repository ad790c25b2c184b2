# Real answers: the American National Election Study of 1996 (944 voters, seven-point scales of left and right, seven
# kinds of party identification, a vote), which is in the public domain; and the tests of Holzinger and Swineford (1939)
# cut into categories.
#
# Run from the repository root:  Rscript tests/reference/sem_ordinal/published.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see _ordinal.R.
# data/anes96.csv is eight columns of the data set `anes96` of statsmodels (age in decades), whose copyright note says "This is public
# domain." Holzinger and Swineford's scores come from lavaan, as in tests/reference/sem.
# Not verified: the models only exercise the software; nothing here is compared with a publication.

source("tests/reference/sem_ordinal/_ordinal.R")

EVERYTHING <- c("residuals", "modification", "standardised")
VOTERS <- answers_of("anes96")
for (parameterization in c("delta", "theta")) {
  voters <- function(...) c(list(estimator = "WLSMV", parameterization = parameterization), list(...))
  ordinal(paste0("ordinal-voters-", parameterization), "left and right and a vote on covariates", "
selfLR ~ age + educ
vote ~ b*selfLR + educ
ClinLR ~ selfLR", VOTERS, voters(ordered = c("selfLR", "vote", "ClinLR")), parts = EVERYTHING)
}

cuts <- list(x1 = c(3.5, 4.5, 5.5, 6.5), x2 = c(5, 6, 7), x3 = c(1, 2, 3), x4 = c(2, 3, 4), x5 = c(3, 4, 5, 6),
             x6 = c(1, 2, 3), x7 = c(3, 4, 5), x8 = c(5, 6), x9 = 5.5)
SCHOOLS <- holzinger_cut(cuts)
THREE <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9"
cut <- function(...) c(list(estimator = "WLSMV", ordered = paste0("x", 1:9)), list(...))
ordinal("ordinal-schools-delta", "cut tests, three factors (delta)", THREE, SCHOOLS, cut(), parts = EVERYTHING)
ordinal("ordinal-schools-theta", "cut tests, three factors (theta)", THREE, SCHOOLS, cut(parameterization = "theta"))
ordinal("ordinal-schools-covariates", "cut tests, factors on age and sex", paste0(THREE, "
visual + textual + speed ~ ageyr + sex"), SCHOOLS, cut())
ordinal("ordinal-schools-groups", "cut tests, equal loadings and thresholds in two schools", THREE, SCHOOLS,
        cut(group = "school", group.equal = c("loadings", "thresholds")), parts = EVERYTHING)
