# What the scripts of this folder share: the data, the fit with OpenMx, and how values are written.
# Sourced by the scripts, never run alone (its name starts with an underscore).

suppressPackageStartupMessages({
  library(jsonlite)
  library(OpenMx)
  library(rpf)
})

FOLDER <- "tests/reference/item_response"

output_folder <- function() {
  given <- commandArgs(trailingOnly = TRUE)
  if (length(given) > 1 || !file.exists(file.path(FOLDER, "_shared.R"))) {
    stop("run from the repository root: Rscript ", FOLDER, "/<topic>.R [output folder]")
  }
  out <- if (length(given) == 1) given[1] else "build/reference/item_response"
  dir.create(out, recursive = TRUE, showWarnings = FALSE)
  out
}

answers_of <- function(name) read.csv(file.path(FOLDER, "data", paste0(name, ".csv")))

versions_of <- function(packages) {
  shown <- vapply(packages, function(p) as.character(packageVersion(p)), "")
  c(list(R = as.character(getRversion())), as.list(shown))
}

# All digits: jsonlite writes 15 significant ones with digits = NA. NA and NaN become null.
write_reference <- function(cases, packages, file) {
  content <- list(versions = versions_of(packages), cases = cases)
  write_json(content, file, digits = NA, auto_unbox = TRUE, pretty = 2, na = "null", null = "null")
}

as_factors <- function(data) {
  for (j in seq_along(data)) data[[j]] <- mxFactor(data[[j]], levels = sort(unique(na.omit(data[[j]]))))
  data
}

# The graded model, one column an item, fitted by EM until the deviance stands still. Slopes f1, intercepts c1, c2, ...
fit_graded <- function(data, equal_slopes = FALSE) {
  counts <- vapply(data, nlevels, 0L)
  spec <- lapply(counts, function(k) rpf.grm(outcomes = k))
  most <- max(counts)
  start <- sapply(counts, function(k) c(1, if (k > 2) seq(1.5, -1.5, length.out = k - 1) else 0, rep(NA, most - k)))
  dimnames(start) <- list(c("f1", paste0("c", seq_len(most - 1))), names(data))
  labels <- matrix(NA_character_, nrow(start), ncol(start))
  if (equal_slopes) labels[1, ] <- "slope"
  items <- mxMatrix(name = "item", values = start, free = !is.na(start), labels = labels)
  dimnames(items) <- dimnames(start)
  em <- mxComputeEM(
    "expectation", "scores", mxComputeNewtonRaphson(tolerance = 1e-14, maxIter = 500L),
    tolerance = 1e-14, maxIter = 20000L, information = "oakes1999", infoArgs = list(fitfunction = "fitfunction")
  )
  model <- mxModel("grm", items, mxData(observed = data, type = "raw"),
    mxExpectationBA81(ItemSpec = spec, qpoints = 49L, qwidth = 6), mxFitFunctionML(),
    mxComputeSequence(list(em, mxComputeStandardError(), mxComputeReportDeriv(), mxComputeReportExpectation())))
  fit <- mxRun(model, silent = TRUE)
  stopifnot(fit$output$status$code == 0)
  fit
}
