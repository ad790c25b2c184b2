# Alignment (Asparouhov & Muthen 2014): an independent minimisation of the simplicity function from the paper's formula.
#
# Run from the repository root: Rscript tests/reference/invariance/alignment.R <output folder>
# Stored values: lavaan 0.6-14 (configural model), optim and nlm of R 4.2.2. Data: data/three.csv, see simulate.R.
#
# Loadings and intercepts of the configural model (factor means 0, variances 1) are turned by means and standard deviations
# of the groups; F = sum over items and pairs of groups of sqrt(n_g n_h) f(difference), f(x) = sqrt(sqrt(x^2 + epsilon)). The
# product of the standard deviations is 1; FIXED holds the first mean at 0. Best of 60 random starts, every derivative
# numerical. Written: configural parameters, F, means and standard deviations in units of the first group's.
#
# Not verified here: any program for alignment; none is among the system's packages.

source("tests/reference/sem_groups/_groups.R")

TWO <- "f =~ a1 + a2 + a3 + a4
g =~ b1 + b2 + b3"
three <- list(source = "csv", file = "data/three.csv", frame = read.csv("tests/reference/invariance/data/three.csv"))
fit <- fit_tightly(TWO, three, list(group = "sector", std.lv = TRUE))$last
estimates <- as.data.frame(parameterEstimates(fit))
sizes <- lavInspect(fit, "nobs")

matrix_of <- function(rows) matrix(rows$est, nrow = length(sizes), byrow = TRUE)

simplicity <- function(lambda, nu, alpha, sd, epsilon) {
  loading <- lambda / sd
  intercept <- nu - alpha * loading
  total <- 0
  for (g in seq_along(sd)) for (h in seq_along(sd)) if (g < h) {
    d <- c(loading[g, ] - loading[h, ], intercept[g, ] - intercept[h, ])
    total <- total + sqrt(sizes[g] * sizes[h]) * sum(sqrt(sqrt(d^2 + epsilon)))
  }
  total
}

aligned <- function(latent, items, fixed, epsilon) {
  lambda <- matrix_of(estimates[estimates$op == "=~" & estimates$lhs == latent, ])
  nu <- matrix_of(estimates[estimates$op == "~1" & estimates$lhs %in% items, ])
  groups <- length(sizes)
  unpack <- function(x) {
    logs <- c(x[1:(groups - 1)], -sum(x[1:(groups - 1)]))
    alpha <- if (fixed) c(0, x[groups:(2 * groups - 2)]) else x[groups:(2 * groups - 1)]
    list(alpha = alpha, sd = exp(logs))
  }
  loss <- function(x) {
    at <- unpack(x)
    simplicity(lambda, nu, at$alpha, at$sd, epsilon) / 1000
  }
  set.seed(1)
  best <- list(value = Inf)
  for (start in 1:60) {
    found <- optim(rnorm(2 * groups - 1 - fixed, sd = 0.5), loss, method = "BFGS", control = list(maxit = 2000, reltol = 1e-15))
    if (found$value < best$value) best <- found
  }
  polished <- nlm(loss, best$par, gradtol = 1e-12, steptol = 1e-12, iterlim = 1000)
  x <- if (polished$minimum < best$value) polished$estimate else best$par
  at <- unpack(x)
  object_of(list(value = number(1000 * loss(x)), mean = array_of(at$alpha / at$sd[1]), sd = array_of(at$sd / at$sd[1]),
                 loading = array_of(as.vector(t(lambda))), intercept = array_of(as.vector(t(nu)))), "    ")
}

cases <- list()
for (epsilon in c(0.01, 0.001)) for (fixed in c(TRUE, FALSE)) {
  name <- paste0(if (fixed) "fixed" else "free", "-", epsilon)
  cases[[paste0("f-", name)]] <- aligned("f", c("a1", "a2", "a3", "a4"), fixed, epsilon)
  cases[[paste0("g-", name)]] <- aligned("g", c("b1", "b2", "b3"), fixed, epsilon)
}
parts <- list(case = text("alignment"), cases = object_of(cases, "  "), versions = named(versions()))
writeLines(object_of(parts), file.path(OUT, "alignment.json"))
