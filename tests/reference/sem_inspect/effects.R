# Direct, indirect and total effects, written by hand as defined parameters.
#
# Run from the repository root:  Rscript tests/reference/sem_inspect/effects.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see sem/_reference.R.
# A defined parameter is named <kind>_<source>_<target>, a single path specific_<variable>_..._<variable>, with _g<n>
# behind it in group n.
# Not verified: that the definitions are right; the tests find the same effects by themselves.

source("tests/reference/sem_inspect/_inspect.R")

effects_of <- function(case, what, model, data, options = list()) {
  inspected(paste0("effects-", case), what, model, data, options, parts = character(0))
}

effects_of("serial", "two mediators in a row, with every bypass", "
m ~ a*x
k ~ b*m + c*x
y ~ d*k + e*m + f*x
direct_x_y := f
specific_x_m_y := a*e
specific_x_k_y := c*d
specific_x_m_k_y := a*b*d
indirect_x_y := a*e + c*d + a*b*d
total_x_y := f + a*e + c*d + a*b*d
indirect_x_k := a*b
total_x_k := c + a*b
total_m_y := e + b*d", simulated("paths"))
effects_of("democracy", "latent variables, a loading scaled by another indicator", "
ind60 =~ NA*x1 + 1*x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8
dem60 ~ a*ind60
dem65 ~ c*ind60 + b*dem60
direct_ind60_dem65 := c
indirect_ind60_dem65 := a*b
total_ind60_dem65 := c + a*b", democracy())
effects_of("indicators", "effects on indicators through loadings", "
visual =~ x1 + x2 + x3
speed =~ x7 + l8*x8 + l9*x9
speed ~ b*visual
specific_visual_speed_x8 := b*l8
total_visual_x9 := b*l9
direct_speed_x9 := l9", holzinger())
effects_of("groups", "moderated mediation in two groups", "
m ~ c(a1, a2)*x
y ~ c(b1, b2)*m + c(c1, c2)*x
indirect_x_y_g1 := a1*b1
indirect_x_y_g2 := a2*b2
total_x_y_g1 := a1*b1 + c1
total_x_y_g2 := a2*b2 + c2
direct_x_y_g2 := c2", simulated("paths"), list(group = "treat"))
# Two variables that influence each other by 0.3 and 0.4, so that the circle dies out; rounded, so that it fits less
# than perfectly.
names <- c("x", "k", "m", "y")
a <- matrix(0, 4, 4, dimnames = list(names, names))
a["m", c("y", "x")] <- c(.3, .5)
a["y", c("m", "k")] <- c(.4, .5)
s <- diag(4)
s[1, 2] <- s[2, 1] <- .2
total <- solve(diag(4) - a)
circular <- round(total %*% s %*% t(total), 1)
dimnames(circular) <- list(names, names)
effects_of("loop", "two variables that influence each other", "
m ~ a*y + b*x
y ~ c*m + d*k
total_x_m := b / (1 - a*c)
total_x_y := b*c / (1 - a*c)
total_k_y := d / (1 - a*c)
total_m_y := c / (1 - a*c)
indirect_m_y := c / (1 - a*c) - c", moments(circular, 300))
