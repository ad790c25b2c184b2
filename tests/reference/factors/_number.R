# What the scripts about the number of factors share: where the data are, and how values are written.
# Sourced by the scripts, never run alone (its name starts with an underscore).

suppressPackageStartupMessages(library(jsonlite))

FOLDER <- "tests/reference/factors"

output_folder <- function() {
  given <- commandArgs(trailingOnly = TRUE)
  if (length(given) > 1 || !file.exists(file.path(FOLDER, "_number.R"))) {
    stop("run from the repository root: Rscript ", FOLDER, "/<topic>.R [output folder]")
  }
  out <- if (length(given) == 1) given[1] else "build/reference/factors"
  dir.create(out, recursive = TRUE, showWarnings = FALSE)
  out
}

# Holzinger and Swineford (1939) comes from lavaan; the tests read the same numbers from semopy.
items_of <- function(data) {
  if (data == "holzinger") return(lavaan::HolzingerSwineford1939[paste0("x", 1:9)])
  read.csv(file.path(FOLDER, "data", paste0(data, ".csv")))
}

quietly <- function(expression) suppressMessages(suppressWarnings(expression))

versions_of <- function(packages) {
  shown <- vapply(packages, function(p) as.character(packageVersion(p)), "")
  c(list(R = as.character(getRversion())), as.list(shown))
}

# All digits: jsonlite writes 15 significant ones with digits = NA. NA and NaN become null.
write_reference <- function(cases, packages, file) {
  content <- list(versions = versions_of(packages), cases = cases)
  write_json(content, file, digits = NA, auto_unbox = TRUE, pretty = 2, na = "null", null = "null")
}
