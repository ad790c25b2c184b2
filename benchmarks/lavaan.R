# One resident process of lavaan: reads one request a line (JSON) from the standard input, and answers each with one
# line (JSON after an @) on the standard output.
#
#   {"do": "describe"}                                     versions, and the BLAS that R is linked to
#   {"do": "prepare", "case": {...}, "data": "file.csv"}   read the data; fit beforehand what the case builds on
#   {"do": "turn", "seconds": 0.5}                         do the case until they are over, at least once; seconds of each
#   {"do": "other"}                                        do it once by the further function that the case names
#   {"do": "answer"}                                       numbers of the last run
#
# Only the packages' own functions are called, as a user calls them.

suppressPackageStartupMessages({
  library(lavaan)
  library(jsonlite)
})

MEASURES <- c("chisq", "df", "cfi", "tli", "rmsea", "srmr", "aic", "bic")
SEED <- 1

describe <- function() {
  list(
    R = R.version.string, lavaan = as.character(packageVersion("lavaan")),
    blas = unname(extSoftVersion()["BLAS"]), lapack = La_library(), lapack_version = La_version()
  )
}

# ---- work -------------------------------------------------------------------------------------------------------

options_of <- function(case) {
  given <- case$options
  names(given) <- gsub("_", ".", names(given))
  given[lengths(given) > 0]
}

# The call holds names, not the data themselves, as a user's does.
fitted <- function(case, frame, ...) {
  suppressWarnings(eval(as.call(c(list(quote(sem), quote(case$model), quote(frame), ...), options_of(case)))))
}

# Standard errors, the standardised solution and all fit indices included.
whole <- function(case, frame) {
  fit <- fitted(case, frame)
  list(table = parameterEstimates(fit, standardized = TRUE), measures = fitMeasures(fit), fit = fit)
}

resampled <- function(case, frame) {
  set.seed(SEED)
  fit <- fitted(case, frame, se = "bootstrap", bootstrap = case$draws)
  list(table = parameterEstimates(fit, standardized = TRUE, boot.ci.type = "perc"), measures = fitMeasures(fit))
}

# The population is the fitted model. One column a replication.
replicated <- function(case, frame, fit) {
  set.seed(SEED)
  population <- parTable(fit)
  population$ustart <- population$est
  replicate(case$draws, {
    sample <- simulateData(population, sample.nobs = nrow(frame))
    table <- parameterEstimates(fitted(case, sample))
    setNames(table$est, parameter_names(table))[table$se > 0]
  })
}

# se = "bootstrap" is refused for WLSMV, so the draws come from bootstrapLavaan(). One row a draw, one column a row of
# the table. A draw in which nobody chose some category has no answer, here as there.
drawn <- function(case, fit) {
  set.seed(SEED)
  count <- if (case$peer_draws > 0) case$peer_draws else case$draws
  draws <- suppressWarnings(bootstrapLavaan(fit, R = count, FUN = function(refitted) parTable(refitted)$est))
  table <- parameterEstimates(fit)
  table$se <- apply(draws, 2, sd, na.rm = TRUE)
  list(table = table)
}

polychoric_of <- list(
  lavaan = function(frame) lavCor(frame, ordered = names(frame)),
  "psych::polychoric" = function(frame) suppressWarnings(psych::polychoric(frame)$rho)
)

# With its defaults psych draws normal samples and samples of the answers, and finds communalities by minres.
parallel_of <- function(frame, case, ...) {
  set.seed(SEED)
  sink(nullfile())
  on.exit(sink())
  found <- suppressWarnings(psych::fa.parallel(frame, n.iter = case$draws, plot = FALSE, ...))
  list(items = found$pc.values, random = found$values[, paste0("CSim", seq_along(found$pc.values))])
}

# Wu & Estabrook (2016), as semTools writes the models of the steps.
STEPS <- Reduce(c, c("thresholds", "loadings", "intercepts", "residuals"), accumulate = TRUE)
names(STEPS) <- vapply(STEPS, tail, "", 1)

invariance <- function(case, frame) {
  items <- lavNames(lavaanify(case$model), "ov")
  same <- list(ordered = items, group = case$options$group, parameterization = "theta")
  fits <- lapply(c(list(configural = ""), STEPS), function(equal) {
    chosen <- list(case$model, data = frame, group.equal = equal, ID.fac = "std.lv", ID.cat = "Wu.Estabrook.2016")
    syntax <- as.character(suppressWarnings(do.call(semTools::measEq.syntax, c(chosen, same))))
    suppressWarnings(eval(as.call(c(list(quote(cfa), quote(syntax), quote(frame)), same))))
  })
  tests <- mapply(function(one, other) suppressWarnings(lavTestLRT(one, other)), fits[-length(fits)], fits[-1],
                  SIMPLIFY = FALSE)
  names(tests) <- names(STEPS)
  list(tables = lapply(fits, parameterEstimates), measures = lapply(fits, fitMeasures), tests = tests)
}

# Resampling is written as a user of semTools writes it: htmt() has no draws of its own.
ratios <- function(case, frame) {
  set.seed(SEED)
  both <- function(rows) {
    c(htmt = below_of(semTools::htmt(case$model, rows, htmt2 = FALSE)), htmt2 = below_of(semTools::htmt(case$model, rows)))
  }
  drawn <- replicate(case$peer_draws, both(frame[sample(nrow(frame), replace = TRUE), ]))
  list(whole = both(frame), spread = apply(drawn, 1, sd))
}

below_of <- function(found) {
  found <- unclass(found)
  at <- which(lower.tri(found), arr.ind = TRUE)
  setNames(as.numeric(found[at]), paste(colnames(found)[at[, 2]], rownames(found)[at[, 1]]))
}

pairs <- function(case, frame) {
  # The rows stand in the call: semTools fits again from where it knows no frame of that name.
  suppressMessages(semTools::discriminantValidity(do.call("cfa", list(case$model, frame)), cutoff = 0.9))
}

# permuteMeasEq() reads the calls of the fits again, so that they hold the data and the options themselves.
permuted <- function(case, frame) {
  set.seed(SEED)
  fit <- function(...) do.call("cfa", list(case$model, data = frame, group = case$options$group, ...))
  configural <- fit()
  metric <- fit(group.equal = "loadings")
  semTools::permuteMeasEq(nPermute = case$peer_draws, modelType = "mgcfa", con = metric, uncon = configural,
                          AFIs = c("chisq", "cfi", "rmsea"), showProgress = FALSE)
}

# A label, or the relation.
parameter_names <- function(table) {
  ifelse(table$label == "", paste0(table$lhs, table$op, table$rhs), table$label)
}

WORK <- list(
  fit = function(case, frame, fit) whole(case, frame),
  modification = function(case, frame, fit) modindices(fit),
  bootstrap = function(case, frame, fit) resampled(case, frame),
  monte_carlo = replicated,
  polychoric = function(case, frame, fit) polychoric_of$lavaan(frame),
  draws = function(case, frame, fit) drawn(case, fit),
  invariance = function(case, frame, fit) invariance(case, frame),
  parallel = function(case, frame, fit) parallel_of(frame, case),
  ratios = function(case, frame, fit) ratios(case, frame),
  pairs = function(case, frame, fit) pairs(case, frame),
  permuted = function(case, frame, fit) permuted(case, frame)
)
OTHERS <- list(
  polychoric = polychoric_of,
  parallel = list("psych::fa.parallel, SMC" = function(frame) parallel_of(frame, now$case, SMC = TRUE))
)

# ---- answers ----------------------------------------------------------------------------------------------------

# "f=~x1.1"; a covariance has its names in order.
keys <- function(table) {
  group <- if (is.null(table$group)) rep(1, nrow(table)) else table$group
  group[group == 0 & table$op != ":="] <- 1
  turned <- table$op == "~~" & vapply(seq_len(nrow(table)), function(i) order_c(table$rhs[i], table$lhs[i]), TRUE)
  lhs <- ifelse(turned, table$rhs, table$lhs)
  rhs <- ifelse(turned, table$lhs, table$rhs)
  ifelse(table$op == ":=", lhs, paste0(lhs, table$op, rhs, ".", group))
}

# Whether a comes before b in the order of their bytes.
order_c <- function(a, b) a != b && sort(c(a, b), method = "radix")[1] == a

named <- function(values, names) as.list(setNames(as.numeric(values), names))

of_table <- function(found) {
  table <- found$table[found$table$op %in% c("=~", "~", "~~", "~1", "|", "~*~", ":="), ]
  measures <- found$measures[intersect(c(MEASURES, paste0(MEASURES, ".scaled")), names(found$measures))]
  list(
    estimate = named(table$est, keys(table)), unit = named(table$se, keys(table)),
    measure = named(measures, gsub(".", "_", names(measures), fixed = TRUE))
  )
}

# Correlations are compared as they are, so that their unit is 1.
of_matrix <- function(found) {
  below <- which(lower.tri(found), arr.ind = TRUE)
  pairs <- data.frame(lhs = rownames(found)[below[, 1]], op = "~~", rhs = rownames(found)[below[, 2]])
  list(estimate = named(found[below], keys(pairs)), unit = named(rep(1, nrow(pairs)), keys(pairs)))
}

# Eigenvalues of the items and means of random ones, in spreads of the random ones.
of_parallel <- function(found) {
  numbers <- seq_along(found$items)
  keys <- c(paste0("items.", numbers), paste0("random.", numbers))
  spread <- rep(apply(found$random, 2, sd), 2)
  list(estimate = named(c(found$items, colMeans(found$random)), keys), unit = named(spread, keys))
}

# What is free at each step, its fit, and its test.
of_steps <- function(found) {
  free <- do.call(rbind, lapply(names(found$tables), function(step) {
    rows <- found$tables[[step]]
    rows <- rows[rows$op != ":=" & rows$se > 0, ]
    data.frame(key = paste(step, keys(rows)), est = rows$est, se = rows$se)
  }))
  wanted <- c("df", "chisq", "chisq.scaled", "cfi.scaled", "rmsea.scaled", "srmr")
  fit <- unlist(lapply(found$measures, function(x) setNames(unclass(x)[wanted], gsub(".", "_", wanted, fixed = TRUE))))
  tests <- unlist(lapply(found$tests, function(x) {
    c(chisq_difference = x[2, "Chisq diff"], df_difference = x[2, "Df diff"])
  }))
  measure <- c(fit, tests)
  list(estimate = named(free$est, free$key), unit = named(free$se, free$key), measure = named(measure, names(measure)))
}

ANSWERS <- list(
  fit = function(found) of_table(found),
  modification = function(found) {
    list(estimate = named(found$mi, keys(found)), unit = named(pmax(found$mi, 1), keys(found)))
  },
  bootstrap = function(found) of_table(found)[c("estimate", "unit")],
  draws = function(found) of_table(found)[c("estimate", "unit")],
  polychoric = of_matrix,
  invariance = function(found) of_steps(found),
  parallel = of_parallel,
  ratios = function(found) {
    keys <- sub(".", " ", names(found$whole), fixed = TRUE)
    list(estimate = named(found$whole, keys), unit = named(found$spread, keys))
  },
  pairs = function(found) {
    keys <- paste(found$lhs, found$rhs)
    difference <- found[["Chisq diff"]]
    list(estimate = named(difference, keys), unit = named(pmax(difference, 1), keys))
  },
  permuted = function(found) {
    list(estimate = as.list(unlist(found@AFI.obs)), unit = as.list(apply(found@AFI.dist, 2, sd)))
  },
  monte_carlo = function(found) {
    spread <- apply(found, 1, sd)
    list(estimate = named(rowMeans(found), rownames(found)), unit = named(spread, rownames(found)))
  }
)

# ---- requests ---------------------------------------------------------------------------------------------------

now <- new.env()

prepare <- function(request) {
  now$case <- request$case
  now$frame <- read.csv(request$data)
  now$fit <- if (request$case$prepared) whole(now$case, now$frame)$fit
  list(ready = TRUE)
}

since <- function(started) as.numeric(difftime(Sys.time(), started, units = "secs"))

timed <- function(work) {
  started <- Sys.time()
  now$found <- work()
  since(started)
}

# What was left over is cleared before, not between the calls.
turn <- function(request) {
  seconds <- numeric()
  gc(FALSE)
  begun <- Sys.time()
  while (length(seconds) == 0 || since(begun) < request$seconds) {
    seconds <- c(seconds, timed(function() WORK[[now$case$work]](now$case, now$frame, now$fit)))
  }
  list(seconds = I(seconds))
}

other <- function() {
  gc(FALSE)
  list(seconds = timed(function() OTHERS[[now$case$work]][[now$case$other]](now$frame)))
}

answer_request <- function(request) {
  switch(request$do,
    describe = describe(), prepare = prepare(request), turn = turn(request), other = other(),
    answer = ANSWERS[[now$case$work]](now$found)
  )
}

reply <- function(parts) {
  cat("@", toJSON(parts, auto_unbox = TRUE, digits = NA, na = "null"), "\n", sep = "")
  flush(stdout())
}

requests <- file("stdin", "r")
repeat {
  line <- readLines(requests, n = 1)
  if (length(line) == 0) break
  reply(tryCatch(
    answer_request(fromJSON(line, simplifyDataFrame = FALSE)),
    error = function(e) list(error = conditionMessage(e))
  ))
}
