# Full information maximum likelihood from incomplete rows: factors, structure, means, covariates, groups.
#
# Run from the repository root:  Rscript tests/reference/sem/missing.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see _reference.R.
# Not verified: nothing here is compared with a publication. GFI and its relatives are not compared, as lavaan weighs
# them by the information of incomplete rows (see docs/differences.md).

source("tests/reference/sem/_reference.R")

FIML <- list(missing = "fiml")
THREE <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9"
ITEMS <- paste0("x", 1:9)
hs <- with_gaps(holzinger(), ITEMS, 11)
pd <- with_gaps(democracy(), c("y1", "y2", "y5", "y6", "x2"), 13)

reference("fiml-hs", "three factors", THREE, hs, FIML)
reference("fiml-hs-std-lv", "latent variances of 1", THREE, hs, c(FIML, std.lv = TRUE))
reference("fiml-hs-many-gaps", "a third of the values missing", THREE, with_gaps(holzinger(), ITEMS, 3), FIML)
reference("fiml-hs-equal", "equal loadings and intercepts by labels", "
textual =~ NA*x4 + a*x4 + a*x5 + a*x6
textual ~~ 1*textual
x4 ~ m*1
x5 ~ m*1", hs, FIML)
reference("fiml-second-order", "second-order factor", paste0(THREE, "
g =~ visual + textual + speed"), hs, FIML)
reference("fiml-pd", "structure with residual covariances and an indirect effect", "
ind60 =~ x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8
dem60 ~ a*ind60
dem65 ~ ind60 + b*dem60
y1 ~~ y5
y2 ~~ y4 + y6
ab := a*b", pd, FIML)
reference("fiml-mimic", "covariates answered by all, fixed", paste0(THREE, "
visual + textual ~ ageyr + sex"), hs, FIML)
reference("fiml-paths", "rows without a fixed covariate are left out", "
x7 ~ x1 + x2
x8 ~ b*x7 + x1", hs, FIML)
reference("fiml-paths-random-x", "random covariates: no row is left out", "
x7 ~ x1 + x2
x8 ~ b*x7 + x1", hs, c(FIML, fixed.x = FALSE))
reference("fiml-means", "latent means with fixed intercepts", "
textual =~ x4 + x5 + x6
x4 ~ 0*1
textual ~ 1", hs, FIML)
reference("fiml-complete", "no value missing: as ML, with observed information", THREE, holzinger(), FIML)
