# Constraints ==, < and > on labelled parameters, equal(), bounds: in one group and in several, with robust estimators,
# with incomplete rows, in growth, panel, second-order and bifactor models.
#
# Run from the repository root:  Rscript tests/reference/sem_constraints/constraints.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see _constraints.R.
# Not verified: the choice of model and of constraints, which only exercise the software.

source("tests/reference/sem_constraints/_constraints.R")

THREE <- "visual  =~ x1 + a*x2 + b*x3
textual =~ x4 + c*x5 + d*x6
speed   =~ x7 + e*x8 + f*x9
"
ONE <- "g =~ x1 + a*x2 + b*x3 + c*x4
"
on_tests <- function(case, what, lines, ...) reference(case, what, paste0(THREE, lines), holzinger(), ...)

# ---- equalities -------------------------------------------------------------------------------------------------

on_tests("equal-two", "one linear equality", "a == b")
on_tests("equal-redundant", "equalities that follow from one another", "a == b\nb == c\nc == a\n2*a == 2*b")
on_tests("equal-sums", "sums, multiples and constants", "a + b == c + d - 1\ne == 2*f - 0.8")
on_tests("equal-constant", "a parameter held at a value", "a == 0.7")
on_tests("equal-mirrored", "a value on the left", "1.1 == c")
on_tests("equal-square", "a nonlinear equality", "a == b^2")
on_tests("equal-functions", "functions of several parameters", "exp(a)*b == c + sqrt(d)\nlog(e) + f == 1")
on_tests("equal-defined", "a defined parameter held at a value", "m := (a + b)/2\nr := c/d\nm == 0.6\nr == 1.2")
on_tests("equal-defined-above", "the constraint stands above the definition", "m == 0.3\nm := a*b")
on_tests("equal-std-lv", "with latent variances of 1", "a == b\nc == 0.9*d", list(std.lv = TRUE))
on_tests("equal-means", "with free intercepts, one of them constrained", "x1 ~ k*1\nx2 ~ l*1\nk == l - 1", list(meanstructure = TRUE))
on_tests("equal-relation", "equal() names a loading", "visual =~ x4\nspeed =~ equal(\"visual=~x4\")*x1")
reference("equal-relation-plain", "equal() between indicators of one factor", "
visual  =~ x1 + x2 + equal(\"visual=~x2\")*x3
textual =~ x4 + x5 + equal(\"visual=~x2\")*x6", holzinger())

reference("effects-coding", "loadings average one: identified through the constraint alone", "
visual =~ NA*x1 + a*x1 + b*x2 + c*x3
textual =~ NA*x4 + d*x4 + e*x5 + f*x6
a + b + c == 3
d + e + f == 3", holzinger())
reference("effects-coding-means", "the same with means: loadings average one, intercepts zero", "
visual =~ NA*x1 + a*x1 + b*x2 + c*x3
x1 ~ k*1
x2 ~ l*1
x3 ~ m*1
visual ~ NA*1
a + b + c == 3
k + l + m == 0", holzinger())
reference("squares-coding", "a nonlinear constraint identifies the scale", "
visual =~ NA*x1 + a*x1 + b*x2 + c*x3 + x4
a^2 + b^2 + c^2 == 3", holzinger())
reference("reliability-held", "composite reliability held at 0.8", "
textual =~ NA*x4 + a*x4 + b*x5 + c*x6
textual ~~ 1*textual
x4 ~~ u*x4
x5 ~~ v*x5
x6 ~~ w*x6
omega := (a + b + c)^2/((a + b + c)^2 + u + v + w)
omega == 0.8", holzinger())

# ---- inequalities -----------------------------------------------------------------------------------------------

reference("larger-active", "a lower limit that holds the estimate back", paste0(ONE, "a > 0.7"), holzinger())
reference("larger-idle", "an upper limit that does not", paste0(ONE, "a < 0.9"), holzinger())
reference("larger-mirrored", "the value on the left", paste0(ONE, "0.7 < a"), holzinger())
reference("larger-than-another", "two parameters in order, against the data", paste0(ONE, "a > b"), holzinger())
reference("larger-and-equal", "an active and an idle inequality beside equalities", paste0(ONE, "
x2 ~~ t*x2
b == c + 0.1
a > b
t > 0.5"), holzinger())
reference("larger-nonlinear", "nonlinear inequalities, one active", paste0(ONE, "
d := a*b
d > 0.6
a^2 + c^2 < 4"), holzinger())
reference("larger-and-curved", "an active inequality beside a nonlinear equality", paste0(ONE, "
b == c^2 + 0.2
a > 0.6"), holzinger())
correlated <- function(below, names) {
  full <- diag(length(names))
  full[lower.tri(full)] <- below
  full <- full + t(full) - diag(length(names))
  dimnames(full) <- list(names, names)
  full
}
HEYWOOD <- moments(correlated(c(.75, .75, .45, .50, .33, .30), c("h1", "h2", "h3", "h4")), 150)
reference("heywood-held", "a residual variance kept above a small value", "f =~ h1 + h2 + h3 + h4
h1 ~~ t1*h1
t1 > 0.01", HEYWOOD)
reference("heywood-zero", "a residual variance kept from falling below zero", "f =~ h1 + h2 + h3 + h4
h1 ~~ t1*h1
t1 > 0", HEYWOOD)
reference("bounds", "lower() and upper(): standard errors ignore them", "
visual  =~ x1 + lower(0.7)*x2 + upper(0.6)*x3
textual =~ x4 + lower(0)*x5 + x6
x1 ~~ lower(0)*x1", holzinger())
reference("bound-heywood", "a residual variance with a lower bound of zero", "f =~ h1 + h2 + h3 + h4
h1 ~~ lower(0)*h1", HEYWOOD)

# ---- structural models ------------------------------------------------------------------------------------------

reference("paths-product", "an indirect effect held at a value", "
m ~ a*x + age
y ~ b*m + cp*x
ind := a*b
total := ind + cp
a*b == 0.1", simulated("paths"))
reference("paths-total", "a total effect of zero, by its defined parts", "
m ~ a*x
k ~ b*m
y ~ e*k + cp*x
ind := a*b*e
total := ind + cp
total == 0", simulated("paths"))
reference("paths-ordered", "effects in order, with random exogenous variables", "
y ~ p*x + q*m
k ~ r*m
p > q
q > r", simulated("paths"), list(fixed.x = FALSE))
reference("panel", "a cross-lagged panel with effects equal over time", "
ind60 =~ x1 + x2 + x3
y1 ~~ y2
y3 ~ s1*y1 + l1*y2
y4 ~ r1*y1 + t1*y2
y5 ~ s2*y3 + l2*y4
y6 ~ r2*y3 + t2*y4
y3 ~~ y4
y5 ~~ y6
s1 == s2
l1 == l2
r1 == r2
t1 == t2", democracy())
reference("democracy-equal", "loadings equal over time by constraints", "
ind60 =~ x1 + x2 + x3
dem60 =~ y1 + a1*y2 + b1*y3 + c1*y4
dem65 =~ y5 + a2*y6 + b2*y7 + c2*y8
dem60 ~ ind60
dem65 ~ ind60 + dem60
y1 ~~ y5
y2 ~~ y4 + y6
y3 ~~ y7
y4 ~~ y8
y6 ~~ y8
a1 == a2
b1 == b2
c1 == c2", democracy())
reference("growth-basis", "a growth curve whose free time scores are ordered and evenly spaced at the end", "
i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4 + 1*t5
s =~ 0*t1 + b2*t2 + b3*t3 + b4*t4 + 4*t5
t1 + t2 + t3 + t4 + t5 ~ 0*1
i ~ 1
s ~ 1
b4 - b3 == 4 - b4
b2 < 0.9", simulated("growth"))
reference("growth-residuals", "residual variances that change by a constant ratio", "
i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4 + 1*t5
s =~ 0*t1 + 1*t2 + 2*t3 + 3*t4 + 4*t5
t1 + t2 + t3 + t4 + t5 ~ 0*1
i ~ 1
s ~ 1
t1 ~~ r1*t1
t2 ~~ r2*t2
t3 ~~ r3*t3
r2/r1 == r3/r2", simulated("growth"))
reference("second-order-equal", "a second-order factor with constrained loadings and residuals", paste0(THREE, "
general =~ k*visual + l*textual + m*speed
textual ~~ u*textual
speed ~~ v*speed
l == m + 0.5
u > v"), holzinger())
reference("bifactor-equal", "a bifactor model with proportional loadings", "
g  =~ a1*b1 + a2*b2 + a3*b3 + b4 + b5 + b6 + b7 + b8 + b9
s1 =~ c1*b1 + c2*b2 + c3*b3
s2 =~ b4 + b5 + b6
s3 =~ b7 + b8 + b9
g  ~~ 0*s1 + 0*s2 + 0*s3
s1 ~~ 0*s2 + 0*s3
s2 ~~ 0*s3
a1*c2 == a2*c1
a1*c3 == a3*c1", simulated("bifactor"), list(std.lv = TRUE))

# ---- groups -----------------------------------------------------------------------------------------------------

BY_SCHOOL <- list(group = "school")
in_groups <- function(case, what, model, options = list()) {
  reference_groups(case, what, model, holzinger(), c(BY_SCHOOL, options))
}
in_groups("groups-ratio", "a loading twice that of the other group", "
visual =~ x1 + c(a1, a2)*x2 + c(b, b)*x3 + x4
a1 == 1.5*a2")
in_groups("groups-difference", "a sum over groups, a nonlinear equality and an inequality", "
visual =~ x1 + c(a1, a2)*x2 + c(b1, b2)*x3
textual =~ x4 + x5 + x6
visual ~~ c(v1, v2)*visual
d := a1 - a2
a1 + a2 == 1.4
b1*v1 == b2*v2
d > 0.1")
in_groups("groups-means", "latent means by constraints on intercepts", "
visual =~ x1 + c(a1, a2)*x2 + c(b1, b2)*x3
x1 ~ c(k1, k2)*1
x2 ~ c(l1, l2)*1
x3 ~ c(m1, m2)*1
visual ~ c(0, NA)*1
a1 == a2
b1 == b2
k1 == k2
l1 == l2
m1 == m2")
in_groups("groups-one-label", "one label in both groups, constrained", "
visual =~ x1 + a*x2 + x3 + x4
visual ~~ v*visual
a == v")
in_groups("groups-partly", "constraints beside group.equal", "
visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
visual ~~ c(v1, v2)*visual
textual ~~ c(w1, w2)*textual
v1 - v2 == w1 - w2", list(group.equal = "loadings"))
in_groups("groups-relation", "equal() in each group", "
visual =~ x1 + x2 + equal(c(\"visual=~x2\", \"visual=~x2.g2\"))*x3 + x4")
in_groups("groups-first-relation", "equal() names the first group for both", "
visual =~ x1 + x2 + equal(\"visual=~x2\")*x3 + x4")

# ---- robust estimators and incomplete rows ----------------------------------------------------------------------

for (estimator in c("MLR", "MLM")) {
  name <- tolower(estimator)
  robust <- list(estimator = estimator)
  on_tests(paste0(name, "-equal"), paste(estimator, "with a linear equality"), "a == b\nc + d == 2", robust)
  on_tests(paste0(name, "-curved"), paste(estimator, "with a nonlinear equality"), "a == b^2\nc*d == 1", robust)
  on_tests(paste0(name, "-active"), paste(estimator, "with active and idle inequalities"), "a > 0.7\nc < 2", robust)
  in_groups(paste0(name, "-groups"), paste(estimator, "in groups"), "
visual =~ x1 + c(a1, a2)*x2 + c(b1, b2)*x3
textual =~ x4 + x5 + x6
a1 == a2
b1*b2 == 0.6", robust)
}
reference("mlr-paths", "MLR with exogenous variables and an indirect effect of a given size", "
m ~ a*x + age
y ~ b*m + cp*x
a*b == 0.1", simulated("paths"), list(estimator = "MLR"))
gaps <- with_gaps(holzinger(), paste0("x", 1:6), 7)
reference("fiml-equal", "incomplete rows with a linear equality", paste0(THREE, "a == b\nc == 1.1"), gaps, list(missing = "fiml"))
reference("fiml-curved", "incomplete rows with a nonlinear equality and an active inequality", paste0(THREE, "
a == b^2
e > f + 0.2"), gaps, list(missing = "fiml"))
