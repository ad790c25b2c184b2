# Factor scores by regression and by Bartlett's method, with standard errors, for the fit's own rows and new ones.
#
# Run from the repository root:  Rscript tests/reference/sem_scores/scores.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see sem/_reference.R.
# Function: lavPredict() with method "regression" and "Bartlett", se = "standard".
# Every eighth row of each group is stored, under its number (from 1) in the data.
# Not verified: lavaan gives a second-order factor the Bartlett score 0; what is stored leaves such factors out.

source("tests/reference/sem_scores/_scores.R")

EVERY <- 8

by_group_list <- function(found) if (is.list(found)) found else list(found)

# One record a group: the stored rows' scores, and standard errors (one for all rows, or one a row with missing values).
scored <- function(fit, method, leave, newdata = NULL) {
  found <- by_group_list(lavPredict(fit, newdata = newdata, method = method))
  spread <- by_group_list(attr(lavPredict(fit, newdata = newdata, method = method, se = "standard"), "se"))
  cases <- lavInspect(fit, "case.idx")
  cases <- if (is.list(cases)) cases else list(cases)
  labels <- if (length(cases) > 1) lavInspect(fit, "group.label") else "all"
  each <- lapply(seq_along(found), function(g) {
    kept <- seq(1, nrow(found[[g]]), by = EVERY)
    shown <- setdiff(colnames(found[[g]]), leave)
    se <- spread[[g]]
    same <- nrow(se) == 1
    object_of(list(
      scores = rows_of(cases[[g]][kept], found[[g]][kept, shown, drop = FALSE]),
      se = rows_of(if (same) 0 else cases[[g]][kept], se[if (same) 1 else kept, shown, drop = FALSE])
    ), "      ")
  })
  object_of(setNames(each, labels), "    ")
}

scores_of <- function(case, what, model, data, options = list(), leave = character(0), new = NULL) {
  fits <- fit_tightly(model, data, options)
  parts <- head_of(case, what, model, data, options, fits)
  parts$new <- text(if (is.null(new)) "" else "reversed")
  parts$methods <- object_of(list(
    regression = scored(fits$last, "regression", character(0), new),
    Bartlett = scored(fits$last, "Bartlett", leave, new)
  ), "  ")
  write_case(case, parts, fits$last)
}

scores_of("scores-cfa", "three factors", THREE, holzinger())
scores_of("scores-std-lv-means", "latent variances as units, and means", THREE, holzinger(),
          list(std.lv = TRUE, meanstructure = TRUE))
scores_of("scores-residual", "correlated errors and a loading on a second factor", paste0(THREE, "
x9 ~~ x1
x7 ~~ x8
visual =~ x6"), holzinger())
scores_of("scores-democracy", "latent regressions and correlated errors", DEMOCRACY, democracy())
scores_of("scores-mimic", "latent variables on covariates, no mean structure", paste0(THREE, "
visual + textual + speed ~ ageyr + sex"), holzinger())
scores_of("scores-mimic-means", "covariates random, with means", paste0(THREE, "
visual + textual + speed ~ ageyr + sex"), holzinger(), list(fixed.x = FALSE, meanstructure = TRUE))
scores_of("scores-outcome", "a single indicator without error, and an observed outcome", "
visual =~ x1
textual =~ x4 + x5 + x6
x9 ~ textual + visual", holzinger(), list(meanstructure = TRUE))
scores_of("scores-second-order", "a second-order factor", paste0(THREE, "
g =~ visual + textual + speed"), holzinger(), leave = "g")
scores_of("scores-growth", "latent means", GROWTH, simulated("growth"))
scores_of("scores-groups", "three factors in two schools", THREE, holzinger(), school())
scores_of("scores-groups-intercepts", "equal loadings and intercepts, latent means", THREE, holzinger(),
          school("loadings", "intercepts"))
scores_of("scores-fiml", "incomplete rows", THREE, gappy(), list(missing = "fiml"))
scores_of("scores-fiml-regressions", "incomplete rows, latent regressions", paste0(THREE, "
speed ~ visual + textual"), gappy(), list(missing = "fiml"))
# The same rows with every answer taken from 10: other respondents.
reversed <- HolzingerSwineford1939
reversed[paste0("x", 1:9)] <- 10 - reversed[paste0("x", 1:9)]
scores_of("scores-new", "respondents that the fit has not seen", THREE, holzinger(), new = reversed)
