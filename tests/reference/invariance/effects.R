# Effect sizes of items that are not invariant: dMACS (Nye & Drasgow 2011), signed and unsigned differences SDI2 and UDI2.
#
# Run from the repository root: Rscript tests/reference/invariance/effects.R <output folder>
# Stored values: lavaan 0.6-14 (R 4.2.2); integrals by integrate(). Data: data/three.csv without the sector "bank".
#
# For each item: the scalar model with the item's loading and intercept free (all others are anchors), and from it
#   dmacs  = sqrt( integral (E_R(x) - E_F(x))^2 phi_F(x) dx ) / pooled SD,  pooled SD = ((n_R-1) SD_R + (n_F-1) SD_F) / (n_R + n_F - 2)
#   signed = integral (E_R(x) - E_F(x)) phi_F(x) dx / pooled SD,  sdi2 and udi2: the same and its absolute value by SD_F
# with E the expected answer and phi_F the latent density of the focal group ("care"). And for ordinal items of given
# thresholds, loadings and residual variances: expected answers 0, 1, 2, ... under a normal ogive.
#
# Not verified here: lavaan's estimates. The integrals rest on the formulas of the papers.

source("tests/reference/sem_groups/_groups.R")

TWO <- "f =~ a1 + a2 + a3 + a4
g =~ b1 + b2 + b3"
frame <- read.csv("tests/reference/invariance/data/three.csv")
frame <- frame[frame$sector != "bank", ]
two <- list(source = "csv", file = "data/three.csv", frame = frame)
ITEMS <- c(a1 = "f", a2 = "f", a3 = "f", a4 = "f", b1 = "g", b2 = "g", b3 = "g")

effects_of <- function(difference, mean, sd, sd_r, sd_f, n_r, n_f) {
  over <- function(h) integrate(function(x) h(x) * dnorm(x, mean, sd), mean - 12 * sd, mean + 12 * sd, rel.tol = 1e-12, subdivisions = 2000)$value
  pooled <- ((n_r - 1) * sd_r + (n_f - 1) * sd_f) / (n_r + n_f - 2)
  c(dmacs = sqrt(over(function(x) difference(x)^2)) / pooled, signed = over(difference) / pooled,
    sdi2 = over(difference) / sd_f, udi2 = over(function(x) abs(difference(x))) / sd_f)
}

found <- t(sapply(names(ITEMS), function(item) {
  latent <- ITEMS[[item]]
  fit <- fit_tightly(TWO, two, list(group = "sector", std.lv = TRUE, group.equal = c("loadings", "intercepts"),
                                    group.partial = c(paste0(latent, "=~", item), paste0(item, "~1"))))$last
  e <- as.data.frame(parameterEstimates(fit))
  of <- function(l, o, r, g) e$est[e$lhs == l & e$op == o & e$rhs == r & e$group == g]
  difference <- function(x) (of(item, "~1", "", 1) - of(item, "~1", "", 2)) + (of(latent, "=~", item, 1) - of(latent, "=~", item, 2)) * x
  own <- split(frame[[item]], factor(frame$sector, unique(frame$sector)))
  effects_of(difference, of(latent, "~1", "", 2), sqrt(of(latent, "~~", latent, 2)), sd(own[[1]]), sd(own[[2]]), length(own[[1]]), length(own[[2]]))
}))

ogive <- function(loading, thresholds, intercept, residual) {
  function(x) rowSums(sapply(thresholds, function(t) pnorm((intercept + loading * x - t) / sqrt(residual))))
}
reference <- ogive(0.8, c(-1, -0.2, 0.9), 0, 1)
focal <- ogive(1.3, c(-0.8, 0.1, 1.4), 0.2, 1.5)
ordinal <- effects_of(function(x) reference(x) - focal(x), 0.3, 1.2, 0.95, 1.1, 200, 300)

parts <- list(case = text("effects"), items = table_of(data.frame(item = rownames(found), found)), ordinal = named(ordinal),
              versions = named(versions()))
writeLines(object_of(parts), file.path(OUT, "effects.json"))
