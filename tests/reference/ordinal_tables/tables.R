# Parameter tables of lavaan for models with ordered variables: which rows there are, which are free, fixed (at what) or
# the same parameter as another, and the degrees of freedom.
#
# Run from the repository root: Rscript tests/reference/ordinal_tables/tables.R <output folder>
# Stored values: lavaan 0.6-14 (R 4.2.2). Data: Holzinger and Swineford (1939) from lavaan; o1 ... o9 are x1 ... x9 cut
# into categories of about equal size.
#
# Nothing is estimated (optim.method = "none"): the table does not depend on it. "free" numbers free parameters after
# lavaan's own equality constraints, so that rows with one number are one parameter; 0 is fixed. "exogenous" marks rows
# that are fixed at the sample's moments; slopes on covariates, which lavaan marks too, are free parameters here.
#
# Not verified here: that lavaan's defaults are wise. The values say what this version of lavaan answers, no more.

source("tests/reference/ordinal_tables/_tables.R")

table_case <- function(case, what, model, ...) {
  options <- list(...)
  fit <- suppressWarnings(do.call("sem", c(list(model, data = data), UNFITTED, options)))
  rows <- rows_of(fit)
  names_ordered <- lavNames(fit, "ov.ord")
  counts <- vapply(names_ordered, function(x) length(unique(data[[x]])) - 1, 1)
  options$ordered <- NULL
  writeLines(object_of(list(
    case = text(case), what = text(what), model = text(model),
    options = object_of(lapply(options, function(x) if (length(x) > 1) array_of(x) else scalars(x)), "  "),
    n_groups = number(max(rows$group)), n_thresholds = named(counts), rows = table_of(rows),
    npar = number(max(rows$free)), df = number(fit@test[[1]]$df), versions = named(versions())
  )), file.path(OUT, paste0(case, ".json")))
  cat(sprintf("%-34s rows %3d  npar %3d  df %3d\n", case, nrow(rows), max(rows$free), fit@test[[1]]$df))
}

ONE <- "f =~ o1 + o2 + o3 + o4"
MIXED <- "f =~ o1 + o5 + x3 + o2"
ORDINAL <- c("o1", "o2", "o5")
TWO <- "f =~ o1 + o2 + o3\n g =~ o5 + o7 + o8"
SECOND <- "g =~ f1 + f2 + f3\n f1 =~ o1 + o2 + o3\n f2 =~ o4 + o5 + o6\n f3 =~ x7 + x8 + x9"
BIFACTOR <- "g =~ o1 + o2 + o3 + o4 + o5 + o6\n s =~ o1 + o2 + o3\n t =~ o4 + o5 + o6\n g ~~ 0*s + 0*t\n s ~~ 0*t"
MIMIC <- "f =~ o1 + o2 + o3\n f ~ ageyr + sex"
PATHS <- "o5 ~ ageyr + o4\n o4 ~ ageyr"
MEDIATED <- "f =~ o1 + o2 + o3\n o5 ~ f + o4\n o4 ~ f + x1\n x7 ~ o4 + x1"
SIX <- paste0("o", 1:6)
EQUAL <- c("loadings", "thresholds")

for (how in c("delta", "theta")) {
  named_case <- function(case, ...) table_case(paste0(case, "-", how), ..., parameterization = how)
  named_case("single", "one factor, ordered indicators", ONE, ordered = TRUE)
  named_case("mixed", "ordered, binary and continuous indicators", MIXED, ordered = ORDINAL)
  named_case("covariates", "exogenous covariates", MIMIC, ordered = c("o1", "o2", "o3"))
  named_case("mediated", "ordered outcome and mediator", MEDIATED, ordered = c("o1", "o2", "o3", "o4", "o5"))
  named_case("groups", "two groups, nothing equal", MIXED, ordered = ORDINAL, group = "school")
  named_case("groups-thresholds", "equal thresholds free means and scales", MIXED,
    ordered = ORDINAL, group = "school", group.equal = "thresholds")
  named_case("groups-scalar", "equal loadings and thresholds", MIXED, ordered = ORDINAL, group = "school", group.equal = EQUAL)
  named_case("groups-residuals", "equal loadings, thresholds and residual variances", MIXED,
    ordered = ORDINAL, group = "school", group.equal = c(EQUAL, "residuals"))
  named_case("groups-covariates", "covariates in groups with equal slopes", MIMIC,
    ordered = c("o1", "o2", "o3"), group = "school", group.equal = c(EQUAL, "regressions"))
}
table_case("std-lv", "latent variances 1", TWO, ordered = TRUE, std.lv = TRUE)
table_case("second-order", "second order, mixed", SECOND, ordered = SIX)
table_case("second-order-std-lv", "second order, latent variances 1", SECOND, ordered = SIX, std.lv = TRUE)
table_case("bifactor", "general and group factors", BIFACTOR, ordered = TRUE, std.lv = TRUE)
table_case("single-indicator", "one ordered indicator: residual variance 1, not 0", "f =~ o1\n g =~ o2 + o3 + o4\n f ~ g",
  ordered = TRUE)
table_case("formative", "a formative construct of exogenous variables", "f <~ x1 + x2 + x3\n o4 ~ 1*f\n o5 ~ f", ordered = c("o4", "o5"))
table_case("paths", "ordered outcome and mediator, observed variables only", PATHS, ordered = c("o4", "o5"))
table_case("thresholds-text", "labels, fixed values and starts of thresholds",
  "f =~ o1 + o2 + o3\n o1 | a*t1 + 0.3*t2\n o2 | start(-1)*t1 + a*t2 + t3 + t4", ordered = TRUE)
table_case("thresholds-two-sides", "one line for two variables", "f =~ o1 + o2 + o3\n o1 + o2 | t1", ordered = TRUE)
table_case("thresholds-groups-text", "values per group", ordered = TRUE, group = "school",
  "f =~ o1 + o2 + o3\n o1 | c(a, b)*t1 + c(0.2, 0.2)*t2\n o2 | c(-1, NA)*t1")
table_case("threshold-only", "a variable that stands only beside |", "f =~ o1 + o2 + o3\n o4 | t1", ordered = TRUE)
table_case("scales-text", "a scale of the user's in groups", ordered = c("o1", "o2"), group = "school", group.equal = EQUAL,
  "f =~ o1 + o2 + x3\n o1 ~*~ c(1, 1)*o1\n o2 ~*~ c(1, NA)*o2\n f ~ 0*1")
table_case("intercepts-only", "equal intercepts are equal thresholds", MIXED, ordered = ORDINAL, group = "school",
  group.equal = "intercepts")
table_case("loadings-only", "equal loadings free nothing", MIXED, ordered = ORDINAL, group = "school", group.equal = "loadings")
table_case("means", "equal thresholds and means", MIXED, ordered = ORDINAL, group = "school", group.equal = c("thresholds", "means"))
table_case("std-lv-scalar", "latent variances 1, freed in the later group", MIXED, ordered = ORDINAL, group = "school",
  std.lv = TRUE, group.equal = EQUAL)
table_case("std-lv-all", "latent variances and means equal", MIXED, ordered = ORDINAL, group = "school", std.lv = TRUE,
  group.equal = c(EQUAL, "residuals", "lv.variances", "means"))
table_case("partial", "three groups, a threshold and a loading left free", "f =~ o1 + o2 + o3", ordered = TRUE, group = "third",
  group.equal = EQUAL, group.partial = c("o1 | t1", "f =~ o2"))
table_case("partial-intercept", "an intercept left free", MIXED, ordered = ORDINAL, group = "school", group.equal = EQUAL,
  group.partial = "x3 ~ 1")
table_case("binary-groups", "binary indicators in groups", "f =~ o5 + o7 + o8\n g =~ o1 + o2 + o3", ordered = TRUE,
  group = "school", group.equal = EQUAL)
table_case("random-x", "a covariate with a mean of its own is explained too", "f =~ o1 + o2 + o3\n f ~ ageyr\n ageyr ~ 1",
  ordered = c("o1", "o2", "o3"))
table_case("random-ordered-x", "so is an ordered one", "f =~ o1 + o2 + o3\n f ~ o4\n o4 ~~ 1*o4", ordered = TRUE)
table_case("ordered-x", "the codes of an ordered covariate are numbers", "f =~ o1 + o2 + o3\n f ~ o4", ordered = c("o1", "o2", "o3", "o4"))
table_case("residual-covariances", "ordered variables that covary", "f =~ o1 + o2 + o3 + o4\n o1 ~~ o2\n o3 ~~ 0.1*o4", ordered = TRUE)
table_case("intercept-text", "the user's intercepts", "f =~ o1 + o2 + x3 + o4\n o1 ~ 0*1\n f ~ 0*1\n x3 ~ 1", ordered = c("o1", "o2", "o4"))
table_case("mean-in-groups", "the user's latent mean in groups", ordered = TRUE, group = "school", group.equal = EQUAL,
  "f =~ o1 + o2 + o3 + o4\n f ~ c(0, NA)*1")
