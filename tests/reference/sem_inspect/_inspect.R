# What the scripts of this folder share: a fit made tight as in tests/reference/sem/_reference.R, and what lavaan says
# of it beyond its estimates.
#
# Sourced by the scripts, never run alone. One call of inspected() writes one file, <output folder>/<case>.json.
#
# Not verified here: that lavaan is right. The values say what this version of lavaan answers, no more.

source("tests/reference/sem_groups/_groups.R")

grouped <- function(table) {
  table <- as.data.frame(table)
  if (is.null(table$group)) table$group <- rep(1L, nrow(table))
  table
}

modification <- function(fit) {
  found <- grouped(modindices(fit))
  table_of(found[c("lhs", "op", "rhs", "group", "mi", "epc", "sepc.lv", "sepc.all")])
}

standardised <- function(fit, type) {
  found <- grouped(standardizedSolution(fit, type = type))
  table_of(found[c("lhs", "op", "rhs", "group", "est.std", "se", "z", "pvalue", "ci.lower", "ci.upper")])
}

# lavaan names the two sides of a constraint by its own labels (.p2.); they are written as relations. Sides that the
# user wrote stay as they are.
score_tests <- function(fit) {
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

#' Fit one model and write what lavaan says; `parts` names what is written of it.
inspected <- function(case, what, model, data, options = list(), parts = c("modification", "score", "standardised")) {
  fits <- fit_tightly(model, data, options)
  fit <- fits$last
  labels <- if (length(lavInspect(fit, "group.label"))) lavInspect(fit, "group.label") else ""
  written <- list(
    case = text(case), what = text(what), model = text(model), data = group_data_json(data),
    options = options_json(options), group_labels = array_of(labels),
    optimiser = object_of(list(gradient_max = number(gradient_max(fit)), moved = number(moved(fits$first, fit))), "  "),
    parameters = table_of(if (length(labels) > 1) group_parameters(fit) else parameters(fit))
  )
  if ("modification" %in% parts) written$modification <- modification(fit)
  if ("score" %in% parts) written$score_tests <- score_tests(fit)
  if ("standardised" %in% parts) {
    written$std_all <- standardised(fit, "std.all")
    written$std_lv <- standardised(fit, "std.lv")
  }
  written$versions <- named(versions())
  writeLines(object_of(written), file.path(OUT, paste0(case, ".json")))
  cat(sprintf("%-34s gradient %.1e\n", case, gradient_max(fit)))
  invisible(fit)
}
