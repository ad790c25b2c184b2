# Simulated answers of this folder: small, made here, belonging to nobody.
#
# Run from the repository root:  Rscript tests/reference/ordinal_invariance/simulate.R <output folder>
# Writes <output folder>/data/<name>.csv; the committed copies lie in tests/reference/ordinal_invariance/data and are what
# the other script reads. Base R only (4.2.2), one seed for every data set; RNGkind is set, so every R >= 3.6 draws the
# same.
#
# Not verified: nothing is compared with the population values; the data only have to exercise the steps. Some items
# differ between groups on purpose.

given <- commandArgs(trailingOnly = TRUE)
if (length(given) != 1) stop("run: Rscript tests/reference/ordinal_invariance/simulate.R <output folder>")
OUT <- file.path(given[1], "data")
dir.create(OUT, recursive = TRUE, showWarnings = FALSE)

start <- function(seed) {
  RNGkind("Mersenne-Twister", "Inversion", "Rejection")
  set.seed(seed)
}

# One item in one group: what is answered when a response with this loading, intercept and residual sd passes the cuts.
item <- function(factor, loading, cuts, intercept = 0, sd = 1) {
  response <- intercept + loading * factor + rnorm(length(factor), 0, sd)
  if (length(cuts)) findInterval(response, cuts) + 1L else round(response, 3)
}

people <- function(n, mean, sd) rnorm(n, mean, sd)

write <- function(groups, name) {
  frame <- do.call(rbind, lapply(names(groups), function(label) data.frame(groups[[label]], group = label)))
  write.csv(frame, file.path(OUT, paste0(name, ".csv")), row.names = FALSE, quote = FALSE, eol = "\n")
}

CUTS <- list(c(-1.5, -0.6, 0.4, 1.5), c(-1.2, -0.2, 0.7, 1.6), c(-1.8, -0.9, 0.1, 1.2), c(-1, 0, 0.8, 1.4))

# Two constructs of four items with five categories: a1 ... a4, b1 ... b4.
five <- function(n, mean, sd, shift, wider) {
  f <- people(n, mean, sd)
  g <- 0.5 * f + people(n, mean / 2, 0.8 * sd)
  loadings <- c(0.9, 1.1, 0.8, 1.0)
  a <- lapply(1:4, function(i) item(f, loadings[i], CUTS[[i]], if (i == 4) shift else 0, if (i == 2) wider else 1))
  b <- lapply(1:4, function(i) item(g, loadings[5 - i], CUTS[[i]] + if (i == 3) c(0, shift, 0, 0) else 0))
  setNames(as.data.frame(c(a, b)), c(paste0("a", 1:4), paste0("b", 1:4)))
}

start(20260101)
write(list(north = five(350, 0, 1, 0, 1), south = five(300, 0.3, 1.2, 0.25, 1.3)), "five")

# One construct of six yes-or-no items y1 ... y6.
binary <- function(n, mean, sd, shift, wider) {
  f <- people(n, mean, sd)
  found <- lapply(1:6, function(i) {
    item(f, 0.7 + 0.1 * i, c(-0.4, 0.1, 0.5, -0.1, 0.3, 0)[i], if (i == 3) shift else 0, if (i == 5) wider else 1)
  })
  setNames(as.data.frame(found), paste0("y", 1:6))
}

start(20260102)
write(list(one = binary(500, 0, 1, 0, 1), two = binary(450, 0.4, 1.2, 0.3, 1.2)), "binary")

# One construct of two, three and five categories and of continuous items: m1 m2 (2), m3 m4 (3), m5 m6 (5), m7 m8.
mixed <- function(n, mean, sd, shift) {
  f <- people(n, mean, sd)
  cuts <- list(-0.3, 0.4, c(-0.8, 0.6), c(-0.4, 0.9), CUTS[[1]], CUTS[[2]], numeric(0), numeric(0))
  found <- lapply(1:8, function(i) item(f, c(0.9, 1.1, 0.8, 1, 1, 0.9, 1.2, 0.7)[i], cuts[[i]], if (i %in% c(1, 6, 8)) shift else 0))
  setNames(as.data.frame(found), paste0("m", 1:8))
}

start(20260103)
write(list(first = mixed(450, 0, 1, 0), second = mixed(400, 0.3, 1.1, 0.2)), "mixed")

# Three groups, one construct of five items with four categories: c1 ... c5.
four <- function(n, mean, sd, loading) {
  f <- people(n, mean, sd)
  cuts <- list(c(-1, 0, 1), c(-1.3, 0.2, 1.1), c(-0.7, 0.3, 1.4), c(-1.5, -0.3, 0.8), c(-0.9, 0.1, 0.9))
  setNames(as.data.frame(lapply(1:5, function(i) item(f, if (i == 2) loading else 0.9, cuts[[i]]))), paste0("c", 1:5))
}

start(20260104)
write(list(x = four(300, 0, 1, 1), y = four(280, 0.2, 1.1, 1.4), z = four(320, -0.3, 0.9, 0.8)), "three")
