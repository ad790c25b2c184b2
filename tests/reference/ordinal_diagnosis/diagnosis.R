# Ordinal answers before a model: fit of each two-way table to a normal distribution, and nearest correlation
# matrices.
#
# Run from the repository root:  Rscript tests/reference/ordinal_diagnosis/diagnosis.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14, polycor 0.8-1, Matrix 1.5-3; each written file names the versions that made it.
# Functions: lavaan::lavTables(), lavCor(); polycor::polychor(); Matrix::nearPD().
# Not verified: the statistic M_n, which none of them gives. polychor() adds 1e-6 to each count inside the
# logarithm, and without gaps only, as it takes thresholds from the table of the pair.

suppressPackageStartupMessages({
  library(jsonlite)
  library(lavaan)
  library(polycor)
  library(Matrix)
})
FOLDER <- "tests/reference/ordinal_diagnosis"
given <- commandArgs(trailingOnly = TRUE)
if (length(given) != 1 || !file.exists(file.path(FOLDER, "diagnosis.R"))) {
  stop("run from the repository root: Rscript ", FOLDER, "/diagnosis.R <output folder>")
}
dir.create(given[1], recursive = TRUE, showWarnings = FALSE)

read <- function(name) read.csv(file.path(FOLDER, "data", paste0(name, ".csv")))
versions <- function(packages) {
  shown <- vapply(packages, function(p) as.character(packageVersion(p)), "")
  c(list(R = as.character(getRversion())), as.list(shown))
}
written <- function(name, content, packages) {
  content$versions <- versions(packages)
  write_json(content, file.path(given[1], paste0(name, ".json")), digits = NA, auto_unbox = TRUE, pretty = 2,
             na = "null", null = "null")
  cat(name, "\n")
}
triangle <- function(m) {
  list(names = colnames(m), lower = lapply(seq_len(nrow(m)), function(i) as.list(unname(m[i, seq_len(i)]))))
}

# The tables of a fitted model are those of all rows that answer both items; of the data alone, of complete rows.
saturated <- function(data, missing) {
  pairs <- combn(names(data), 2)
  cfa(paste(pairs[1, ], "~~", pairs[2, ]), data, ordered = names(data), missing = missing)
}
tables <- function(name, missing) {
  data <- read(name)
  fit <- suppressWarnings(saturated(data, missing))
  asked <- c("cor.un", "G2.un", "X2.un", "RMSEA.un")
  found <- as.data.frame(unclass(lavTables(fit, dimension = 2, type = "table", statistic = asked, p.value = TRUE)))
  corr <- lavInspect(fit, "sampstat")$cov
  written(paste0("tables-", name, "-", missing), list(
    case = paste0("tables-", name, "-", missing), data = name, missing = missing,
    n_obs = lavInspect(fit, "nobs"),
    thresholds = as.list(lavInspect(fit, "sampstat")$th),
    correlations = triangle(unclass(corr)),
    eigenvalues = eigen(unclass(corr))$values,
    tables = lapply(seq_len(nrow(found)), function(i) as.list(found[i, ]))
  ), "lavaan")
}
tables("likert", "listwise")
tables("mixed", "listwise")
tables("mixed", "pairwise")
tables("indefinite", "pairwise")

data <- read("likert")
pairs <- combn(names(data), 2)
written("polycor-likert", list(case = "polycor-likert", data = "likert", tables = lapply(
  seq_len(ncol(pairs)), function(k) {
    found <- polychor(table(data[[pairs[1, k]]], data[[pairs[2, k]]]), std.err = TRUE)
    list(lhs = pairs[1, k], rhs = pairs[2, k], rho = found$rho, chisq = found$chisq, df = found$df)
  })), "polycor")

nearest <- function(number) {
  entries <- read("matrices")
  entries <- entries[entries$matrix == number, ]
  m <- matrix(entries$value[order(entries$column, entries$row)], max(entries$row))
  colnames(m) <- rownames(m) <- paste0("x", seq_len(nrow(m)))
  # Higham's algorithm alone: no eigenvalue is raised before or after.
  found <- nearPD(m, corr = TRUE, do2eigen = FALSE, posd.tol = 0, eig.tol = 0, conv.tol = 1e-14, maxit = 1e5,
                  conv.norm.type = "M")
  written(paste0("nearest-", number), list(
    case = paste0("nearest-", number), matrix = number, before = triangle(m),
    after = triangle(as.matrix(found$mat)), distance = found$normF, eigenvalues_before = eigen(m)$values
  ), "Matrix")
}
for (number in 1:3) nearest(number)
