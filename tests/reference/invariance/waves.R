# Longitudinal invariance: the models that semTools::measEq.syntax writes for the same items at three waves, fitted by lavaan.
#
# Run from the repository root: Rscript tests/reference/invariance/waves.R <output folder>
# Stored values: semTools 0.5-6, lavaan 0.6-14 (R 4.2.2). How tight the fits are: see sem/_reference.R. Data: data/panel.csv, see
# simulate_panel.R; the FIML case leaves values out by the rule of sem/_reference.R.
#
# For each step: fit measures, estimates with standard errors, lavTestLRT against the step before.
#
# Not verified here: that lavaan and semTools are right. The values say what these versions answer, no more.

suppressPackageStartupMessages({
  library(lavaan)
  library(semTools)
})
source("tests/reference/sem_groups/_groups.R")

MEASURES <- c("npar", "df", "chisq", "pvalue", "cfi", "rmsea", "srmr", "aic", "bic")
WAVES <- paste0("t", 1:3)
MODEL <- paste(unlist(lapply(WAVES, function(w) c(
  paste0("f_", w, " =~ ", paste0("y", 1:4, "_", w, collapse = " + ")),
  paste0("g_", w, " =~ ", paste0("z", 1:3, "_", w, collapse = " + "))))), collapse = "\n")
STEPS <- list(configural = "", metric = "loadings", scalar = c("loadings", "intercepts"),
              strict = c("loadings", "intercepts", "residuals"), means = c("loadings", "intercepts", "residuals", "means"))
panel <- list(source = "csv", file = "data/panel.csv", frame = read.csv("tests/reference/invariance/data/panel.csv"))

fitted_step <- function(equal, data, options, partial) {
  written <- measEq.syntax(configural.model = MODEL, data = data$frame, ID.fac = "std.lv", auto = "all", long.equal = equal,
                           long.partial = partial, meanstructure = TRUE,
                           longFacNames = list(f = paste0("f_", WAVES), g = paste0("g_", WAVES)),
                           longIndNames = c(sapply(paste0("y", 1:4), function(i) paste0(i, "_", WAVES), simplify = FALSE),
                                            sapply(paste0("z", 1:3), function(i) paste0(i, "_", WAVES), simplify = FALSE)))
  fit_tightly(as.character(written), data, options)$last
}

sequence <- function(case, data, options = list(), partial = "") {
  fits <- lapply(STEPS, fitted_step, data = data, options = options, partial = partial)
  steps <- lapply(seq_along(fits), function(i) {
    found <- as.data.frame(parameterEstimates(fits[[i]]))
    row <- if (i > 1) as.data.frame(lavTestLRT(fits[[i - 1]], fits[[i]]))[2, ]
    object_of(list(
      measures = named(unclass(fitMeasures(fits[[i]], MEASURES)), "        "),
      estimates = table_of(found[found$op != ":=", c("lhs", "op", "rhs", "est", "se")]),
      difference = if (i == 1) "null" else
        named(c(chisq = row[["Chisq diff"]], df = row[["Df diff"]], p_value = row[["Pr(>Chisq)"]]), "        ")
    ), "      ")
  })
  parts <- list(case = text(case), data = data_json(data), options = options_json(options), partial = array_of(partial),
                steps = object_of(setNames(steps, names(STEPS)), "  "), versions = named(versions()))
  writeLines(object_of(parts), file.path(OUT, paste0(case, ".json")))
}

sequence("waves", panel)
sequence("waves-fiml", with_gaps(panel, c("y1_t2", "y3_t3", "z2_t1"), 6), list(missing = "fiml"))
