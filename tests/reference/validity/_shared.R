# What the scripts of this folder share: where the data are, and how values are written.
# Sourced by the scripts, never run alone (its name starts with an underscore).

suppressPackageStartupMessages(library(jsonlite))

FOLDER <- "tests/reference/validity"

output_folder <- function() {
  given <- commandArgs(trailingOnly = TRUE)
  if (length(given) > 1 || !file.exists(file.path(FOLDER, "_shared.R"))) {
    stop("run from the repository root: Rscript ", FOLDER, "/<topic>.R [output folder]")
  }
  out <- if (length(given) == 1) given[1] else "build/reference/validity"
  dir.create(out, recursive = TRUE, showWarnings = FALSE)
  out
}

# Holzinger and Swineford (1939) comes from lavaan; the tests read the same numbers from semopy.
holzinger <- function() lavaan::HolzingerSwineford1939
answers <- function() read.csv("tests/reference/ordinal_reliability/data/survey.csv")

versions_of <- function(packages) {
  shown <- vapply(packages, function(p) as.character(packageVersion(p)), "")
  c(list(R = as.character(getRversion())), as.list(shown))
}

# All digits: jsonlite writes 15 significant ones with digits = NA. NA and NaN become null.
write_reference <- function(cases, packages, file) {
  content <- list(versions = versions_of(packages), cases = cases)
  write_json(content, file, digits = NA, auto_unbox = TRUE, pretty = 2, na = "null", null = "null")
}

# Columns of a frame by name, each a vector.
columns_of <- function(frame) lapply(as.list(as.data.frame(frame)), function(x) I(x))
