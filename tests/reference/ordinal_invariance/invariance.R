# Steps of ordinal invariance (Wu & Estabrook 2016): the models that semTools::measEq.syntax writes, fitted by lavaan.
#
# Run from the repository root: Rscript tests/reference/ordinal_invariance/invariance.R <output folder>
# Stored values: lavaan 0.6-14, semTools 0.5-6 (R 4.2.2). How tight the fits are: see sem/_reference.R. Data: see simulate.R.
#
# For each step: what semTools holds equal (`equal`), number of parameters, degrees of freedom, fit measures, estimates
# with standard errors, and lavTestLRT (its default, Satorra 2000) against the step `against`. A step with no more
# degrees of freedom than that one has no test.
#
# Not verified here: that lavaan and semTools are right. The values say what these versions answer, no more. Under theta
# and under delta the loadings of binary items are held equal in different units, so those steps differ.

suppressPackageStartupMessages({
  library(lavaan)
  library(semTools)
})
source("tests/reference/sem_groups/_groups.R")

MEASURES <- c("npar", "df", "chisq", "pvalue", "chisq.scaled", "df.scaled", "pvalue.scaled", "chisq.scaling.factor",
              "cfi.scaled", "tli.scaled", "rmsea.scaled", "srmr", "baseline.chisq.scaled")

T <- "thresholds"; TL <- c(T, "loadings"); TLI <- c(TL, "intercepts"); TLIR <- c(TLI, "residuals")
FULL <- list(configural = "", thresholds = T, loadings = TL, intercepts = TLI, residuals = TLIR)
UP_TO_INTERCEPTS <- FULL[1:4]
BEYOND <- c(FULL, list(lv_variances = c(TLIR, "lv.variances"), lv_covariances = c(TLIR, "lv.variances", "lv.covariances"),
                       means = c(TLIR, "lv.variances", "lv.covariances", "means")))

estimates_of <- function(fit) {
  found <- as.data.frame(parameterEstimates(fit))
  table_of(found[found$op != ":=", c("lhs", "op", "rhs", "group", "est", "se")])
}

difference <- function(larger, restricted) {
  if (fitMeasures(larger, "df") >= fitMeasures(restricted, "df")) {
    return("null")
  }
  row <- as.data.frame(suppressWarnings(lavTestLRT(larger, restricted)))[2, ]
  named(c(chisq = row[["Chisq diff"]], df = row[["Df diff"]], p_value = row[["Pr(>Chisq)"]]), "        ")
}

#' against   for a step by name, the step that it is tested against; the one before otherwise
invariance <- function(case, what, name, model, ordered, steps, how = "theta", partial = "", estimator = "WLSMV",
                       against = character(0)) {
  frame <- read.csv(file.path("tests/reference/ordinal_invariance/data", paste0(name, ".csv")))
  fits <- lapply(steps, function(equal) {
    syntax <- suppressWarnings(as.character(measEq.syntax(
      model, data = frame, ordered = ordered, group = "group", parameterization = how, ID.fac = "std.lv",
      ID.cat = "Wu.Estabrook.2016", group.equal = equal, group.partial = partial
    )))
    options <- list(ordered = ordered, group = "group", parameterization = how, estimator = estimator)
    suppressWarnings(fit_tightly(syntax, list(source = "answers", frame = frame), options)$last)
  })
  before <- c("", names(steps)[-length(steps)])
  names(before) <- names(steps)
  before[names(against)] <- against
  each <- lapply(names(steps), function(step) {
    fit <- fits[[step]]
    measures <- unclass(fitMeasures(fit, MEASURES))
    cat(sprintf("%-18s %-15s npar %3.0f df %3.0f chisq %9.4f scaled %9.4f gradient %.1e\n", case, step, measures["npar"],
                measures["df"], measures["chisq"], measures["chisq.scaled"], gradient_max(fit)))
    object_of(list(
      equal = array_of(setdiff(steps[[step]], "")), against = text(before[[step]]), measures = named(measures, "        "),
      gradient_max = number(gradient_max(fit)),
      difference = if (before[[step]] == "") "null" else difference(fits[[before[[step]]]], fit),
      estimates = estimates_of(fit)
    ), "      ")
  })
  writeLines(object_of(list(
    case = text(case), what = text(what), data = text(name), model = text(model), ordered = array_of(ordered),
    parameterization = text(how), estimator = text(estimator), partial = array_of(setdiff(partial, "")),
    steps = object_of(setNames(each, names(steps)), "    "),
    versions = named(c(versions(), semTools = as.character(packageVersion("semTools"))))
  )), file.path(OUT, paste0(case, ".json")))
}

FIVE <- "f =~ a1 + a2 + a3 + a4\ng =~ b1 + b2 + b3 + b4"
A <- paste0("a", 1:4)
AB <- c(A, paste0("b", 1:4))
BINARY <- "f =~ y1 + y2 + y3 + y4 + y5 + y6"
MIXED <- "f =~ m1 + m2 + m3 + m4 + m5 + m6 + m7 + m8"
THREE <- "f =~ c1 + c2 + c3 + c4 + c5"
Y <- paste0("y", 1:6)
M <- paste0("m", 1:6)
C <- paste0("c", 1:5)
# The scales of binary items become free with equal intercepts, so that step is not nested in equal loadings.
LOOSER <- c(intercepts = "thresholds")

invariance("five-theta", "two constructs, five categories, to equal latent means", "five", FIVE, AB, BEYOND)
invariance("five-delta", "the same with scales as parameters", "five", FIVE, AB, UP_TO_INTERCEPTS, "delta")
invariance("five-residuals-covary", "a residual covariance", "five", paste0(FIVE, "\na1 ~~ a2"), AB, FULL)
invariance("five-partial", "a threshold, a loading, an intercept and a residual variance left free", "five", FIVE, AB, FULL,
  partial = c("b3 | t2", "f =~ a2", "a4 ~ 1", "a2 ~~ a2"))
invariance("five-ulsmv", "by unweighted least squares", "five", "f =~ a1 + a2 + a3 + a4", A, FULL, estimator = "ULSMV")
invariance("binary-theta", "yes-or-no items", "binary", BINARY, Y, FULL, against = LOOSER)
invariance("binary-delta", "the same with scales as parameters", "binary", BINARY, Y, UP_TO_INTERCEPTS, "delta", against = LOOSER)
invariance("binary-joint", "thresholds, loadings and intercepts in one step", "binary", BINARY, Y,
  list(configural = "", intercepts = TLI, residuals = TLIR))
invariance("binary-partial", "yes-or-no items, a threshold, a loading and an intercept left free", "binary", BINARY, Y, FULL,
  partial = c("y1 | t1", "f =~ y2", "y3 ~ 1"), against = LOOSER)
invariance("mixed-theta", "two, three and five categories and continuous items", "mixed", MIXED, M, FULL, against = LOOSER)
invariance("mixed-delta", "the same with scales as parameters", "mixed", MIXED, M, UP_TO_INTERCEPTS, "delta", against = LOOSER)
invariance("three-theta", "three groups, four categories", "three", THREE, C, FULL)
invariance("three-delta", "the same with scales as parameters", "three", THREE, C, UP_TO_INTERCEPTS, "delta")
