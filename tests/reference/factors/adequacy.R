# KMO and Bartlett's test of sphericity, from psych.
#
# Run from the repository root:  Rscript tests/reference/factors/adequacy.R [output folder]
# Writes <output folder>/adequacy.json (default folder: build/reference/factors).
# Versions: R 4.2.2, psych 2.2.9, jsonlite 1.8.4 (lavaan 0.6-14 for data); the file names the versions that made it.
#
# What is computed, for each case: psych::KMO(R)$MSA and $MSAi, psych::cortest.bartlett(R, n), and det(R), where R is
# cor(items, use = "pairwise") and n the number of rows with an answer.
#
# Not verified here: that psych is right.

suppressPackageStartupMessages(library(psych))
source("tests/reference/factors/_number.R")

one_case <- function(data) {
  items <- items_of(data)
  R <- cor(items, use = "pairwise")
  n <- sum(rowSums(!is.na(items)) > 0)
  measure <- KMO(R)
  test <- cortest.bartlett(R, n)
  list(
    data = data, n_obs = n, overall = measure$MSA, items = as.list(measure$MSAi),
    chisq = test$chisq, df = test$df, p_value = test$p.value, determinant = det(R)
  )
}

cases <- lapply(c(holzinger = "holzinger", ordinal = "ordinal", gaps = "gaps", binary = "binary"), one_case)

write_reference(cases, c("psych", "jsonlite"), file.path(output_folder(), "adequacy.json"))
