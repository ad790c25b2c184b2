# Covariances out of printed triangles: lavaan's getCov.
#
# Run from the repository root:  Rscript tests/reference/moments/triangles.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; the written file names the versions that made it.
# Not verified: nothing here is compared with a publication.

suppressPackageStartupMessages({
  library(lavaan)
  library(jsonlite)
})

out <- commandArgs(trailingOnly = TRUE)
stopifnot(length(out) == 1)
dir.create(out, recursive = TRUE, showWarnings = FALSE)

names <- c("trust", "loyalty", "risk", "price")
sds <- c(1.21, 0.87, 2.5, 14.2)
texts <- list(
  lower = "1\n.35 1\n-.52 .41 1\n.08 -.11 .27 1",
  no_diagonal = ".35\n-.52 .41\n.08 -.11 .27",
  upper = "1 .35 -.52 .08\n1 .41 -.11\n1 .27\n1"
)
matrices <- list(
  lower = getCov(texts$lower, names = names),
  no_diagonal = getCov(texts$no_diagonal, diagonal = FALSE, names = names),
  upper = getCov(texts$upper, lower = FALSE, names = names),
  lower_sd = getCov(texts$lower, names = names, sds = sds)
)
found <- list(
  names = names, sds = sds, texts = lapply(texts, unbox),
  matrices = lapply(matrices, function(x) unclass(unname(x))),
  versions = lapply(list(R = R.version.string, lavaan = as.character(packageVersion("lavaan"))), unbox)
)
writeLines(toJSON(found, digits = NA, pretty = TRUE), file.path(out, "triangles.json"))
