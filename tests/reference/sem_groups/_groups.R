# What the scripts on several groups share: a fit made tight as in tests/reference/sem/_reference.R, written group by group.
#
# Sourced by the scripts, never run alone. One call of reference_groups() writes one file: what belongs to a group stands
# under groups$<label>, what belongs to the model stands at the top, under the names that the one-group files use.
#
# Not verified here: that lavaan is right. The values say what this version of lavaan answers, no more.

source("tests/reference/sem/_reference.R")
library(lavaan)
library(jsonlite)

# ---- data -------------------------------------------------------------------------------------------------------

# Covariances (divided by n - 1), means and numbers of rows, each a list by group.
moments_by_group <- function(cov, n, mean = NULL) list(source = "moments", cov = cov, n = n, mean = mean)

by_group <- function(data) {
  frames <- split(data$frame, factor(data$frame$school, unique(data$frame$school)))
  tests <- paste0("x", 1:9)
  moments_by_group(lapply(frames, function(x) cov(x[tests])), lapply(frames, nrow),
                   lapply(frames, function(x) colMeans(x[tests])))
}

group_data_json <- function(data) {
  if (data$source != "moments" || is.matrix(data$cov)) {
    return(data_json(data))
  }
  groups <- lapply(names(data$cov), function(label) {
    object_of(list(n_obs = number(data$n[[label]]), cov = symmetric(data$cov[[label]]),
                   mean = named(data$mean[[label]], "        ")), "      ")
  })
  object_of(list(source = text("moments"), groups = object_of(setNames(groups, names(data$cov)), "    ")), "  ")
}

# ---- what is written --------------------------------------------------------------------------------------------

group_names <- function(fit) {
  table <- parTable(fit)
  free <- table[table$free > 0, ]
  free <- free[order(free$free), ]
  paste0(free$lhs, " ", free$op, " ", free$rhs, ".g", free$group)
}

group_parameters <- function(fit) {
  table <- as.data.frame(parameterEstimates(fit, standardized = TRUE))
  if (is.null(table$label)) table$label <- ""
  # lavaan's own labels for what group.equal holds equal; the parameters themselves are compared
  table$label[grepl("^\\.p[0-9]+\\.$", table$label)] <- ""
  table[c("lhs", "op", "rhs", "group", "label", "est", "se", "z", "pvalue", "ci.lower", "ci.upper", "std.lv", "std.all")]
}

group_json <- function(fit, label) {
  of <- function(found) pair(found[[label]][intersect(c("cov", "mean"), names(found[[label]]))])
  residual <- function(type) of(lavResiduals(fit, type = type, se = FALSE, zstat = FALSE, summary = FALSE))
  explained <- lavInspect(fit, "r2")[[label]]
  object_of(list(
    n_obs = number(lavInspect(fit, "nobs")[match(label, lavInspect(fit, "group.label"))]),
    r_squared = named(if (length(explained)) explained else setNames(numeric(0), character(0)), "      "),
    sample = of(lavInspect(fit, "sampstat")), implied = of(lavInspect(fit, "implied")),
    residuals = residual("raw"), residual_correlations = residual("cor")
  ), "    ")
}

options_json <- function(options) {
  object_of(lapply(options, function(x) if (length(x) > 1) array_of(x) else scalars(x)), "  ")
}

#' Fit one model tightly; a list of the first and the tight fit, and what lavaan warned of.
fit_tightly <- function(model, data, options) {
  said <- character(0)
  first <- withCallingHandlers(one_fit(model, data, options), warning = function(w) {
    said <<- c(said, gsub("[[:space:]]+", " ", conditionMessage(w)))
    invokeRestart("muffleWarning")
  })
  stopifnot(lavInspect(first, "converged"))
  list(first = first, last = tight_fit(first, data, options), said = unique(said))
}

#' Fit one model in several groups and write what lavaan says; arguments as reference() of _reference.R.
reference_groups <- function(case, what, model, data, options = list()) {
  fits <- fit_tightly(model, data, options)
  fit <- fits$last
  measures <- unclass(fitMeasures(fit))
  labels <- lavInspect(fit, "group.label")
  parts <- list(
    case = text(case), what = text(what), model = text(model), data = group_data_json(data),
    options = options_json(options),
    converged = "true", admissible = scalars(suppressWarnings(lavInspect(fit, "post.check"))),
    warnings = array_of(fits$said),
    group_labels = array_of(labels),
    n_obs = number(sum(lavInspect(fit, "nobs"))), npar = number(unname(measures["npar"])),
    optimiser = object_of(list(
      iterations = number(lavInspect(fits$first, "iterations")), fmin = number(unname(measures["fmin"])),
      gradient_max = number(gradient_max(fit)), moved = number(moved(fits$first, fit))
    ), "  "),
    parameters = table_of(group_parameters(fit)),
    fit_measures = named(measures),
    vcov = symmetric(unclass(vcov(fit)), group_names(fit)),
    groups = object_of(setNames(lapply(labels, function(label) group_json(fit, label)), labels), "  "),
    versions = named(versions())
  )
  writeLines(object_of(parts), file.path(OUT, paste0(case, ".json")))
  cat(sprintf("%-34s npar %3.0f  df %3.0f  chisq %12.4f  gradient %.1e  moved %.1e%s\n", case, measures["npar"], measures["df"],
              measures["chisq"], gradient_max(fit), moved(fits$first, fit), if (length(fits$said)) "  (warned)" else ""))
  invisible(fit)
}
