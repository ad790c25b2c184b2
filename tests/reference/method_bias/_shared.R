# What the scripts of this folder share: the data, how values are written, and lavaan's solutions taken further.
# Sourced by the scripts, never run alone (its name starts with an underscore).

suppressPackageStartupMessages({
  library(jsonlite)
  library(lavaan)
})

FOLDER <- "tests/reference/method_bias"
SURVEY <- read.csv(file.path(FOLDER, "data", "survey.csv"))
FACTORS <- "a =~ a1 + a2 + a3 + a4\nb =~ b1 + b2 + b3 + b4\nc =~ c1 + c2 + c3 + c4"
ITEMS <- paste0(rep(c("a", "b", "c"), each = 4), 1:4)

output_folder <- function() {
  given <- commandArgs(trailingOnly = TRUE)
  if (length(given) > 1 || !file.exists(file.path(FOLDER, "_shared.R"))) {
    stop("run from the repository root: Rscript ", FOLDER, "/<topic>.R [output folder]")
  }
  out <- if (length(given) == 1) given[1] else "build/reference/method_bias"
  dir.create(out, recursive = TRUE, showWarnings = FALSE)
  out
}

write_reference <- function(values, packages, file) {
  shown <- vapply(packages, function(p) as.character(packageVersion(p)), "")
  content <- c(list(versions = c(list(R = as.character(getRversion())), as.list(shown))), values)
  write_json(content, file, digits = NA, auto_unbox = TRUE, pretty = 2, na = "null", null = "null")
}

# lavaan's default stopping rule leaves about six digits. Its solution is taken further by Newton steps on its own
# gradient and Hessian, every point evaluated by lavaan itself, as in tests/reference/sem/_reference.R.
basis_of <- function(object) {
  if (object@Model@eq.constraints) object@Model@eq.constraints.K else diag(object@Model@nx.free)
}
gradient_of <- function(object) drop(t(basis_of(object)) %*% lavInspect(object, "gradient"))

step_further <- function(object) {
  basis <- basis_of(object)
  hessian <- t(basis) %*% lavInspect(object, "hessian") %*% basis
  x <- as.vector(coef(object)) - drop(basis %*% solve(hessian, gradient_of(object)))
  table <- as.data.frame(parTable(object))
  table$ustart[table$free > 0] <- x[table$free[table$free > 0]]
  table$start <- table$est <- table$se <- NULL
  suppressWarnings(lavaan::cfa(table, SURVEY, optim.method = "none"))
}

fit <- function(text) {
  object <- suppressWarnings(lavaan::cfa(text, SURVEY, std.lv = TRUE))
  stopifnot(lavInspect(object, "converged"))
  for (again in 1:12) {
    if (max(abs(gradient_of(object))) < 1e-11) break
    tried <- step_further(object)
    if (max(abs(gradient_of(tried))) >= max(abs(gradient_of(object)))) break
    object <- tried
  }
  stopifnot(max(abs(gradient_of(object))) < 1e-8)
  object
}

measures <- function(object) as.list(fitMeasures(object, c("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr")))

std <- function(object) {
  table <- standardizedSolution(object, se = FALSE)
  values <- as.list(table$est.std)
  names(values) <- paste(table$lhs, table$op, table$rhs)
  values
}
