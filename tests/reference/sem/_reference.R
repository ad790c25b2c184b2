# What every script of this folder shares: fit one model with lavaan, tightly, and write all that lavaan says of it.
#
# Sourced by the scripts, never run alone (its name starts with an underscore).
# One call of reference() writes one file, <output folder>/<case>.json, every number with 17 significant digits.
#
# How a fit is made tight. lavaan's default stopping rule leaves about six correct digits. Asking its optimiser (nlminb)
# for rel.tol = x.tol = 1e-14 does not help: the objective has no more digits than that, nlminb answers "false
# convergence" and lavaan then reports no solution at all. So lavaan's own solution is improved here by Newton steps on
# lavaan's own gradient and Hessian (lavInspect "gradient" and "hessian", in the metric without the linear equality
# constraints), every point evaluated by lavaan itself (optim.method = "none"), until the gradient of its objective
# (half the ML discrepancy) is under 1e-11 or falls no more. The largest element left, and how far the steps moved any
# parameter in units of its standard error, are written: optimiser$gradient_max and optimiser$moved.
#
# Not verified here: that lavaan is right. The values say what this version of lavaan answers, no more.

suppressPackageStartupMessages({
  library(lavaan)
  library(jsonlite)
})

FOLDER <- "tests/reference/sem"
GRADIENT_GOAL <- 1e-11

output_folder <- function() {
  given <- commandArgs(trailingOnly = TRUE)
  if (length(given) != 1 || !file.exists(file.path(FOLDER, "_reference.R"))) {
    stop("run from the repository root: Rscript ", FOLDER, "/<topic>.R <output folder>")
  }
  dir.create(given[1], recursive = TRUE, showWarnings = FALSE)
  given[1]
}

OUT <- output_folder()

# ---- writing ----------------------------------------------------------------------------------------------------

text <- function(x) as.character(toJSON(x, auto_unbox = TRUE))

number <- function(x) {
  shown <- sprintf("%.17g", x)
  shown[!is.finite(x)] <- "null"
  shown
}

scalars <- function(x) {
  if (is.logical(x)) {
    ifelse(is.na(x), "null", tolower(as.character(x)))
  } else if (is.numeric(x)) {
    number(as.double(x))
  } else {
    vapply(as.character(x), text, "")
  }
}

array_of <- function(x) paste0("[", paste(scalars(unclass(x)), collapse = ", "), "]")

object_of <- function(parts, indent = "") {
  if (length(parts) == 0) {
    return("{}")
  }
  inner <- paste0(indent, "  ", vapply(names(parts), text, ""), ": ", unlist(parts))
  paste0("{\n", paste(inner, collapse = ",\n"), "\n", indent, "}")
}

# A named vector as an object; NULL as null.
named <- function(x, indent = "  ") {
  if (is.null(x)) {
    return("null")
  }
  object_of(as.list(setNames(scalars(unclass(x)), names(x))), indent)
}

# A symmetric matrix as its names and its lower triangle, row by row.
symmetric <- function(x, names = rownames(x)) {
  if (is.null(x)) {
    return("null")
  }
  x <- unclass(x)
  rows <- vapply(seq_len(nrow(x)), function(i) paste0("      ", array_of(as.vector(x[i, seq_len(i)]))), "")
  paste0('{\n    "names": ', array_of(names), ',\n    "lower": [\n', paste(rows, collapse = ",\n"), "\n    ]\n  }")
}

table_of <- function(frame) {
  columns <- lapply(frame, scalars)
  rows <- vapply(seq_len(nrow(frame)), function(i) {
    paste0("      [", paste(vapply(columns, `[`, "", i), collapse = ", "), "]")
  }, "")
  paste0('{\n    "columns": ', array_of(names(frame)), ',\n    "rows": [\n', paste(rows, collapse = ",\n"), "\n    ]\n  }")
}

# ---- data -------------------------------------------------------------------------------------------------------

# Holzinger and Swineford (1939) and Bollen's Political Democracy come from lavaan itself. semopy carries the same
# numbers, bit for bit (all of x1..x9, id, sex, ageyr, agemo; all of y1..y8, x1..x3; the one missing `grade` of
# HolzingerSwineford1939 is missing in both), and the tests read them from there.
holzinger <- function(rows = NULL) published(HolzingerSwineford1939, "holzinger39", rows)
democracy <- function(rows = NULL) published(PoliticalDemocracy, "political_democracy", rows)

published <- function(frame, source, rows) {
  list(source = source, rows = rows, frame = if (is.null(rows)) frame else frame[seq_len(rows), ])
}

# `units`: what each column is divided by before the fit.
simulated <- function(name, units = NULL) {
  file <- file.path("data", paste0(name, ".csv"))
  frame <- read.csv(file.path(FOLDER, file))
  for (column in names(units)) frame[[column]] <- frame[[column]] / units[[column]]
  list(source = "csv", file = file, units = units, frame = frame)
}

# The same rows with values left out by rule: in row i, the j-th of `columns` is missing when i (2 j + 1) + j^2 is a
# multiple of `every`. The tests apply the same rule.
with_gaps <- function(data, columns, every) {
  for (j in seq_along(columns)) {
    i <- seq_len(nrow(data$frame))
    data$frame[[columns[j]]][(i * (2 * j + 1) + j^2) %% every == 0] <- NA
  }
  c(data, list(gaps = list(columns = columns, every = every)))
}

# The same rows with a weight (column w) and a cluster (column cl; sizes grow with the row) by rule; the tests apply the
# same rules.
surveyed <- function(data) {
  i <- seq_len(nrow(data$frame))
  data$frame$w <- 0.5 + (7 * i) %% 13 / 4
  data$frame$cl <- floor(sqrt(8 * (i - 1)))
  c(data, list(survey = TRUE))
}

moments <- function(cov, n, mean = NULL) list(source = "moments", cov = cov, n = n, mean = mean)

data_json <- function(data) {
  parts <- list(source = text(data$source))
  if (!is.null(data$file)) parts$file <- text(data$file)
  if (!is.null(data$rows)) parts$rows <- number(data$rows)
  if (!is.null(data$units)) parts$units <- named(data$units, "    ")
  if (!is.null(data$gaps)) {
    parts$gaps <- object_of(list(columns = array_of(data$gaps$columns), every = number(data$gaps$every)), "    ")
  }
  if (!is.null(data$survey)) parts$survey <- "true"
  if (!is.null(data$sd)) parts <- c(parts, list(corr = symmetric(data$corr), sd = named(data$sd, "    ")))
  if (data$source == "moments") {
    parts$n_obs <- number(data$n)
    parts$cov <- symmetric(data$cov)
    parts$mean <- named(data$mean, "    ")
  }
  object_of(parts, "  ")
}

# ---- fitting ----------------------------------------------------------------------------------------------------

one_fit <- function(model, data, options, ...) {
  # lavaan stops its EM algorithm early; the reference must not.
  patient <- if (identical(options$missing, "fiml")) list(em.h1.tol = 1e-13, em.h1.iter.max = 20000)
  arguments <- c(
    patient,
    modifyList(list(model = model, estimator = "ML", ...), options),
    if (data$source == "moments") {
      list(sample.cov = data$cov, sample.mean = data$mean, sample.nobs = data$n)
    } else {
      list(data = data$frame)
    }
  )
  do.call("sem", arguments)
}

# Columns span the directions in which the free parameters may move under the linear equality constraints.
directions <- function(fit) {
  if (fit@Model@eq.constraints) fit@Model@eq.constraints.K else diag(fit@Model@nx.free)
}

gradient_of <- function(fit) drop(t(directions(fit)) %*% lavInspect(fit, "gradient"))

gradient_max <- function(fit) if (fit@Model@nx.free == 0) 0 else max(abs(gradient_of(fit)))

# The free parameters one Newton step further.
newton <- function(fit) {
  basis <- directions(fit)
  hessian <- t(basis) %*% lavInspect(fit, "hessian") %*% basis
  as.vector(coef(fit)) - drop(basis %*% solve(hessian, gradient_of(fit)))
}

evaluate <- function(fit, x, data, options) {
  table <- as.data.frame(parTable(fit))
  table$ustart[table$free > 0] <- x[table$free[table$free > 0]]
  table$start <- table$est <- table$se <- NULL
  suppressWarnings(one_fit(table, data, options, optim.method = "none"))
}

tight_fit <- function(fit, data, options) {
  for (again in seq_len(12)) {
    if (gradient_max(fit) < GRADIENT_GOAL) break
    tried <- evaluate(fit, newton(fit), data, options)
    if (gradient_max(tried) >= gradient_max(fit)) break
    fit <- tried
  }
  fit
}

# The largest distance between two fits of one model, in standard errors.
moved <- function(first, last) {
  if (first@Model@nx.free == 0) {
    return(0)
  }
  error <- sqrt(diag(vcov(last)))
  max(abs(coef(first) - coef(last))[error > 0] / error[error > 0])
}

# ---- what is written --------------------------------------------------------------------------------------------

free_names <- function(fit) {
  table <- parTable(fit)
  free <- table[table$free > 0, ]
  free <- free[order(free$free), ]
  paste(free$lhs, free$op, free$rhs)
}

parameters <- function(fit) {
  # remove.eq and the like drop constraints that lavaan makes itself; defined parameters stay
  table <- as.data.frame(parameterEstimates(fit, standardized = TRUE))
  if (is.null(table$label)) table$label <- ""
  table[c("lhs", "op", "rhs", "label", "est", "se", "z", "pvalue", "ci.lower", "ci.upper", "std.lv", "std.all")]
}

defined_vcov <- function(fit) {
  table <- parTable(fit)
  names <- paste(table$lhs, table$op, table$rhs)[table$op == ":="]
  if (length(names) == 0) NULL else symmetric(unclass(lavInspect(fit, "vcov.def")), names)
}

residuals_of <- function(fit, type) {
  found <- lavResiduals(fit, type = type, se = FALSE, zstat = FALSE, summary = FALSE)
  found[intersect(c("cov", "mean"), names(found))]
}

pair <- function(found) {
  object_of(list(cov = symmetric(found$cov), mean = named(found$mean, "    ")), "  ")
}

r_squared <- function(fit) {
  found <- tryCatch(lavInspect(fit, "r2"), error = function(e) NULL)
  if (length(found) == 0) setNames(numeric(0), character(0)) else found
}

versions <- function() {
  c(R = R.version.string, lavaan = as.character(packageVersion("lavaan")),
    jsonlite = as.character(packageVersion("jsonlite")), platform = R.version$platform)
}

#' Fit one model and write what lavaan says.
#'
#' case     name of the file
#' what     one sentence on what is exercised
#' options  arguments of lavaan::sem besides the model and the data; the tests pass them to fit_sem by our names
reference <- function(case, what, model, data, options = list()) {
  said <- character(0)
  first <- withCallingHandlers(one_fit(model, data, options), warning = function(w) {
    said <<- c(said, gsub("[[:space:]]+", " ", conditionMessage(w)))
    invokeRestart("muffleWarning")
  })
  stopifnot(lavInspect(first, "converged"))
  fit <- tight_fit(first, data, options)
  measures <- unclass(fitMeasures(fit))
  # With incomplete rows these are the moments of the EM algorithm, with complete rows those of the sample.
  sample <- lavInspect(fit, "sampstat")
  implied <- lavInspect(fit, "implied")
  correlation <- residuals_of(fit, "cor") # each matrix made a correlation matrix first (lavaan: cor.bollen)
  parts <- list(
    case = text(case), what = text(what), model = text(model), data = data_json(data),
    options = object_of(lapply(options, scalars), "  "),
    converged = "true", admissible = scalars(suppressWarnings(lavInspect(fit, "post.check"))),
    warnings = array_of(unique(said)),
    n_obs = number(lavInspect(fit, "nobs")), npar = number(unname(measures["npar"])),
    optimiser = object_of(list(
      iterations = number(lavInspect(first, "iterations")), fmin = number(unname(measures["fmin"])),
      gradient_max = number(gradient_max(fit)), moved = number(moved(first, fit))
    ), "  "),
    parameters = table_of(parameters(fit)),
    fit_measures = named(measures),
    vcov = symmetric(unclass(vcov(fit)), free_names(fit)),
    vcov_defined = if (is.null(defined_vcov(fit))) "null" else defined_vcov(fit),
    r_squared = named(r_squared(fit)),
    sample = pair(sample), implied = pair(implied),
    residuals = pair(residuals_of(fit, "raw")),
    residual_correlations = pair(correlation),
    versions = named(versions())
  )
  writeLines(object_of(parts), file.path(OUT, paste0(case, ".json")))
  cat(sprintf("%-34s npar %3.0f  df %3.0f  chisq %12.4f  gradient %.1e  moved %.1e%s\n", case, measures["npar"], measures["df"],
              measures["chisq"], gradient_max(fit), moved(first, fit), if (length(said)) "  (warned)" else ""))
  invisible(fit)
}
