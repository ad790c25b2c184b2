# Factor models of Holzinger and Swineford's nine tests, of simulated items with a general factor, and of traits and
# methods: scaling of latent variables, equal, fixed and zero parameters, residual covariances, second order, bifactor.
#
# Run from the repository root:  Rscript tests/reference/sem/factors.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see _reference.R.
# Not verified: nothing here is compared with a publication, except that hs-cfa is the model of lavaan's tutorial
# (Rosseel, 2012, Journal of Statistical Software 48(2)).

source("tests/reference/sem/_reference.R")

THREE <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9"

reference("hs-cfa", "three factors, first loading of each fixed to 1", THREE, holzinger())
reference("hs-cfa-std-lv", "the same, scaled by latent variances of 1", THREE, holzinger(), list(std.lv = TRUE))
reference("hs-cfa-means", "the same with free intercepts", THREE, holzinger(), list(meanstructure = TRUE))
reference("hs-cfa-std-lv-means", "latent variances of 1 and free intercepts", THREE, holzinger(),
          list(std.lv = TRUE, meanstructure = TRUE))
reference("hs-cfa-small-n", "the same model on the first 60 rows", THREE, holzinger(60))

reference("hs-free-marker", "NA* frees the first loading, 1* fixes the variance", "
visual  =~ NA*x1 + x2 + x3
textual =~ NA*x4 + x5 + x6
speed   =~ NA*x7 + x8 + x9
visual ~~ 1*visual
textual ~~ 1*textual
speed ~~ 1*speed", holzinger())

reference("hs-other-marker", "another indicator carries the scale", "
visual  =~ NA*x1 + x2 + 1*x3
textual =~ x5 + x4 + x6
speed   =~ NA*x7 + 1*x9 + x8", holzinger())

reference("hs-tau-equivalent", "one label makes the loadings of a factor equal", "
visual  =~ NA*x1 + a*x1 + a*x2 + a*x3
textual =~ NA*x4 + b*x4 + b*x5 + b*x6
speed   =~ NA*x7 + c*x7 + c*x8 + c*x9
visual ~~ 1*visual
textual ~~ 1*textual
speed ~~ 1*speed", holzinger())

reference("hs-parallel", "equal loadings and equal residual variances by labels", "
textual =~ 1*x4 + 1*x5 + 1*x6
x4 ~~ e*x4
x5 ~~ e*x5
x6 ~~ e*x6", holzinger())

reference("hs-fixed-loadings", "loadings fixed at values other than 1 and 0", "
visual  =~ x1 + 0.5*x2 + 0.75*x3
textual =~ 0.8*x4 + x5 + x6
speed   =~ x7 + 1.2*x8 + x9", holzinger())

reference("hs-one-zero-covariance", "one covariance of two factors fixed to zero", paste0(THREE, "
visual ~~ 0*speed"), holzinger())

reference("hs-orthogonal", "all covariances of the factors fixed to zero", paste0(THREE, "
visual ~~ 0*textual + 0*speed
textual ~~ 0*speed"), holzinger())

reference("hs-fixed-covariance", "a covariance and a variance fixed at values other than 0 and 1", paste0(THREE, "
visual ~~ 0.4*textual
x9 ~~ 0.55*x9"), holzinger())

reference("hs-residual-covariances", "covariances of residuals within and between factors", paste0(THREE, "
x7 ~~ x8
x1 ~~ x9 + x3"), holzinger())

reference("hs-cross-loading", "an item that measures two factors", "
visual  =~ x1 + x2 + x3 + x9
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9", holzinger())

reference("hs-one-factor", "a model that fits very badly", "
g =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9", holzinger())

reference("hs-independence", "no covariance at all: the baseline model itself", "
x1 ~~ x1
x2 ~~ x2
x3 ~~ x3
x4 ~~ x4", holzinger())

reference("hs-just-identified", "no degrees of freedom left", "textual =~ x4 + x5 + x6", holzinger())

reference("hs-second-order", "a second-order factor; the first loading of each level fixed", paste0(THREE, "
g =~ visual + textual + speed"), holzinger())

reference("hs-second-order-std-lv", "a second-order factor, all latent (residual) variances 1", paste0(THREE, "
g =~ visual + textual + speed"), holzinger(), list(std.lv = TRUE))

reference("hs-single-indicator", "a latent variable with one indicator whose error variance is fixed", "
visual =~ x1 + x2 + x3
verbal =~ 1*x4
x4 ~~ 0.3*x4
speed  =~ x7 + x8 + x9", holzinger())

reference("hs-single-indicator-default", "one indicator and nothing said of its error: lavaan fixes it to 0", "
visual =~ x1 + x2 + x3
verbal =~ x4", holzinger())

reference("hs-labelled-variance", "labels on variances and covariances, used in defined parameters", "
visual =~ x1 + l2*x2 + l3*x3
speed  =~ x7 + x8 + x9
visual ~~ vv*visual
speed ~~ vs*speed
visual ~~ cvs*speed
r := cvs / sqrt(vv * vs)
explained := r^2
length := sqrt(vv) * (1 + l2 + l3)", holzinger())

reference("bifactor-orthogonal", "a general and three specific factors, uncorrelated, unit variances", "
g  =~ b1 + b2 + b3 + b4 + b5 + b6 + b7 + b8 + b9
s1 =~ b1 + b2 + b3
s2 =~ b4 + b5 + b6
s3 =~ b7 + b8 + b9
g  ~~ 0*s1 + 0*s2 + 0*s3
s1 ~~ 0*s2 + 0*s3
s2 ~~ 0*s3", simulated("bifactor"), list(std.lv = TRUE))

reference("bifactor-markers", "the same, scaled by the first loadings", "
g  =~ b1 + b2 + b3 + b4 + b5 + b6 + b7 + b8 + b9
s1 =~ b1 + b2 + b3
s2 =~ b4 + b5 + b6
s3 =~ b7 + b8 + b9
g  ~~ 0*s1 + 0*s2 + 0*s3
s1 ~~ 0*s2 + 0*s3
s2 ~~ 0*s3", simulated("bifactor"))

reference("correlated-uniqueness", "two traits, three methods as covariances of residuals, 60 rows", "
trait_a =~ a1 + a2 + a3
trait_c =~ c1 + c2 + c3
a1 ~~ c1
a2 ~~ c2
a3 ~~ c3", simulated("small"))
