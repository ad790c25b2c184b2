# Models fitted from moments: a covariance matrix with the number of rows, with and without means. Also a very large
# number of rows, and covariance matrices whose solution has a negative variance.
#
# Run from the repository root:  Rscript tests/reference/sem/moments.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see _reference.R.
# The covariance matrices are unbiased (divided by n - 1); lavaan (likelihood "normal") multiplies them by (n - 1)/n,
# which is what `sample` in the written files shows.
# Not verified: the negative variances are lavaan's answer to matrices built to have them; they have no other source.

source("tests/reference/sem/_reference.R")

THREE <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9"

tests <- HolzingerSwineford1939[paste0("x", 1:9)]
hs <- moments(cov(tests), 301)
hs_means <- moments(cov(tests), 301, colMeans(tests))

reference("moments-cfa", "Holzinger and Swineford from their covariance matrix", THREE, hs)
reference("moments-cfa-means", "the same with means", THREE, hs_means)
reference("moments-subset", "a model that uses some of the variables, in another order", "
speed =~ x9 + x7 + x8
visual =~ x3 + x1 + x2", hs)

world <- PoliticalDemocracy
reference("moments-democracy", "Political Democracy from its covariance matrix", "
ind60 =~ x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8
dem60 ~ ind60
dem65 ~ ind60 + dem60
y1 ~~ y5
y2 ~~ y4 + y6
y3 ~~ y7
y4 ~~ y8
y6 ~~ y8", moments(cov(world), 75))

path <- read.csv(file.path(FOLDER, "data/paths.csv"))[c("x", "m", "y", "treat")]
reference("moments-mediation", "an observed path model from moments, x fixed", "
m ~ a*x + treat
y ~ b*m + c*x
ab := a*b", moments(cov(path), 200))
reference("moments-mediation-means", "the same with means", "
m ~ a*x + treat
y ~ b*m + c*x
ab := a*b", moments(cov(path), 200, colMeans(path)))

correlated <- function(values, names) {
  found <- diag(length(names))
  found[lower.tri(found)] <- values
  found <- found + t(found) - diag(length(names))
  dimnames(found) <- list(names, names)
  found
}

# A misspecified model whose small chi-square per row becomes large with 10000 rows.
many <- correlated(c(
  .50, .42, .44, .21, .19, .20,
  .40, .43, .18, .22, .17,
  .46, .20, .16, .19,
  .17, .20, .26,
  .48, .41,
  .45
), c("p1", "p2", "p3", "p4", "q1", "q2", "q3"))
reference("large-n", "10000 rows", "
p =~ p1 + p2 + p3 + p4
q =~ q1 + q2 + q3
q ~ p", moments(many, 10000))
reference("small-n", "60 rows of the same matrix", "
p =~ p1 + p2 + p3 + p4
q =~ q1 + q2 + q3
q ~ p", moments(many, 60))

reference("heywood-one-factor", "a residual variance below zero", "f =~ h1 + h2 + h3 + h4",
          moments(correlated(c(.75, .75, .45, .50, .33, .30), c("h1", "h2", "h3", "h4")), 150))
reference("heywood-just-identified", "a residual variance below zero without a degree of freedom", "f =~ h1 + h2 + h3",
          moments(correlated(c(.70, .60, .30), c("h1", "h2", "h3")), 200))
reference("heywood-two-factors", "a correlation of two factors above one", "
f =~ h1 + h2
g =~ h3 + h4",
          moments(correlated(c(.50, .60, .55, .58, .62, .50), c("h1", "h2", "h3", "h4")), 250))
reference("close-fit", "a chi-square below its degrees of freedom: cfi, rmsea and p-close at their ends", "
p =~ p1 + p2 + p3
q =~ p4 + q1 + q2", moments(correlated(c(
  .49, .421, .282, .239, .21,
  .42, .28, .24, .212,
  .24, .205, .18,
  .48, .422,
  .36
), c("p1", "p2", "p3", "p4", "q1", "q2")), 120))
