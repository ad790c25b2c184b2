# Bollen's (1989) Political Democracy: a structural model with latent variables measured twice.
#
# Run from the repository root:  Rscript tests/reference/sem/democracy.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see _reference.R.
# Not verified: nothing here is compared with a publication, except that pd-errors is the model of lavaan's tutorial
# (Rosseel, 2012, Journal of Statistical Software 48(2)).

source("tests/reference/sem/_reference.R")

MEASURED <- "ind60 =~ x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8"

EQUAL <- "ind60 =~ x1 + x2 + x3
dem60 =~ y1 + a*y2 + b*y3 + c*y4
dem65 =~ y5 + a*y6 + b*y7 + c*y8"

PATHS <- "
dem60 ~ ind60
dem65 ~ ind60 + dem60"

ERRORS <- "
y1 ~~ y5
y2 ~~ y4 + y6
y3 ~~ y7
y4 ~~ y8
y6 ~~ y8"

reference("pd-errors", "with the covariances of errors", paste0(MEASURED, PATHS, ERRORS), democracy())
reference("pd-errors-means", "the same with free intercepts", paste0(MEASURED, PATHS, ERRORS), democracy(),
          list(meanstructure = TRUE))
reference("pd-errors-std-lv", "the same, latent (residual) variances of 1", paste0(MEASURED, PATHS, ERRORS), democracy(),
          list(std.lv = TRUE))
reference("pd-no-errors", "without the covariances of errors", paste0(MEASURED, PATHS), democracy())
reference("pd-measurement", "three correlated factors", MEASURED, democracy())
reference("pd-equal-loadings", "loadings of 1960 and 1965 equal by labels", paste0(EQUAL, PATHS, ERRORS), democracy())
reference("pd-equal-loadings-means", "equal loadings, and equal intercepts of the repeated indicators",
          paste0(EQUAL, PATHS, ERRORS, "
y2 ~ i2*1
y6 ~ i2*1
y3 ~ i3*1
y7 ~ i3*1"), democracy())

reference("pd-indirect", "direct, indirect and total effect of industry", paste0(MEASURED, "
dem60 ~ a*ind60
dem65 ~ c*ind60 + b*dem60", ERRORS, "
indirect := a*b
total := c + a*b
share := indirect / total"), democracy())

reference("pd-fixed-path", "a structural path fixed at a value, an equal pair of paths", paste0(MEASURED, "
dem60 ~ p*ind60
dem65 ~ p*ind60 + 0.75*dem60", ERRORS), democracy())
