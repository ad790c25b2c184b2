# Mardia's multivariate skewness and kurtosis, and univariate skewness and kurtosis.
#
# Run from the repository root:  Rscript tests/reference/normality/mardia.R <output folder>
# Versions: R 4.2.2, psych 2.2.9, semTools 0.5-6; each written file names the versions that made it.
# Functions: psych::mardia(), semTools::mardiaSkew(), mardiaKurtosis(), skew(), kurtosis().
# Not verified: both packages divide the covariances by n - 1 where Mardia (1970) divides by n.

suppressPackageStartupMessages({
  library(psych)
  library(semTools)
  library(lavaan)
})
FOLDER <- "tests/reference/normality"
given <- commandArgs(trailingOnly = TRUE)
if (length(given) != 1 || !file.exists(file.path(FOLDER, "mardia.R"))) {
  stop("run from the repository root: Rscript ", FOLDER, "/mardia.R <output folder>")
}
dir.create(given[1], recursive = TRUE, showWarnings = FALSE)

number <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
record <- function(x) paste0("{", paste0('"', names(x), '": ', number(unlist(x)), collapse = ", "), "}")
versions <- function() {
  packages <- c("psych", "semTools")
  found <- c(R.version.string, vapply(packages, function(p) as.character(packageVersion(p)), ""))
  paste0("{", paste0('"', c("R", packages), '": "', found, '"', collapse = ", "), "}")
}
univariate <- function(x) {
  s <- semTools::skew(x)
  k <- semTools::kurtosis(x)
  c(skewness = s[[1]], skewness_se = s[[2]], skewness_z = s[[3]], skewness_p = s[[4]],
    kurtosis = k[[1]], kurtosis_se = k[[2]], kurtosis_z = k[[3]], kurtosis_p = k[[4]])
}

written <- function(case, source, frame, columns) {
  x <- frame[columns]
  m <- psych::mardia(x, plot = FALSE)
  s <- semTools::mardiaSkew(x)
  k <- semTools::mardiaKurtosis(x)
  tests <- c(b1 = m$b1p, skew = m$skew, skew_p = m$p.skew, small = m$small.skew, small_p = m$p.small,
             b2 = m$b2p, kurtosis = m$kurtosis, kurtosis_p = m$p.kurt, semtools_b1 = s[["b1d"]],
             semtools_chi = s[["chi"]], semtools_df = s[["df"]], semtools_p = s[["p"]], semtools_b2 = k[["b2d"]],
             semtools_z = k[["z"]], semtools_kurtosis_p = k[["p"]])
  each <- vapply(columns, function(name) paste0('    "', name, '": ', record(univariate(x[[name]]))), "")
  lines <- c("{", paste0('  "case": "', case, '",'), paste0('  "source": "', source, '",'),
             paste0('  "columns": ["', paste(columns, collapse = '", "'), '"],'),
             paste0('  "tests": ', record(tests), ","), '  "variables": {', paste(each, collapse = ",\n"), "  },",
             paste0('  "versions": ', versions()), "}")
  writeLines(lines, file.path(given[1], paste0(case, ".json")))
  cat(case, "\n")
}

written("mardia-tests", "holzinger39", HolzingerSwineford1939, paste0("x", 1:9))
written("mardia-three", "holzinger39", HolzingerSwineford1939, paste0("x", 1:3))
written("mardia-one", "holzinger39", HolzingerSwineford1939, "x6")
written("mardia-democracy", "political_democracy", PoliticalDemocracy, paste0("y", 1:8))
