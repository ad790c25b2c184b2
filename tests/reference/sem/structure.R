# Models with latent and observed variables together: covariates, chains of latent regressions, mixed outcomes,
# phantom variables, growth curves, a model like those of this package (8 constructs, 31 items).
#
# Run from the repository root:  Rscript tests/reference/sem/structure.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see _reference.R.
# Not verified: the choice of model; the data are simulated (simulate.R) or Holzinger and Swineford's.

source("tests/reference/sem/_reference.R")

THREE <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9"

MIMIC <- paste0(THREE, "
visual ~ sex + ageyr
textual ~ sex + ageyr
speed ~ ageyr")

reference("mimic", "latent variables explained by covariates", MIMIC, holzinger())
reference("mimic-random-x", "the same, covariates random", MIMIC, holzinger(), list(fixed.x = FALSE))
reference("mimic-means", "the same with intercepts", MIMIC, holzinger(), list(meanstructure = TRUE))
reference("mimic-means-random-x", "the same, intercepts, covariates random", MIMIC, holzinger(),
          list(meanstructure = TRUE, fixed.x = FALSE))
reference("mimic-std-lv", "the same, residual latent variances of 1", MIMIC, holzinger(), list(std.lv = TRUE))
reference("mimic-direct-effect", "a covariate that also acts on one item", "
visual =~ x1 + x2 + x3
speed  =~ x7 + x8 + x9
visual + speed ~ sex + ageyr
x2 ~ sex", holzinger())

reference("latent-and-observed-predictor", "an exogenous latent beside an exogenous observed variable", "
visual =~ x1 + x2 + x3
speed =~ x7 + x8 + x9
speed ~ visual + ageyr", holzinger())
reference("latent-and-observed-predictor-random-x", "the same, the covariate random", "
visual =~ x1 + x2 + x3
speed =~ x7 + x8 + x9
speed ~ visual + ageyr", holzinger(), list(fixed.x = FALSE))
reference("latent-with-observed-covariance", "the covariance of a latent and an observed predictor named", "
visual =~ x1 + x2 + x3
speed =~ x7 + x8 + x9
speed ~ visual + ageyr
visual ~~ ageyr", holzinger())
reference("observed-outcome", "observed outcomes of a latent variable", "
visual =~ x1 + x2 + x3
x8 ~ visual
x9 ~ visual + x8", holzinger())
reference("mixed-outcomes", "one latent and two observed outcomes", "
visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
textual ~ visual
x8 ~ visual
x9 ~ visual", holzinger())
reference("chain", "a chain of latent regressions with its indirect effects", paste0(THREE, "
textual ~ a*visual
speed ~ b*textual + c*visual
indirect := a*b
total := indirect + c
ratio := indirect / c"), holzinger())
reference("chain-std-lv", "the same, latent (residual) variances of 1", paste0(THREE, "
textual ~ a*visual
speed ~ b*textual + c*visual
indirect := a*b
total := indirect + c"), holzinger(), list(std.lv = TRUE))
reference("chain-three-outcomes", "several end points, whose residuals covary", "
visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
f =~ x7 + x8
textual + f ~ visual
x9 ~ textual", holzinger())
reference("second-order-cause", "a second-order factor explained by covariates", paste0(THREE, "
g =~ visual + textual + speed
g ~ ageyr + sex"), holzinger())
reference("phantom", "an indirect effect carried by a phantom variable", "
visual =~ x1 + x2 + x3
speed =~ x7 + x8 + x9
ph =~ 0*x9
ph ~ a*visual
ph ~~ 0*ph
speed ~ 1*ph
double := 2*a", holzinger())
reference("growth-linear", "random intercept and slope over five waves", "
i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4 + 1*t5
s =~ 0*t1 + 1*t2 + 2*t3 + 3*t4 + 4*t5
t1 ~ 0*1
t2 ~ 0*1
t3 ~ 0*1
t4 ~ 0*1
t5 ~ 0*1
i ~ 1
s ~ 1", simulated("growth"))
reference("growth-conditional", "the same explained by two covariates, equal residual variances", "
i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4 + 1*t5
s =~ 0*t1 + 1*t2 + 2*t3 + 3*t4 + 4*t5
t1 + t2 + t3 + t4 + t5 ~ 0*1
i + s ~ 1
i ~ z + g
s ~ z + g
t1 ~~ e*t1
t2 ~~ e*t2
t3 ~~ e*t3
t4 ~~ e*t4
t5 ~~ e*t5", simulated("growth"))
reference("growth-free-shape", "the later loadings of the slope estimated", "
i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4 + 1*t5
s =~ 0*t1 + 1*t2 + t3 + t4 + t5
t1 + t2 + t3 + t4 + t5 ~ 0*1
i ~ mi*1
s ~ ms*1
end := mi + 4*ms", simulated("growth"))

# Random models that fit so badly that the expected information is far from the Hessian at the minimum: steps of Fisher
# scoring overshoot there (the spectral radius of I - I^-1 H is 1.05 to 1.11), although the minimum is a regular one.
reference("misfit-equal-paths", "unlike paths held equal", "
f0 =~ rec1 + str4 + str3
f1 =~ cog1
f0 ~ str1 + b*cog2
cog2 ~ b*f1", simulated("trust"), list(fixed.x = FALSE))
reference("misfit-many-paths", "items of several constructs on one factor, unlike paths held equal", "
f0 =~ sat2 + rec1
f1 =~ rep2 + str1 + com4
f2 =~ rep3 + cog4 + 0.8*sat1
f3 =~ sat3 + loy3 + str2
f2 ~ b*f0
f3 ~ loy1
loy4 ~ b*f3 + b*f2 + b*f0
str4 ~ f3 + f1 + f0
rec2 ~ str4
str2 ~~ f1", simulated("trust"), list(meanstructure = TRUE))

reference("trust", "three kinds of trust, two mediators, three outcomes, nine indirect effects", "
cognitive    =~ cog1 + cog2 + cog3 + cog4
affective    =~ aff1 + aff2 + aff3 + aff4
structural   =~ str1 + str2 + str3 + str4
satisfaction =~ sat1 + sat2 + sat3 + sat4
commitment   =~ com1 + com2 + com3 + com4
loyalty      =~ loy1 + loy2 + loy3 + loy4
repurchase   =~ rep1 + rep2 + rep3
recommend    =~ rec1 + rec2 + rec3 + rec4
satisfaction ~ a1*cognitive + a2*affective + a3*structural
commitment   ~ cognitive + affective + structural
loyalty      ~ b1*satisfaction + commitment + affective
repurchase   ~ b2*satisfaction + commitment + cognitive
recommend    ~ b3*satisfaction + commitment
cognitive_loyalty     := a1*b1
cognitive_repurchase  := a1*b2
cognitive_recommend   := a1*b3
affective_loyalty     := a2*b1
affective_repurchase  := a2*b2
affective_recommend   := a2*b3
structural_loyalty    := a3*b1
structural_repurchase := a3*b2
structural_recommend  := a3*b3", simulated("trust"))
