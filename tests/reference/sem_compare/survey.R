# Scaled difference tests with sampling weights and clusters.
#
# Run from the repository root:  Rscript tests/reference/sem_compare/survey.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see sem/_reference.R.
# Function: lavTestLRT(). Weights and clusters are made by rule (`surveyed`), so clusters have no meaning.
# Not verified: satorra.2000 with weights, for which lavaan takes the fourth moments of the unweighted rows; and
# satorra.bentler.2010 for clusters and MLR, for which it answers nothing.

source("tests/reference/sem_compare/_compare.R")

RESTRICTED <- paste0(THREE, "\nvisual ~~ 0*textual\nvisual ~~ 0*speed")

designed <- function(case, what, options, estimator, ways) {
  arguments <- function(model) list(model = model, options = options)
  differences(case, what, surveyed(holzinger()), arguments(THREE), arguments(RESTRICTED), estimator, ways)
}
BENTLER <- c("default", "sb2001", "sb2010")
SATORRA <- c("delta", "delta_shifted")
designed("difference-weights", "sampling weights", list(sampling.weights = "w"), "MLR", BENTLER)
designed("difference-clusters-mlr", "clusters", list(cluster = "cl"), "MLR", c("default", "sb2001", SATORRA))
designed("difference-clusters-mlm", "clusters", list(cluster = "cl"), "MLM", c(BENTLER, SATORRA))
designed("difference-weights-clusters", "sampling weights and clusters", list(sampling.weights = "w", cluster = "cl"),
         "MLR", BENTLER)
