# Omega hierarchical by the Schmid-Leiman transformation, from psych.
#
# Run from the repository root:  Rscript tests/reference/reliability/hierarchical.R [output folder]
# Writes <output folder>/hierarchical.json (default folder: build/reference/reliability).
# Versions: R 4.2.2, psych 2.2.9, GPArotation 2022.10-2, jsonlite 1.8.4 (lavaan 0.6-14 for data); the file names the
# versions that made it.
#
# What is computed, for each case, from rows without a missing answer:
#   omega_h, omega_total, omega_limit, ecv   psych::omega(..., fm = "minres", rotate = "oblimin", flip = FALSE)
#   general                                  loadings on g
# psych's minres stops at about five digits, and its oblimin at 1e-5 of the gradient.
#
# Not verified here: intervals, which psych makes by simulation.

suppressPackageStartupMessages({
  library(psych)
  library(GPArotation)
})
source("tests/reference/reliability/_shared.R")

one_case <- function(data, columns, m) {
  items <- na.omit(items_of(data, columns))
  o <- suppressMessages(suppressWarnings(omega(items, nfactors = m, plot = FALSE, flip = FALSE)))
  list(data = data, columns = columns, n_factors = m, n_obs = nrow(items), omega_h = o$omega_h,
       omega_total = o$omega.tot, omega_limit = o$omega.lim, ecv = o$ECV, general = unname(o$schmid$sl[, "g"]))
}

cases <- list(
  "hs-three" = one_case("holzinger", paste0("x", 1:9), 3),
  "hs-two" = one_case("holzinger", paste0("x", 4:9), 2),
  "survey-three" = one_case("survey", paste0("q", 1:7), 3)
)

write_reference(cases, c("psych", "GPArotation", "jsonlite"), file.path(output_folder(), "hierarchical.json"))
