# Several groups: Holzinger and Swineford's tests in two schools, every kind of equality, labels and fixed values by group,
# covariates, moments; the path data in two treatment groups.
#
# Run from the repository root:  Rscript tests/reference/sem_groups/groups.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see sem/_reference.R.
# Not verified: groups-loadings to groups-intercepts repeat lavaan's tutorial on measurement invariance (Rosseel, 2012,
# Journal of Statistical Software 48(2)); nothing else is compared with a publication.

source("tests/reference/sem_groups/_groups.R")

THREE <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9"
STRUCTURAL <- paste0(THREE, "
speed ~ visual + textual")

in_schools <- function(case, what, model = THREE, equal = NULL, ..., data = holzinger()) {
  options <- c(list(group = "school"), if (length(equal)) list(group.equal = equal), list(...))
  reference_groups(paste0("groups-", case), what, model, data, options)
}

in_schools("configural", "parameters of their own in each group")
in_schools("loadings", "equal loadings", equal = "loadings")
in_schools("intercepts", "equal loadings and intercepts; latent means free in the second group",
           equal = c("loadings", "intercepts"))
in_schools("residuals", "equal residual variances besides", equal = c("loadings", "intercepts", "residuals"))
in_schools("means", "equal latent means besides", equal = c("loadings", "intercepts", "means"))
in_schools("strict-means", "all of these", equal = c("loadings", "intercepts", "residuals", "means"))
in_schools("lv-variances", "equal latent variances", equal = c("loadings", "lv.variances"))
in_schools("lv-covariances", "equal latent variances and covariances",
           equal = c("loadings", "lv.variances", "lv.covariances"))
in_schools("intercepts-only", "equal intercepts with free loadings", equal = "intercepts")
in_schools("residual-covariances", "an equal residual covariance", paste0(THREE, "
x1 ~~ x9
x4 ~~ x7"), equal = c("loadings", "residual.covariances"))
in_schools("structural", "regressions among latent variables, nothing equal", STRUCTURAL)
in_schools("regressions", "equal loadings and regressions", STRUCTURAL, equal = c("loadings", "regressions"))
in_schools("partial", "two relations left free", equal = c("loadings", "intercepts"),
           group.partial = c("visual =~ x2", "x7 ~ 1"))
in_schools("std-lv", "latent variances as units", std.lv = TRUE)
in_schools("std-lv-loadings", "latent variances as units of the first group only", equal = "loadings", std.lv = TRUE)
in_schools("std-lv-intercepts", "the same with equal intercepts", equal = c("loadings", "intercepts"), std.lv = TRUE)
in_schools("no-means", "equal loadings without means", equal = "loadings", meanstructure = FALSE)

in_schools("labels", "labels for each group, one shared, and defined parameters over groups", "
visual  =~ x1 + c(a1, a2)*x2 + c(b, b)*x3
textual =~ x4 + x5 + x6
visual ~~ c(v1, v2)*visual
textual ~~ c(w1, w2)*textual
visual ~~ c(c1, c2)*textual
gap := a1 - a2
r1 := c1 / sqrt(v1 * w1)
r2 := c2 / sqrt(v2 * w2)
difference := r1 - r2")
in_schools("fixed", "values fixed in one group, other values in the other, and NA", "
visual  =~ x1 + c(0.7, NA)*x2 + c(0.9, 1.1)*x3
textual =~ x4 + x5 + x6
x4 ~~ c(0.4, NA)*x4
visual ~~ c(0, 0.2)*textual")
in_schools("one-label", "one label holds in all groups", "
textual =~ x4 + l*x5 + l*x6
x4 ~~ e*x4
x5 ~~ e*x5")
in_schools("means-by-hand", "intercepts and latent means written down", "
textual =~ x4 + c(l, l)*x5 + c(k, k)*x6
x4 ~ c(i4, i4)*1
x5 ~ c(i5, i5)*1
x6 ~ c(i6, i6)*1
textual ~ c(0, NA)*1")
in_schools("covariates", "latent variables on observed covariates, whose moments are fixed in each group", paste0(THREE, "
visual + textual + speed ~ ageyr + sex"), equal = "loadings")
in_schools("covariates-random", "the same covariates random", paste0(THREE, "
visual + textual + speed ~ ageyr + sex"), equal = "loadings", fixed.x = FALSE)
in_schools("mimic-intercepts", "covariates with equal intercepts and regressions", paste0(THREE, "
visual + textual + speed ~ ageyr"), equal = c("loadings", "intercepts", "regressions"))
in_schools("second-order", "a second-order factor with equal loadings", paste0(THREE, "
g =~ visual + textual + speed"), equal = "loadings")

reference_groups("groups-moments", "the same tests from covariances and means by group", THREE, by_group(holzinger()),
                 list(group.equal = c("loadings", "intercepts")))
without <- by_group(holzinger())
without$mean <- NULL
reference_groups("groups-moments-no-means", "from covariances alone", THREE, without,
                 list(group.equal = "loadings", meanstructure = FALSE))

PATHS <- "
m ~ c(a1, a2)*x + age
y ~ c(b1, b2)*m + x
ab1 := a1*b1
ab2 := a2*b2
moderated := ab1 - ab2"
reference_groups("groups-paths", "an observed mediation moderated by treatment", PATHS, simulated("paths"),
                 list(group = "treat"))
reference_groups("groups-paths-equal", "its regressions and residuals equal", "
m ~ x + age
y ~ m + x", simulated("paths"), list(group = "treat", group.equal = c("regressions", "residuals")))
reference_groups("groups-paths-intercepts", "its intercepts and regressions equal", "
m ~ x + age
y ~ m + x", simulated("paths"), list(group = "treat", group.equal = c("regressions", "intercepts")))
