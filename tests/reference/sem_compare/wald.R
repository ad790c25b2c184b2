# Wald tests of linear and nonlinear constraints, with plain and robust covariances of the estimates.
#
# Run from the repository root:  Rscript tests/reference/sem_compare/wald.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see sem/_reference.R.
# Function: lavTestWald().
# Not verified: nothing here is compared with a publication.

source("tests/reference/sem_compare/_compare.R")

LABELLED <- "visual  =~ x1 + a*x2 + b*x3
textual =~ x4 + c*x5 + d*x6
speed   =~ x7 + e*x8 + f*x9
visual ~~ r*textual"
DEMOCRACY <- "ind60 =~ x1 + x2 + x3
dem60 =~ y1 + a2*y2 + a3*y3 + a4*y4
dem65 =~ y5 + b2*y6 + b3*y7 + b4*y8
dem60 ~ p*ind60
dem65 ~ q*ind60 + s*dem60
y1 ~~ y5
y2 ~~ y4 + y6
y3 ~~ y7
y4 ~~ y8
y6 ~~ y8
indirect := p*s"
GROUPS <- "visual  =~ x1 + c(a1, a2)*x2 + c(b1, b2)*x3
textual =~ x4 + c(c1, c2)*x5 + c(d1, d2)*x6"

for (estimator in c("ML", "MLM", "MLR")) {
  named_case <- function(name) paste0("wald-", tolower(estimator), "-", name)
  wald(named_case("factors"), paste(estimator, "loadings", sep = ": "), holzinger(), LABELLED, list(estimator = estimator), list(
    one = "a == b", two = "a == b\nc == d", constant = "e == 1\nf == 1.2", linear = "a + b == 2*c",
    product = "a*b == c*d", root = "sqrt(a) == exp(b - 1)", zero = "r == 0"
  ))
  wald(named_case("paths"), paste(estimator, "structure", sep = ": "), democracy(), DEMOCRACY, list(estimator = estimator), list(
    over_time = "a2 == b2\na3 == b3\na4 == b4", effects = "p == 0\nq == 0", indirect = "p*s == 0", ratio = "q/s == p"
  ))
  wald(named_case("groups"), paste(estimator, "two groups", sep = ": "), holzinger(), GROUPS,
       list(estimator = estimator, group = "school"), list(loadings = "a1 == a2\nb1 == b2\nc1 == c2\nd1 == d2"))
}
wald("wald-fiml", "incomplete rows", with_gaps(holzinger(), paste0("x", 1:9), 7), LABELLED,
     list(estimator = "ML", missing = "fiml"), list(two = "a == b\nc == d", product = "a*b == c*d"))
