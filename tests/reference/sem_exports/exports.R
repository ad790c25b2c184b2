# Texts that to_lavaan() wrote, fitted by lavaan: chi-squares, degrees of freedom, numbers of parameters, estimates.
#
# Run from the repository root:  Rscript tests/reference/sem_exports/exports.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see sem/_reference.R.
# The texts are the files data/*.lav, written by make_texts.py; their first line is the call.
# Not verified: a text is fitted as it stands, with the call that belongs to it; nothing is compared here.

suppressPackageStartupMessages({
  library(lavaan)
  library(jsonlite)
})
FOLDER <- "tests/reference/sem_exports"
given <- commandArgs(trailingOnly = TRUE)
if (length(given) != 1 || !file.exists(file.path(FOLDER, "exports.R"))) {
  stop("run from the repository root: Rscript ", FOLDER, "/exports.R <output folder>")
}
dir.create(given[1], recursive = TRUE, showWarnings = FALSE)

number <- function(x) ifelse(is.finite(x), sprintf("%.10g", x), "null")
FROM <- c("题1" = "x1", "题2" = "x2", "题3" = "x3", "größe" = "x4", "if" = "x5")

fitted_text <- function(file) {
  lines <- readLines(file, encoding = "UTF-8")
  model <- paste(lines[!startsWith(lines, "#")], collapse = "\n")
  data <- if (any(grepl("y8", lines))) PoliticalDemocracy else HolzingerSwineford1939
  for (line in lines[grepl(" -> ", lines, fixed = TRUE)]) {
    names <- strsplit(sub("^# ", "", line), " -> ", fixed = TRUE)[[1]]
    if (names[1] %in% names(FROM)) data[[names[2]]] <- data[[FROM[[names[1]]]]]
  }
  call <- str2lang(sub("^# ", "", lines[1]))
  call$control <- list(rel.tol = 1e-10, iter.max = 10000)
  suppressWarnings(eval(call))
}

for (file in sort(list.files(file.path(FOLDER, "data"), "[.]lav$", full.names = TRUE))) {
  case <- sub("[.]lav$", "", basename(file))
  fit <- fitted_text(file)
  if (!lavInspect(fit, "converged")) stop(case, " did not converge")
  found <- fitMeasures(fit)
  kept <- intersect(c("npar", "df", "chisq", "chisq.scaled", "baseline.df", "logl"), names(found))
  # Sums of estimates by operator: they do not depend on names or order. Six digits are lavaan's own.
  table <- parTable(fit)
  sums <- tapply(abs(table$est), table$op, sum)[c("=~", "~", "~~", "~1")]
  sums <- sums[!is.na(sums)]
  values <- c(number(signif(unclass(found[kept]), 9)), sprintf("%.6g", sums))
  names(values) <- c(kept, paste("sum", names(sums)))
  pairs <- paste0('  "', names(values), '": ', values)
  version <- paste0('  "versions": {"R": "', R.version.string, '", "lavaan": "', packageVersion("lavaan"), '"}')
  writeLines(c("{", paste0(c(paste0('  "case": "', case, '"'), pairs), ","), version, "}"),
             file.path(given[1], paste0(case, ".json")))
  cat(sprintf("%-28s npar %3.0f df %3.0f chisq %12.6f\n", case, found["npar"], found["df"], found["chisq"]))
}
