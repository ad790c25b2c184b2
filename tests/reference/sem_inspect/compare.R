# Chi-square difference tests of nested models.
#
# Run from the repository root:  Rscript tests/reference/sem_inspect/compare.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see sem/_reference.R.
# Function: lavTestLRT(), which orders the models by their degrees of freedom.
# Not verified: that the models are nested; lavaan does not look.

source("tests/reference/sem_inspect/_inspect.R")

MEASURES <- c("npar", "chisq", "df", "cfi", "rmsea", "srmr", "aic", "bic")

#' models: a list by name of list(model =, options =), all fitted to the same data.
compared <- function(case, what, data, models) {
  fits <- lapply(models, function(m) fit_tightly(m$model, data, m$options)$last)
  found <- as.data.frame(do.call(lavTestLRT, c(unname(fits), list(model.names = names(fits)))))
  names(found) <- c("df", "aic", "bic", "chisq", "chisq_difference", "rmsea_difference", "df_difference", "p_value")
  found <- cbind(model = rownames(found), found)
  shown <- lapply(models, function(m) object_of(list(model = text(m$model), options = options_json(m$options)), "    "))
  measured <- lapply(fits, function(fit) named(unclass(fitMeasures(fit, MEASURES)), "    "))
  parts <- list(
    case = text(case), what = text(what), data = group_data_json(data),
    models = object_of(shown, "  "), measures = object_of(measured, "  "),
    difference_tests = table_of(found), versions = named(versions())
  )
  writeLines(object_of(parts), file.path(OUT, paste0(case, ".json")))
  cat(sprintf("%-34s %d models\n", case, length(fits)))
}

THREE <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9"
one <- function(model, ...) list(model = model, options = list(...))
school <- function(...) list(model = THREE, options = c(list(group = "school"), if (...length()) list(group.equal = c(...))))

compared("compare-factors", "one, two and three factors", holzinger(), list(
  three = one(THREE),
  one = one("g =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9"),
  two = one("visual =~ x1 + x2 + x3
rest =~ x4 + x5 + x6 + x7 + x8 + x9"),
  residuals = one(paste0(THREE, "\nx7 ~~ x8"))
))
compared("compare-invariance", "the steps of measurement invariance", holzinger(), list(
  configural = school(), loadings = school("loadings"), intercepts = school("loadings", "intercepts"),
  residuals = school("loadings", "intercepts", "residuals")
))
compared("compare-paths", "equal and missing paths, x fixed", simulated("paths"), list(
  free = one("m ~ x
y ~ m + x"),
  none = one("m ~ x
y ~ m + 0*x"),
  equal = one("m ~ x
y ~ b*m + b*x")
))
