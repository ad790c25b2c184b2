# Model texts that use the corners of lavaan's syntax: comments, semicolons, lines that continue, several left-hand
# sides, labels and starting values, intercepts inside regressions, repeated terms.
#
# Run from the repository root:  Rscript tests/reference/sem/syntax.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see _reference.R.
# Not verified: texts that lavaan refuses; these belong to the tests of the parser. (This version refuses the label of
# a fixed parameter inside `:=`, and a definition that uses a later one.)

source("tests/reference/sem/_reference.R")

reference("syntax-comments", "both kinds of comment, blank lines, tabs, semicolons", "
# a line that is a comment
! another kind of comment
visual =~ x1 + x2 + x3   # after a formula
textual =~ x4 + x5 + x6; speed =~ x7 + x8 + x9 ! after two formulas

\t
   visual ~~ textual ;
", holzinger())

reference("syntax-continued", "formulas over several lines", "
visual =~ x1 +
          x2 +   # with a comment in between

          x3
textual =~
  x4 + x5 + x6
speed =~ x7 + x8 +
  x9
speed ~
  visual +
  textual", holzinger())

reference("syntax-no-spaces", "no space anywhere", "visual=~x1+x2+x3
speed=~x7+a*x8+b*x9
speed~c*visual
x1~~x7
d:=a*b+c", holzinger())

reference("syntax-several-left", "several left-hand sides at once", "
y + w ~ x + m
m + k ~ x", simulated("paths"))

reference("syntax-several-left-latent", "several left-hand sides of covariances and regressions", "
visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9
textual + speed ~ visual
x1 + x2 ~~ x7", holzinger())

reference("syntax-intercept-inside", "the intercept as a term of a regression", "
y ~ 1 + x
m ~ x + 1 + treat", simulated("paths"))

reference("syntax-labels", "labels on every kind of parameter", "
visual =~ x1 + l2*x2 + l3*x3
x1 ~~ v1*x1
x2 ~~ v2*x2
visual ~~ vf*visual
x3 ~ i3*1
x9 ~ b*visual
reliability_x2 := l2^2 * vf / (l2^2 * vf + v2)
weighted := (v1 + v2)/2*i3", holzinger())

reference("syntax-label-twice", "NA* and a label given as two terms of one indicator", "
visual =~ NA*x1 + lab*x1 + x2 + x3
visual ~~ 1*visual
twice := 2*lab", holzinger())

reference("syntax-equal-labels-covariances", "one label on covariances and on variances", "
visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9
visual ~~ same*textual
visual ~~ same*speed
x1 ~~ err*x1
x2 ~~ err*x2", holzinger())

reference("syntax-start", "starting values that start() gives", "
visual =~ x1 + start(0.6)*x2 + start(0.7)*x3
textual =~ x4 + start(1.1)*x5 + start(0.9)*x6
visual ~~ start(0.4)*textual
x1 ~~ start(0.5)*x1", holzinger())

reference("syntax-start-question", "starting values in the short spelling", "
visual =~ x1 + 0.6?x2 + 0.7?x3
textual =~ x4 + 1.1?x5 + 0.9?x6
textual ~ 0.3?visual", holzinger())

reference("syntax-start-and-label", "a starting value and a label for one parameter", "
visual =~ x1 + start(0.6)*x2 + l2*x2 + x3
speed =~ x7 + x8 + x9
speed ~ start(0.3)*visual + b*visual
prod := l2*b", holzinger())

reference("syntax-label-on-marker", "a label on the indicator that carries the scale does not free it", "
visual =~ one*x1 + l2*x2 + x3
square := l2^2", holzinger())

reference("syntax-label-shared-marker", "a label shared by the marker and a second loading", "
visual =~ same*x1 + same*x2 + x3", holzinger())

reference("syntax-numbers", "signs, decimals and exponents as modifiers", "
visual =~ x1 + 5e-1*x2 + .75*x3
textual =~ x4 + 1.1*x5 + x6 + -0.05*x7
visual ~~ 4.0E-1*textual
speed =~ x7 + x8 + x9", holzinger())

reference("syntax-names", "names with dots, underscores, digits and capitals", "
F.1 =~ x1 + x2 + x3
f_2 =~ x4 + x5 + x6
F.1 ~~ Cov.12*f_2
R2.x := Cov.12^2", holzinger())

reference("syntax-fixed-covariances", "zero and nonzero covariances in one formula", "
visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9
visual ~~ 0*speed + NA*textual
x7 ~~ r*x8 + 0.1*x9", holzinger())
