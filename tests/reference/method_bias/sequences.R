# The model sequences of the unmeasured latent method factor and of the confirmatory marker technique.
#
# Run from the repository root:  Rscript tests/reference/method_bias/sequences.R [output folder]
# Writes <output folder>/sequences.json (default folder: build/reference/method_bias).
# Versions: R 4.2.2, lavaan 0.6-14, jsonlite 1.8.4; the file names the versions that made it.
#
# What is computed, each model written out here and fitted by lavaan:
#   ulmc     baseline; a method factor with unit loadings and free variance; one with free loadings. For the confirmatory
#            model of a, b, c and for the structural model c ~ a + b.
#   marker   CFA, Baseline, Method-C, Method-U, Method-R of Williams, Hartman and Cavazotte (2010), difference tests, parts
#            of the reliability, correlations with method loadings at the far limits of their 95 and 99 % intervals.
#
# Not verified here: that the wording of the models is what the paper means; that stands in the documentation.

source("tests/reference/method_bias/_shared.R")

with_fit <- function(object) c(measures(object), list(std = std(object)))

ulmc <- function(text, exogenous) {
  apart <- paste0("X ~~ ", paste0("0*", exogenous, collapse = " + "))
  equal <- paste0(text, "\nX =~ ", paste0("1*", ITEMS, collapse = " + "), "\nX ~~ NA*X\n", apart)
  free <- paste0(text, "\nX =~ ", paste0("start(0.3)*", ITEMS, collapse = " + "), "\n", apart)
  baseline <- fit(text)
  list(baseline = with_fit(baseline), equal = with_fit(fit(equal)), free = with_fit(fit(free)))
}

number <- function(x) format(x, digits = 17)

marker_text <- function(method, loadings, errors) {
  own <- paste0(number(loadings), "*m", 1:3)
  paste0(
    FACTORS, "\nm =~ ", paste(c(own, method), collapse = " + "), "\n",
    paste0("m", 1:3, " ~~ ", number(errors), "*m", 1:3, collapse = "\n"), "\nm ~~ 0*a + 0*b + 0*c"
  )
}

lrt <- function(more, less) {
  difference <- fitMeasures(less, "chisq") - fitMeasures(more, "chisq")
  df <- fitMeasures(less, "df") - fitMeasures(more, "df")
  list(chisq_difference = unname(difference), df_difference = unname(df), p_value = unname(pchisq(difference, df, lower.tail = FALSE)))
}

composite <- function(object, factor) {
  values <- std(object)
  items <- paste0(factor, 1:4)
  own <- sum(unlist(values[paste(factor, "=~", items)]))^2
  method <- sum(0, unlist(values[paste("m =~", items)]))^2
  errors <- sum(unlist(values[paste(items, "~~", items)]))
  whole <- own + method + errors
  list(total = (own + method) / whole, substantive = own / whole, method = method / whole)
}

correlations <- function(object) std(object)[c("a ~~ b", "a ~~ c", "b ~~ c")]

cfa <- fit(paste0(FACTORS, "\nm =~ m1 + m2 + m3"))
estimates <- parameterEstimates(cfa)
loadings <- with(estimates, est[lhs == "m" & op == "=~"])
errors <- with(estimates, est[op == "~~" & lhs == rhs & grepl("^m[0-9]", lhs)])
baseline <- fit(marker_text(NULL, loadings, errors))
method_c <- fit(marker_text(paste0("e*", ITEMS), loadings, errors))
method_u_text <- marker_text(ITEMS, loadings, errors)
method_u <- fit(method_u_text)
covariances <- subset(parameterEstimates(baseline), op == "~~" & lhs != rhs & lhs %in% c("a", "b") & rhs %in% c("b", "c"))
method_r <- fit(paste0(method_u_text, "\n", paste0(covariances$lhs, " ~~ ", number(covariances$est), "*", covariances$rhs, collapse = "\n")))
method <- subset(parameterEstimates(method_u), lhs == "m" & op == "=~" & rhs %in% ITEMS)
far <- function(level) {
  fixed <- method$est + sign(method$est) * qnorm(0.5 + level / 2) * method$se
  correlations(fit(marker_text(paste0(number(fixed), "*", method$rhs), loadings, errors)))
}

values <- list(
  ulmc = list(
    measurement = ulmc(FACTORS, c("a", "b", "c")),
    structural = ulmc(paste0(FACTORS, "\nc ~ a + b"), c("a", "b"))
  ),
  marker = list(
    steps = list(
      "CFA" = measures(cfa), "Baseline" = measures(baseline), "Method-C" = measures(method_c),
      "Method-U" = measures(method_u), "Method-R" = measures(method_r)
    ),
    std = list("Baseline" = std(baseline), "Method-C" = std(method_c), "Method-U" = std(method_u)),
    tests = list(
      "Method-C" = lrt(method_c, baseline), "Method-U" = lrt(method_u, method_c), "Method-R" = lrt(method_u, method_r)
    ),
    p_method = as.list(setNames(method$pvalue, method$rhs)),
    reliability = lapply(setNames(nm = c("a", "b", "c")), function(factor) {
      list(baseline = composite(baseline, factor), method_u = composite(method_u, factor))
    }),
    correlations = list(
      CFA = correlations(cfa), Baseline = correlations(baseline), method = correlations(method_u),
      sensitivity_95 = far(0.95), sensitivity_99 = far(0.99)
    )
  )
)
write_reference(values, c("lavaan", "jsonlite"), file.path(output_folder(), "sequences.json"))
