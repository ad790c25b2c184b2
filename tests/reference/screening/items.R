# Item statistics, from psych and from closed forms.
#
# Run from the repository root:  Rscript tests/reference/screening/items.R [output folder]
# Writes <output folder>/items.json (default folder: build/reference/screening).
# Versions: R 4.2.2, psych 2.2.9, jsonlite 1.8.4; the file names the versions that made it.
#
# What is computed, for the ten items with gaps:
#   n, mean, sd, skew, kurtosis, least, greatest   psych::describe(type = 2)
#   item_rest                                      psych::alpha(...)$item.stats$r.drop, all ten items as one scale
#   floor, ceiling, easiness, upper_lower          by their definitions; codes 1 to 5, groups of 27 % by the mean of the
#                                                  other answered items, people with the same mean together
#
# Not verified here: psych's other columns.

suppressPackageStartupMessages(library(psych))
source("tests/reference/screening/_shared.R")

gaps <- read_data("gaps")

upper_lower <- function(x, item) {
  rest <- round(rowMeans(x[, -item], na.rm = TRUE), 12)
  known <- !is.nan(rest) & !is.na(x[, item])
  rest <- rest[known]
  own <- (x[known, item] - 1) / 4
  size <- ceiling(0.27 * length(rest))
  ranked <- sort(rest)
  mean(own[rest >= ranked[length(ranked) - size + 1]]) - mean(own[rest <= ranked[size]])
}

found <- describe(gaps, type = 2)
answered <- gaps[rowSums(!is.na(gaps)) > 0, ]
invisible(capture.output(scale <- suppressMessages(suppressWarnings(alpha(as.data.frame(answered), warnings = FALSE)))))
values <- list(items = data.frame(
  item = colnames(gaps), n = found$n, mean = found$mean, sd = found$sd, skew = found$skew, kurtosis = found$kurtosis,
  least = found$min, greatest = found$max, item_rest = scale$item.stats$r.drop,
  floor = colMeans(gaps == 1, na.rm = TRUE), ceiling = colMeans(gaps == 5, na.rm = TRUE),
  easiness = (colMeans(gaps, na.rm = TRUE) - 1) / 4,
  upper_lower = vapply(seq_len(ncol(gaps)), function(i) upper_lower(gaps, i), 0)
))
write_reference(values, c("psych", "jsonlite"), file.path(output_folder(), "items.json"))
