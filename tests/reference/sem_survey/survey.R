# Sampling weights, clusters, and published correlations with standard deviations.
#
# Run from the repository root:  Rscript tests/reference/sem_survey/survey.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see
# tests/reference/sem/_reference.R. Weights and clusters are made by rule (`surveyed`), so clusters have no meaning.
#
# Weights are normalised to sum to the rows of all groups (lavaan: sampling.weights.normalization = "total").
# estimator = "MLR" is written out: with clusters and estimator = "ML" lavaan takes another information for the test.
# Not verified: nothing here is compared with a publication. MLM with weights is left out, because lavaan 0.6-14 takes
# the fourth moments of the unweighted rows then.

source("tests/reference/sem_groups/_groups.R")

THREE <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9"
MIMIC <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
visual + textual ~ ageyr + sex"
DEMOCRACY <- "ind60 =~ x1 + x2 + x3
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
TESTS <- paste0("x", 1:9)
WEIGHTS <- list(sampling.weights = "w")
CLUSTER <- list(cluster = "cl")
MLR <- list(estimator = "MLR")

one <- function(name, what, model, data, ...) {
  reference(paste0("survey-", name), what, model, surveyed(data), c(...))
}
groups <- function(name, what, ...) {
  reference_groups(paste0("survey-", name), what, THREE, surveyed(holzinger()), c(list(group = "school"), ...))
}
gaps <- function() with_gaps(holzinger(), c("x1", "x5", "x9"), 17)

# ---- weights ----------------------------------------------------------------------------------------------------

one("weights", "weights", THREE, holzinger(), MLR, WEIGHTS)
one("weights-means", "weights, with intercepts", THREE, holzinger(), MLR, WEIGHTS, list(meanstructure = TRUE))
one("weights-std-lv", "weights, latent variances of 1", THREE, holzinger(), MLR, WEIGHTS, list(std.lv = TRUE))
one("weights-mimic", "weights, fixed covariates", MIMIC, holzinger(), MLR, WEIGHTS)
one("weights-mimic-random-x", "weights, random covariates, with intercepts", MIMIC, holzinger(), MLR, WEIGHTS,
    list(fixed.x = FALSE, meanstructure = TRUE))
one("weights-democracy", "weights, structure with defined parameters", DEMOCRACY, democracy(), MLR, WEIGHTS)
one("weights-listwise", "weights, rows with gaps left out", THREE, gaps(), MLR, WEIGHTS)
groups("weights-groups", "weights, two groups", MLR, WEIGHTS)
groups("weights-groups-scalar", "weights, equal loadings and intercepts", MLR, WEIGHTS,
       list(group.equal = c("loadings", "intercepts")))

# ---- clusters ---------------------------------------------------------------------------------------------------

one("clusters", "clusters", THREE, holzinger(), MLR, CLUSTER)
one("clusters-mimic", "clusters, fixed covariates", MIMIC, holzinger(), MLR, CLUSTER)
one("clusters-mimic-random-x", "clusters, random covariates", MIMIC, holzinger(), MLR, CLUSTER, list(fixed.x = FALSE))
one("clusters-democracy", "24 clusters, structure with defined parameters", DEMOCRACY, democracy(), MLR, CLUSTER)
one("clusters-listwise", "clusters, rows with gaps left out", THREE, gaps(), MLR, CLUSTER)
groups("clusters-groups", "clusters, two groups, one cluster has rows in both", MLR, CLUSTER)
groups("clusters-groups-loadings", "clusters, equal loadings", MLR, CLUSTER, list(group.equal = "loadings"))
one("clusters-mlm", "clusters, MLM", THREE, holzinger(), list(estimator = "MLM"), CLUSTER)
one("clusters-mlm-mimic", "clusters, MLM, fixed covariates", MIMIC, holzinger(), list(estimator = "MLM"), CLUSTER)
groups("clusters-mlm-groups", "clusters, MLM, two groups", list(estimator = "MLM"), CLUSTER)

# ---- both -------------------------------------------------------------------------------------------------------

one("both", "weights and clusters", THREE, holzinger(), MLR, WEIGHTS, CLUSTER)
one("both-mimic", "weights and clusters, fixed covariates", MIMIC, holzinger(), MLR, WEIGHTS, CLUSTER)
one("both-listwise", "weights and clusters, rows with gaps left out", THREE, gaps(), MLR, WEIGHTS, CLUSTER)
groups("both-groups", "weights and clusters, two groups", MLR, WEIGHTS, CLUSTER)
groups("both-groups-scalar", "weights and clusters, equal loadings and intercepts", MLR, WEIGHTS, CLUSTER,
       list(group.equal = c("loadings", "intercepts")))

# ---- correlations as papers print them --------------------------------------------------------------------------

printed <- function(frame) {
  corr <- round(cor(frame[TESTS]), 2)
  sd <- round(sapply(frame[TESTS], sd), 3)
  c(moments(cor2cov(corr, sd), nrow(frame), round(colMeans(frame[TESTS]), 3)), list(corr = corr, sd = sd))
}
without_means <- function(data) data[names(data) != "mean"]

school <- HolzingerSwineford1939
reference("survey-correlations", "correlations and standard deviations", THREE, without_means(printed(school)))
reference("survey-correlations-means", "correlations, standard deviations and means", THREE, printed(school))
