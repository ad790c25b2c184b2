# Cronbach's alpha, Feldt's interval and item statistics, from psych.
#
# Run from the repository root:  Rscript tests/reference/reliability/alpha.R [output folder]
# Writes <output folder>/alpha.json (default folder: build/reference/reliability).
# Versions: R 4.2.2, psych 2.2.9, jsonlite 1.8.4 (lavaan 0.6-14 for data); the file names the versions that made it.
#
# What is computed, for each case:
#   alpha, standardized, average_r, score_mean, score_sd   psych::alpha(...)$total
#   ci_lower, ci_upper                                     psych::alpha.ci(alpha, n.obs, n.var, p.val = 1 - ci)
#   items: n, mean, sd, item_total (r.drop), raw_r, std_r  psych::alpha(...)$item.stats
#          alpha_if_dropped, standardized_if_dropped       psych::alpha(...)$alpha.drop
# missing = "pairwise" is psych's default (pairwise covariances, n.obs = number of rows); people without any answer are
# taken out before, since psych would count them. missing = "listwise" gives psych the complete rows only. check.keys
# stays FALSE: no item is turned.
#
# Not verified here: that psych is right, and psych's other columns (G6, S/N, ase, r.cor, ...). With two items psych
# reports an "alpha without the item" although one item is left; it is not written.

suppressPackageStartupMessages(library(psych))
source("tests/reference/reliability/_shared.R")

quietly <- function(expression) suppressMessages(suppressWarnings(expression))

one_case <- function(data, columns, missing = "pairwise", ci = 0.95) {
  items <- items_of(data, columns)
  items <- if (missing == "listwise") na.omit(items) else items[rowSums(!is.na(items)) > 0, ]
  invisible(capture.output(found <- quietly(alpha(items, check.keys = FALSE, warnings = FALSE)), type = "message"))
  interval <- alpha.ci(found$total$raw_alpha, n.obs = nrow(items), n.var = ncol(items), p.val = 1 - ci)
  many <- ncol(items) > 2
  list(
    data = data, columns = columns, missing = missing, ci = ci,
    n_obs = nrow(items),
    alpha = found$total$raw_alpha,
    ci_lower = interval$lower.ci, ci_upper = interval$upper.ci,
    standardized = found$total$std.alpha,
    average_r = found$total$average_r,
    score_mean = found$total$mean, score_sd = found$total$sd,
    items = data.frame(
      item = columns,
      n = found$item.stats$n,
      mean = found$item.stats$mean,
      sd = found$item.stats$sd,
      item_total = found$item.stats$r.drop,
      raw_r = found$item.stats$raw.r,
      std_r = found$item.stats$std.r,
      alpha_if_dropped = if (many) found$alpha.drop$raw_alpha else NA,
      standardized_if_dropped = if (many) found$alpha.drop$std.alpha else NA
    )
  )
}

q <- function(...) paste0("q", c(...))
x <- function(...) paste0("x", c(...))

cases <- list(
  "hs-visual" = one_case("holzinger", x(1:3)),
  "hs-textual" = one_case("holzinger", x(4:6), ci = 0.9),
  "hs-speed" = one_case("holzinger", x(7:9), ci = 0.99),
  "hs-all-nine" = one_case("holzinger", x(1:9)),
  "hs-two" = one_case("holzinger", x(1:2)),
  "survey-2-pairwise" = one_case("survey", q(2, 3)),
  "survey-2-listwise" = one_case("survey", q(2, 3), "listwise"),
  "survey-3-pairwise" = one_case("survey", q(2:4)),
  "survey-3-listwise" = one_case("survey", q(2:4), "listwise"),
  "survey-5-pairwise" = one_case("survey", q(1:5)),
  "survey-5-listwise" = one_case("survey", q(1:5), "listwise"),
  "survey-7-pairwise" = one_case("survey", q(1:7)),
  "survey-7-listwise" = one_case("survey", q(1:7), "listwise"),
  "survey-reversed-pairwise" = one_case("survey", q(1:8)),
  "survey-reversed-listwise" = one_case("survey", q(1:8), "listwise"),
  "units" = one_case("units", paste0("u", 1:5)),
  "ten-rows" = one_case("ten", c("a", "b", "c")),
  "opposed" = one_case("opposed", paste0("n", 1:4))
)

write_reference(cases, c("psych", "jsonlite"), file.path(output_folder(), "alpha.json"))
