# Thresholds, slopes, variances, correlations and their asymptotic covariance matrix, by lavaan's two-step estimators.
#
# Run from the repository root:  Rscript tests/reference/ordinal_moments/moments.R <output folder>
# Made with the versions that each file names. Reads data/*.csv of this folder (made by simulate.R).
#
# What is stored: lavaan's sample statistics of a model that is not fitted (do.fit = FALSE), by name, in lavaan's
# signs (minus the mean of a continuous variable): "x|t1" a threshold, "x~1" a mean or intercept, "x~z" a slope, "x~~x"
# a variance, "x~~y" a correlation, or a covariance when a continuous variable takes part. `gamma` is
# fit@SampleStats@NACOV, the asymptotic covariance matrix times the size of the sample.
#
# Correlations are lavaan's own optimiser's: right to about 1e-7. Not verified here: that lavaan is right.

source("tests/reference/sem/_reference.R")

HERE <- "tests/reference/ordinal_moments"
answers <- read.csv(file.path(HERE, "data", "answers.csv"))
sparse <- read.csv(file.path(HERE, "data", "sparse.csv"))
edge <- read.csv(file.path(HERE, "data", "edge.csv"))

gaps <- function(frame, columns, every) with_gaps(list(frame = frame), columns, every)$frame

# lavaan's order: thresholds and means by variable, slopes covariate by covariate, variances, correlations by columns.
names_of <- function(frame, y, ordered, x) {
  levels <- unlist(lapply(y, function(v) {
    if (v %in% ordered) paste0(v, "|t", seq_len(length(unique(na.omit(frame[[v]]))) - 1)) else paste0(v, "~1")
  }))
  slopes <- unlist(lapply(x, function(z) paste0(y, "~", z)))
  numbers <- setdiff(y, ordered)
  pairs <- combn(y, 2)
  c(levels, slopes, if (length(numbers)) paste0(numbers, "~~", numbers), paste0(pairs[1, ], "~~", pairs[2, ]))
}

case <- function(name, frame, y, ordered = y, x = character(0), file = "answers", every = NULL, missing = "listwise",
                 weight = NULL) {
  if (!is.null(every)) frame <- gaps(frame, y, every)
  model <- paste(c(
    vapply(seq_len(length(y) - 1), function(i) paste(y[i], "~~", paste(y[-seq_len(i)], collapse = " + ")), ""),
    if (length(x)) paste(paste(y, collapse = " + "), "~", paste(x, collapse = " + "))
  ), collapse = "\n")
  fit <- suppressWarnings(sem(model, frame,
    ordered = ordered, estimator = "WLSMV", missing = missing, sampling.weights = weight, do.fit = FALSE
  ))
  stats <- fit@SampleStats
  named_stats <- setNames(stats@WLS.obs[[1]], names_of(frame, y, ordered, x))
  data <- list(file = text(file), y = array_of(y), ordered = array_of(ordered), x = array_of(x))
  data$every <- if (is.null(every)) "null" else number(every)
  data$weight <- if (is.null(weight)) "null" else text(weight)
  data$missing <- text(missing)
  parts <- list(
    versions = named(c(R = as.character(getRversion()), lavaan = as.character(packageVersion("lavaan")))),
    data = object_of(data, "  "),
    n_obs = number(stats@nobs[[1]]),
    statistics = named(named_stats),
    gamma = symmetric(stats@NACOV[[1]], names(named_stats))
  )
  if (length(x)) {
    parts$covariate_cov <- symmetric(stats@cov.x[[1]], x)
    parts$covariate_mean <- named(setNames(stats@mean.x[[1]], x))
  }
  writeLines(object_of(parts), file.path(OUT, paste0(name, ".json")))
}

case("two", answers, c("b1", "b2", "b3"))
case("three", answers, c("t1", "t2", "t3"))
case("five", answers, c("f1", "f2", "f3", "f4"))
case("seven", answers, c("s1", "s2", "s3"))
case("different", answers, c("s1", "b1", "f1", "t3"))
mixed <- c("f1", "u", "b1", "v", "t3")
ordinal <- c("f1", "b1", "t3")
case("mixed", answers, mixed, ordinal)
case("listwise", answers, mixed, ordinal, every = 13)
case("pairwise-five", answers, c("f1", "f2", "f3", "f4"), every = 7, missing = "pairwise")
case("pairwise-mixed", answers, mixed, ordinal, every = 7, missing = "pairwise")
case("covariate", answers, c("f1", "f2", "b1"), x = "age")
case("covariates-mixed", answers, mixed, ordinal, x = c("age", "member"))
case("covariates-pairwise", answers, mixed, ordinal, x = c("age", "member"), every = 7, missing = "pairwise")
case("weights", answers, c("f1", "b1", "s3"), weight = "weight")
case("weights-mixed", answers, mixed, ordinal, weight = "weight")
case("weights-pairwise", answers, mixed, ordinal, every = 7, missing = "pairwise", weight = "weight")
case("weights-covariates", answers, mixed, ordinal, x = c("age", "member"), weight = "weight")
case("empty-cells-two", sparse, c("y1", "y2", "y3", "y4"), file = "sparse")
case("empty-cells", sparse, c("o1", "o2", "o3", "y4"), file = "sparse")
case("edge", edge, c("e1", "e2"), file = "edge")
