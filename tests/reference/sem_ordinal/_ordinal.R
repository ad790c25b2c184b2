# What the scripts of this folder share: fits of ordinal answers made tight as in tests/reference/sem/_reference.R, and
# all that lavaan says of them.
#
# Sourced by the scripts, never run alone. One call of ordinal() writes one file, <output folder>/<case>.json.
#
# What is made tight is the fit to lavaan's own thresholds and correlations. Those lavaan finds pair by pair with a
# numerical optimiser, and they stay as it leaves them.
#
# Not verified here: that lavaan is right. The values say what this version of lavaan answers, no more.

source("tests/reference/sem_groups/_groups.R")
source("tests/reference/sem_constraints/_constraints.R")
library(lavaan)
library(jsonlite)

# ---- data -------------------------------------------------------------------------------------------------------

# Data files lie in this folder; `cuts` says where a column of published scores is cut into categories.
answers_of <- function(name, rows = NULL) {
  frame <- read.csv(file.path("tests/reference/sem_ordinal/data", paste0(name, ".csv")))
  list(source = "answers", file = paste0(name, ".csv"), rows = rows,
       frame = if (is.null(rows)) frame else frame[seq_len(rows), ])
}

holzinger_cut <- function(cuts) {
  data <- holzinger()
  for (column in names(cuts)) data$frame[[column]] <- findInterval(data$frame[[column]], cuts[[column]]) + 1L
  c(data, list(cuts = cuts))
}

ordinal_data_json <- function(data) {
  parts <- list(source = text(data$source))
  if (!is.null(data$file)) parts$file <- text(data$file)
  if (!is.null(data$rows)) parts$rows <- number(data$rows)
  if (!is.null(data$cuts)) parts$cuts <- object_of(lapply(data$cuts, array_of), "    ")
  if (!is.null(data$gaps)) {
    parts$gaps <- object_of(list(columns = array_of(data$gaps$columns), every = number(data$gaps$every)), "    ")
  }
  if (!is.null(data$survey)) parts$survey <- "true"
  object_of(parts, "  ")
}

# ---- what is written --------------------------------------------------------------------------------------------

by_label <- function(fit, found) {
  labels <- lavInspect(fit, "group.label")
  if (length(labels) == 0) list(all = found) else setNames(found[labels], labels)
}

labels_of <- function(fit) names(by_label(fit, list()))

# Estimates of every row, with the number of its free parameter (0: fixed).
estimates <- function(fit) {
  found <- grouped_frame(parameterEstimates(fit, standardized = TRUE))
  table <- grouped_frame(parTable(fit))
  key <- function(frame) paste(frame$lhs, frame$op, frame$rhs, frame$group)
  if (is.null(found$label)) found$label <- ""
  found$label[grepl("^\\.p[0-9]+\\.$", found$label)] <- "" # lavaan's own labels for what it holds equal
  found$free <- table$free[match(key(found), key(table))]
  table_of(found[c("lhs", "op", "rhs", "group", "label", "free", "est", "se", "std.lv", "std.all")])
}

grouped_frame <- function(table) {
  table <- as.data.frame(table)
  if (is.null(table$group)) table$group <- rep(1L, nrow(table))
  table
}

# The statistics that are fitted, by name and in lavaan's order and signs (means of continuous variables are negative
# in its WLS vectors), and the diagonal of their asymptotic covariance matrix times n where the estimator needs it.
statistics <- function(fit) {
  pick <- function(what) by_label(fit, lavInspect(fit, what))
  observed <- pick("wls.obs")
  implied <- pick("wls.est")
  gamma <- tryCatch(pick("gamma"), error = function(e) NULL)
  each <- lapply(labels_of(fit), function(label) {
    table_of(data.frame(statistic = names(observed[[label]]), observed = as.vector(observed[[label]]),
                        implied = as.vector(implied[[label]]),
                        gamma = if (is.null(gamma)) NA_real_ else diag(gamma[[label]])))
  })
  object_of(setNames(each, labels_of(fit)), "  ")
}

explained <- function(fit) {
  found <- by_label(fit, lavInspect(fit, "r2"))
  object_of(lapply(found, function(x) named(if (length(x)) x else setNames(numeric(0), character(0)), "    ")), "  ")
}

rows_named <- function(names, values) {
  table_of(data.frame(row = names, as.data.frame(unclass(values)), check.names = FALSE))
}

clean <- function(x) {
  if (is.null(x)) {
    return(NULL)
  }
  x[!is.na(x) & abs(x) < 1e-9] <- 0
  x[!is.na(x) & abs(x) > 1e6] <- NA
  x
}

# Residuals of one type: of correlations and of thresholds with z, where lavaan gives z, and its summary.
residuals_of_group <- function(found) {
  inner <- found[grepl("^(res\\.)?(cov|mean|th|int|slopes)(\\.z)?$", names(found))]
  names(inner) <- sub("^res\\.", "", names(inner))
  parts <- list()
  for (name in intersect(c("cov", "cov.z"), names(inner))) parts[[sub(".", "_", name, fixed = TRUE)]] <- symmetric(clean(inner[[name]]))
  if (!is.null(inner$th)) parts$th <- named(clean(inner$th), "      ")
  if (!is.null(inner$int)) parts$mean <- named(clean(inner$int), "      ")
  if (!is.null(inner$mean)) parts$mean <- named(clean(inner$mean), "      ")
  if (!is.null(inner$slopes)) parts$slopes <- rows_named(rownames(inner$slopes), clean(inner$slopes))
  if (!is.null(found$summary)) {
    summary <- as.data.frame(unclass(found$summary))
    parts$summary <- rows_named(rownames(found$summary), summary)
  }
  object_of(parts, "      ")
}

residuals_written <- function(fit) {
  types <- c("raw", "cor.bentler", "cor.bollen")
  each <- lapply(types, function(type) {
    found <- suppressWarnings(lavResiduals(fit, type = type, add.class = FALSE))
    object_of(lapply(by_label(fit, found), residuals_of_group), "    ")
  })
  object_of(setNames(each, types), "  ")
}

modification_written <- function(fit) {
  found <- grouped_frame(modindices(fit))
  table_of(found[c("lhs", "op", "rhs", "group", "mi", "epc", "sepc.lv", "sepc.all")])
}

standardised_written <- function(fit, type) {
  found <- grouped_frame(standardizedSolution(fit, type = type))
  table_of(found[c("lhs", "op", "rhs", "group", "est.std", "se")])
}

# lavaan names the two sides of a constraint by its own labels (.p2.); they are written as relations.
score_written <- function(fit) {
  table <- parTable(fit)
  if (!any(table$op == "==")) {
    return("null")
  }
  groups <- if (is.null(table$group)) rep(1L, length(table$lhs)) else table$group
  relations <- paste0(table$lhs, " ", table$op, " ", table$rhs, ".g", groups)
  found <- lavTestScore(fit)
  uni <- as.data.frame(found$uni)
  relation <- function(side) ifelse(side %in% table$plabel, relations[match(side, table$plabel)], side)
  uni$lhs <- relation(uni$lhs)
  uni$rhs <- relation(uni$rhs)
  names(uni) <- c("lhs", "op", "rhs", "chisq", "df", "p_value")
  total <- unlist(found$test[1, c("X2", "df", "p.value")])
  names(total) <- c("chisq", "df", "p_value")
  object_of(list(univariate = table_of(uni), total = named(total, "    ")), "  ")
}

# Every `every`-th row of each group, under its number in the data.
scores_written <- function(fit, method, every = 20) {
  found <- by_label(fit, lavPredict(fit, method = method))
  cases <- by_label(fit, lavInspect(fit, "case.idx"))
  each <- lapply(labels_of(fit), function(label) {
    kept <- seq(1, nrow(found[[label]]), by = every)
    rows_named(cases[[label]][kept], found[[label]][kept, , drop = FALSE])
  })
  object_of(setNames(each, labels_of(fit)), "    ")
}

wald_written <- function(fit, constraints) {
  found <- lapply(constraints, function(text) {
    test <- lavTestWald(fit, constraints = text)
    named(c(chisq = test$stat, df = test$df, p_value = test$p.value), "    ")
  })
  object_of(list(constraints = object_of(lapply(constraints, text), "    "), tests = object_of(found, "    ")), "  ")
}

#' Fit one model to ordinal answers and write what lavaan says.
#'
#' options  arguments of lavaan::sem besides the model and the data: estimator and ordered always
#' parts    what is written besides estimates, fit measures and statistics: vcov, residuals, modification, score,
#'          standardised
#' scores   methods of lavPredict
#' wald     constraints by name, for lavTestWald
ordinal <- function(case, what, model, data, options, parts = "standardised",
                    scores = character(0), wald = NULL) {
  fits <- fit_tightly(model, data, options)
  fit <- fits$last
  measures <- unclass(fitMeasures(fit))
  written <- list(
    case = text(case), what = text(what), model = text(model), data = ordinal_data_json(data),
    options = options_json(options), converged = "true",
    admissible = scalars(suppressWarnings(lavInspect(fit, "post.check"))),
    warnings = array_of(fits$said), group_labels = array_of(labels_of(fit)),
    n_obs = number(sum(lavInspect(fit, "nobs"))), npar = number(unname(measures["npar"])),
    optimiser = object_of(list(
      iterations = number(lavInspect(fits$first, "iterations")), fmin = number(unname(measures["fmin"])),
      gradient_max = number(gradient_max(fit)), moved = number(moved(fits$first, fit))
    ), "  "),
    parameters = estimates(fit), fit_measures = named(measures),
    statistics = statistics(fit), r_squared = explained(fit)
  )
  if ("vcov" %in% parts) written$vcov <- symmetric(unclass(vcov(fit)), group_names(fit))
  if ("residuals" %in% parts) written$residuals <- residuals_written(fit)
  if ("modification" %in% parts) written$modification <- modification_written(fit)
  if ("score" %in% parts) written$score_tests <- score_written(fit)
  if ("standardised" %in% parts) {
    written$std_all <- standardised_written(fit, "std.all")
    written$std_lv <- standardised_written(fit, "std.lv")
  }
  if (length(scores)) written$scores <- object_of(lapply(setNames(scores, scores), scores_written, fit = fit), "  ")
  if (!is.null(wald)) written$wald <- wald_written(fit, wald)
  written$versions <- named(versions())
  writeLines(object_of(written), file.path(OUT, paste0(case, ".json")))
  cat(sprintf("%-38s npar %3.0f  df %3.0f  chisq %10.4f  scaled %10.4f  gradient %.1e  moved %.1e%s\n", case,
              measures["npar"], measures["df"], measures["chisq"], measures["chisq.scaled"], gradient_max(fit),
              moved(fits$first, fit), if (length(fits$said)) "  (warned)" else ""))
  invisible(fit)
}
