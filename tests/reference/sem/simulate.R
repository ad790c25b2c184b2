# Simulated data sets of this folder: small, made here, belonging to nobody.
#
# Run from the repository root:  Rscript tests/reference/sem/simulate.R <output folder>
# Writes <output folder>/data/<name>.csv; the committed copies lie in tests/reference/sem/data and are what the other
# scripts read. Base R only (4.2.2), seed 20240611 for every data set; RNGkind is set, so every R >= 3.6 draws the same.
# Values are rounded to the digits written, so R and Python read the same doubles.
#
# Not verified: nothing is compared with the population values; the data only have to exercise the estimator.

given <- commandArgs(trailingOnly = TRUE)
if (length(given) != 1) stop("run: Rscript tests/reference/sem/simulate.R <output folder>")
OUT <- file.path(given[1], "data")
dir.create(OUT, recursive = TRUE, showWarnings = FALSE)

start <- function() {
  RNGkind("Mersenne-Twister", "Inversion", "Rejection")
  set.seed(20240611)
}

write <- function(frame, name, digits) {
  frame[] <- lapply(frame, round, digits = digits)
  write.csv(frame, file.path(OUT, paste0(name, ".csv")), row.names = FALSE, quote = FALSE, eol = "\n")
}

noise <- function(n, sd = 1) rnorm(n, 0, sd)

# A mediation with a treatment, two covariates, two mediators and two outcomes.
paths <- function(n = 200) {
  start()
  treat <- rbinom(n, 1, 0.5)
  age <- round(runif(n, 18, 70))
  x <- 0.3 * treat + 0.01 * age + noise(n)
  m <- 0.5 * x + 0.2 * treat + noise(n, 0.8)
  k <- 0.4 * x + 0.3 * m + noise(n, 0.9)
  y <- 1 + 0.4 * m + 0.2 * x + 0.1 * k + noise(n, 0.7)
  w <- 0.3 * m + 0.4 * k + 0.3 * (y - 1) * 0.5 + noise(n)
  write(data.frame(treat, age, x, m, k, y, w), "paths", 3)
}

# The same kind of data with holes: 9 of 120 rows miss something.
holes <- function(n = 120) {
  start()
  x <- noise(n)
  m <- 0.6 * x + noise(n)
  y <- 0.5 * m + noise(n)
  frame <- round(data.frame(x, m, y, note = noise(n)), 3)
  frame$x[c(3, 50)] <- NA
  frame$m[c(17, 50, 88, 90)] <- NA
  frame$y[c(1, 64, 101, 119)] <- NA
  frame$note[5:60] <- NA
  write(frame, "holes", 3)
}

# Five waves with a random intercept and slope, one covariate of each, one that varies over time.
growth <- function(n = 150) {
  start()
  z <- noise(n)
  g <- rbinom(n, 1, 0.5)
  i <- 2 + 0.5 * z + 0.3 * g + noise(n, 0.9)
  s <- 0.6 - 0.2 * z + 0.25 * g + noise(n, 0.4)
  waves <- sapply(0:4, function(t) i + s * t + noise(n, 0.7))
  colnames(waves) <- paste0("t", 1:5)
  write(data.frame(waves, z, g), "growth", 3)
}

# Indicators whose standard deviations run from a thousandth to ten thousand.
scales <- function(n = 250) {
  start()
  f <- noise(n)
  h <- 0.6 * f + noise(n, 0.8)
  unit <- c(1e-3, 1e-2, 1, 10, 1e3, 1e4)
  clean <- cbind(f, 0.8 * f, 0.7 * f, h, 0.9 * h, 0.8 * h) + matrix(noise(6 * n, 0.7), n)
  frame <- as.data.frame(sweep(clean, 2, unit, `*`))
  names(frame) <- paste0("v", 1:6)
  frame$income <- 30000 + 8000 * (0.4 * h + noise(n))
  write(frame, "scales", 7)
}

# Nine items of one general and three specific factors.
bifactor <- function(n = 400) {
  start()
  g <- noise(n)
  specific <- matrix(noise(3 * n), n)
  item <- function(j) {
    0.7 * g + c(0.6, 0.5, 0.4)[(j - 1) %% 3 + 1] * specific[, (j - 1) %/% 3 + 1] + noise(n, 0.6)
  }
  frame <- as.data.frame(sapply(1:9, item))
  names(frame) <- paste0("b", 1:9)
  write(frame, "bifactor", 3)
}

# Sixty rows of two traits measured by three methods each.
small <- function(n = 60) {
  start()
  trait <- matrix(noise(2 * n), n)
  trait[, 2] <- 0.5 * trait[, 1] + sqrt(0.75) * trait[, 2]
  method <- matrix(noise(3 * n, 0.4), n)
  frame <- as.data.frame(sapply(1:6, function(j) {
    0.8 * trait[, (j - 1) %/% 3 + 1] + method[, (j - 1) %% 3 + 1] + noise(n, 0.5)
  }))
  names(frame) <- c("a1", "a2", "a3", "c1", "c2", "c3")
  write(frame, "small", 3)
}

# Eight constructs, 31 items with answers from 1 to 7: three kinds of trust, two mediators, three outcomes.
trust <- function(n = 600) {
  start()
  base <- noise(n)
  cog <- 0.6 * base + noise(n, 0.8)
  aff <- 0.6 * base + noise(n, 0.8)
  str <- 0.5 * base + noise(n, 0.85)
  sat <- 0.35 * cog + 0.25 * aff + 0.15 * str + noise(n, 0.7)
  com <- 0.2 * cog + 0.45 * aff + 0.1 * str + noise(n, 0.7)
  loy <- 0.4 * sat + 0.3 * com + 0.1 * aff + noise(n, 0.6)
  rep <- 0.45 * sat + 0.1 * com + 0.1 * cog + noise(n, 0.7)
  rec <- 0.4 * sat + 0.25 * com + noise(n, 0.6)
  items <- function(f, name, k) {
    answers <- sapply(seq_len(k), function(j) {
      seen <- 4.4 + 0.15 * j + c(1.1, 1, 0.9, 0.95)[j] * f + noise(n, 0.75)
      pmin(pmax(round(seen), 1), 7)
    })
    colnames(answers) <- paste0(name, seq_len(k))
    answers
  }
  write(data.frame(
    items(cog, "cog", 4), items(aff, "aff", 4), items(str, "str", 4), items(sat, "sat", 4), items(com, "com", 4),
    items(loy, "loy", 4), items(rep, "rep", 3), items(rec, "rec", 4)
  ), "trust", 0)
}

paths()
holes()
growth()
scales()
bifactor()
small()
trust()
cat("wrote", length(list.files(OUT)), "data sets to", OUT, "\n")
