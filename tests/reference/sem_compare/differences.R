# Scaled difference tests: Satorra & Bentler (2001, 2010) and Satorra (2000), the latter with exact and delta
# restrictions, shifted and not, for MLM, MLR and MLMV.
#
# Run from the repository root:  Rscript tests/reference/sem_compare/differences.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see sem/_reference.R.
# Function: lavTestLRT().
# Not verified: satorra.bentler.2001 and .2010 for MLMV, which lavaan makes of the factors of the shifted tests, are not
# asked for. Where lavaan cannot map the restricted model's parameters into the larger one (a parameter that is written
# in one model only, other identification), its satorra.bentler.2010 is of other parameters and is not asked for either.

source("tests/reference/sem_compare/_compare.R")

ROBUST <- c("MLM", "MLR", "MLMV")
NOT_2010 <- setdiff(names(WAYS), c("sb2010", "exact", "exact_shifted"))
DELTA <- c("delta", "delta_shifted")
DEMOCRACY <- "ind60 =~ x1 + x2 + x3
dem60 =~ y1 + a2*y2 + a3*y3 + a4*y4
dem65 =~ y5 + b2*y6 + b3*y7 + b4*y8
dem60 ~ ind60
dem65 ~ ind60 + dem60
y1 ~~ y5
y2 ~~ y4 + y6
y3 ~~ y7
y4 ~~ y8
y6 ~~ y8"
school <- function(...) list(model = THREE, options = c(list(group = "school"), if (...length()) list(group.equal = c(...))))

LEAST_SQUARES <- c("ULSM", "WLSM")
LEAST_SQUARES_ADJUSTED <- c("ULSMV", "WLSMV", "WLSMVS")
two <- function(case, what, data, larger, restricted, ways = names(WAYS)) {
  differences(case, what, data, larger, restricted, ways = ways)
  differences(paste0(case, "-adjusted"), paste(what, "adjusted tests", sep = ": "), data, larger, restricted, "MLMV",
              setdiff(ways, c("sb2001", "sb2010")))
}

two("difference-covariances", "two covariances of zero", holzinger(), one(THREE),
    one(paste0(THREE, "\nvisual ~~ 0*textual\nvisual ~~ 0*speed")))
two("difference-means", "the same with intercepts", holzinger(), one(THREE, meanstructure = TRUE),
    one(paste0(THREE, "\nvisual ~~ 0*textual\nvisual ~~ 0*speed"), meanstructure = TRUE))
two("difference-equal-loadings", "loadings equal over time", democracy(), one(DEMOCRACY),
    one(gsub("b([234])", "a\\1", DEMOCRACY)))
two("difference-covariates", "two paths of zero, covariates fixed", holzinger(),
    one("visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nvisual ~ ageyr + sex\ntextual ~ ageyr + sex"),
    one("visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nvisual ~ ageyr + 0*sex\ntextual ~ ageyr + 0*sex"))
two("difference-paths", "observed variables, covariates random", holzinger(),
    one("x7 ~ x1 + x2\nx8 ~ x7 + x1", fixed.x = FALSE), one("x7 ~ b*x1 + b*x2\nx8 ~ x7 + 0*x1", fixed.x = FALSE))
two("difference-groups-loadings", "equal loadings in two groups", holzinger(), school(), school("loadings"))
# The restricted model frees latent means: nested in the moments, not in the parameters.
two("difference-groups-intercepts", "equal intercepts in two groups", holzinger(), school("loadings"),
    school("loadings", "intercepts"), NOT_2010)
two("difference-factors", "one factor instead of three", holzinger(), one(THREE),
    one("g =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9"), NOT_2010)
two("difference-other-units", "the restricted model with latent variances of 1", holzinger(), one(THREE),
    one(paste0(THREE, "\nvisual ~~ 0*textual\nvisual ~~ 0*speed"), std.lv = TRUE), NOT_2010)
two("difference-saturated", "the model against the saturated one", holzinger(),
    one(paste(vapply(1:9, function(i) paste0("x", i, " ~~ ", paste0("x", i:9, collapse = " + ")), ""), collapse = "\n")),
    one(THREE), NOT_2010)

LABELLED <- "visual  =~ x1 + a*x2 + b*x3
textual =~ x4 + c*x5 + d*x6
speed   =~ x7 + e*x8 + f*x9"
two("difference-constraints", "equality constraints in both models", holzinger(), one(paste0(LABELLED, "\na == b")),
    one(paste0(LABELLED, "\na == b\nc == d\ne + f == 2*a")))

# Least squares. lavaan lets them fix no covariates.
for (what in list(
  list("difference-squares-covariances", "least squares, two covariances of zero", one(THREE),
       one(paste0(THREE, "\nvisual ~~ 0*textual\nvisual ~~ 0*speed"))),
  list("difference-squares-groups", "least squares, equal loadings in two groups", school(), school("loadings"))
)) {
  differences(what[[1]], what[[2]], holzinger(), what[[3]], what[[4]], LEAST_SQUARES)
  differences(paste0(what[[1]], "-adjusted"), paste(what[[2]], "adjusted tests", sep = ": "), holzinger(), what[[3]],
              what[[4]], LEAST_SQUARES_ADJUSTED, setdiff(names(WAYS), c("sb2001", "sb2010")))
}
for (estimator in c("GLS", "WLS")) {
  differences(paste0("difference-", tolower(estimator)), paste(estimator, "two covariances of zero", sep = ": "), holzinger(),
              one(THREE), one(paste0(THREE, "\nvisual ~~ 0*textual\nvisual ~~ 0*speed")), estimator, "default")
}
