# Simulated answers of this folder: small, made here, belonging to nobody.
#
# Run from the repository root:  Rscript tests/reference/ordinal_moments/simulate.R <output folder>
# Writes <output folder>/data/<name>.csv; the committed copies lie in tests/reference/ordinal_moments/data and are what
# the other script reads. Base R only (4.2.2); RNGkind is set, so every R >= 3.6 draws the same.
#
# Not verified: nothing is compared with the population values; the data only have to exercise the estimators.

given <- commandArgs(trailingOnly = TRUE)
if (length(given) != 1) stop("run: Rscript tests/reference/ordinal_moments/simulate.R <output folder>")
OUT <- file.path(given[1], "data")
dir.create(OUT, recursive = TRUE, showWarnings = FALSE)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

write <- function(frame, name) {
  write.csv(frame, file.path(OUT, paste0(name, ".csv")), row.names = FALSE, quote = FALSE, eol = "\n")
}

# Answers with 2, 3, 5 and 7 categories, two continuous variables u and v, covariates age (continuous) and member (0
# and 1), and a weight.
set.seed(20260401)
n <- 400
age <- round(rnorm(n, 40, 12), 1)
member <- rbinom(n, 1, 0.4)
trust <- 0.02 * (age - 40) + 0.5 * member + rnorm(n)
answer <- function(loading, cuts) findInterval(loading * trust + rnorm(n, 0, sqrt(1 - min(loading, 1)^2)), cuts) + 1L
five <- c(-1.4, -0.5, 0.3, 1.2)
seven <- c(-1.7, -1.1, -0.5, 0.1, 0.7, 1.4)
write(data.frame(
  b1 = answer(0.7, 0.3), b2 = answer(0.6, -0.4), b3 = answer(0.8, 0.9),
  t1 = answer(0.7, c(-0.6, 0.5)), t2 = answer(0.5, c(-0.2, 1.1)), t3 = answer(-0.6, c(-1, 0.2)),
  f1 = answer(0.8, five), f2 = answer(0.7, five + 0.3), f3 = answer(0.6, five - 0.4), f4 = answer(0.9, five),
  s1 = answer(0.8, seven), s2 = answer(0.7, seven - 0.3), s3 = answer(-0.5, seven + 0.2),
  u = round(3 + 2 * trust + rnorm(n, 0, 2), 3), v = round(50 - 5 * trust + rnorm(n, 0, 8), 2),
  age = age, member = member, weight = round(runif(n, 0.3, 2.5), 2)
), "answers")

# A table whose likelihood rises up to a correlation of 1, so that the search ends at its bound.
edge <- rbind(c(1, 1, 4), c(2, 1, 8), c(3, 1, 3), c(4, 1, 2), c(4, 2, 9), c(5, 2, 4))
write(data.frame(e1 = rep(edge[, 1], edge[, 3]), e2 = rep(edge[, 2], edge[, 3])), "edge")

# Few rows and skewed answers, so that tables have empty cells: y1 and y2 have one in their 2 x 2 table, y1 and y3 another
# one elsewhere in theirs; o1, o2 and o3 have several in larger tables.
set.seed(20260402)
rows <- 80
liking <- rnorm(rows)
write(data.frame(
  y1 = rep(c(0, 1), c(30, 50)), y2 = rep(c(0, 1), c(40, 40)), y3 = c(rep(1, 45), rep(0, 35)),
  y4 = rbinom(rows, 1, 0.5),
  o1 = findInterval(liking + rnorm(rows, 0, 0.6), c(-1.5, -0.6, 0.9)),
  o2 = findInterval(liking + rnorm(rows, 0, 0.6), c(-1.2, 0.1, 1.3)),
  o3 = findInterval(-liking + rnorm(rows, 0, 0.6), c(0.2, 1.4))
), "sparse")
