# Fit every problem with lavaan as a user would: Rscript lavaan.R <folder with problems.json and the samples>
# Writes lavaan.json there: converged, and the minimum of F (twice lavaan's fmin) by name of the problem.

suppressPackageStartupMessages({
  library(lavaan)
  library(jsonlite)
})

folder <- commandArgs(trailingOnly = TRUE)[1]
problems <- fromJSON(file.path(folder, "problems.json"), simplifyDataFrame = FALSE)

# The call holds names, not the data themselves, as a user's does.
fitted <- function(problem) {
  frame <- read.csv(file.path(folder, paste0(problem$name, ".csv")))
  options <- list(quote(sem), quote(problem$model), quote(frame))
  if (!is.null(frame$part)) options$group <- "part"
  if (length(problem$group_equal)) options$group.equal <- problem$group_equal
  suppressWarnings(eval(as.call(options)))
}

outcome <- function(problem) {
  tryCatch({
    fit <- fitted(problem)
    converged <- lavInspect(fit, "converged")
    list(converged = converged, minimum = if (converged) 2 * fit@Fit@fx else NA, said = "")
  }, error = function(e) list(converged = FALSE, minimum = NA, said = conditionMessage(e)))
}

found <- lapply(problems, outcome)
names(found) <- vapply(problems, `[[`, "", "name")
versions <- list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")))
writeLines(toJSON(list(found = found, versions = versions), auto_unbox = TRUE, digits = NA, na = "null"),
           file.path(folder, "lavaan.json"))
