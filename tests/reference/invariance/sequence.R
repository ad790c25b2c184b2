# Steps of measurement invariance of continuous answers: fits, difference tests, score tests, latent mean differences.
#
# Run from the repository root: Rscript tests/reference/invariance/sequence.R <output folder>
# Stored values: lavaan 0.6-14 (R 4.2.2). How tight the fits are: see sem/_reference.R. Data: lavaan's own Holzinger and
# Swineford (1939), and data/three.csv, see simulate.R.
#
# For each step (std.lv = TRUE, group.equal, group.partial): fit measures, estimates with standard errors, lavTestLRT
# against the step before, and for each relation that the step makes equal the score test of releasing it in all groups
# (lavTestScore with `release`). One more file: standardised latent mean differences by the delta method.
#
# Not verified here: that lavaan is right. The values say what this version of lavaan answers, no more.

source("tests/reference/sem_groups/_groups.R")

MEASURES <- c("npar", "df", "chisq", "pvalue", "cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "srmr", "aic", "bic",
              "chisq.scaled", "pvalue.scaled", "cfi.scaled", "rmsea.scaled", "cfi.robust", "tli.robust", "rmsea.robust",
              "rmsea.ci.lower.robust", "rmsea.ci.upper.robust")
STEPS <- list(configural = character(0), metric = "loadings", scalar = c("loadings", "intercepts"),
              strict = c("loadings", "intercepts", "residuals"), means = c("loadings", "intercepts", "residuals", "means"))
KINDS <- c(metric = "=~", scalar = "~1", strict = "~~", means = "~1")

estimates_of <- function(fit) {
  found <- as.data.frame(parameterEstimates(fit))
  table_of(found[found$op != ":=", c("lhs", "op", "rhs", "group", "est", "se")])
}

difference <- function(larger, restricted) {
  row <- as.data.frame(lavTestLRT(larger, restricted))[2, ]
  named(c(chisq = row[["Chisq diff"]], df = row[["Df diff"]], p_value = row[["Pr(>Chisq)"]]), "        ")
}

# The score tests of releasing each relation of a kind in all groups.
scores <- function(fit, step) {
  table <- parTable(fit)
  tied <- table[table$op == "==", ]
  if (nrow(tied) == 0) return("null")
  rows <- table[match(tied$lhs, table$plabel), ]
  name <- paste0(rows$lhs, rows$op, rows$rhs)
  latent <- rows$lhs %in% lavNames(fit, "lv")
  of_step <- rows$op == KINDS[[step]] & (rows$op == "=~" | latent == (step == "means"))
  wanted <- unique(name[of_step])
  if (length(wanted) == 0) return("null")  # lavaan fixes equal latent means at 0
  found <- t(sapply(wanted, function(one) unlist(lavTestScore(fit, release = which(name == one))$test[c("X2", "df", "p.value")])))
  table_of(data.frame(relation = wanted, chisq = found[, 1], df = found[, 2], p_value = found[, 3]))
}

sequence <- function(case, model, data, group, options = list(), partial = NULL, tests = TRUE) {
  fits <- lapply(STEPS, function(equal) {
    given <- c(list(group = group, std.lv = TRUE), options)
    if (length(equal)) given$group.equal <- equal
    if (length(partial)) given$group.partial <- partial
    fit_tightly(model, data, given)$last
  })
  steps <- lapply(names(STEPS), function(step) {
    fit <- fits[[step]]
    at <- match(step, names(STEPS))
    known <- intersect(MEASURES, names(fitMeasures(fit)))
    object_of(list(
      measures = named(unclass(fitMeasures(fit, known)), "        "), estimates = estimates_of(fit),
      difference = if (at == 1) "null" else difference(fits[[at - 1]], fit),
      scores = if (at == 1 || !tests) "null" else scores(fit, step)
    ), "      ")
  })
  parts <- list(case = text(case), model = text(model), data = data_json(data), group = text(group), options = options_json(options),
                partial = array_of(as.character(partial)), steps = object_of(setNames(steps, names(STEPS)), "  "),
                versions = named(versions()))
  writeLines(object_of(parts), file.path(OUT, paste0(case, ".json")))
  cat(sprintf("%-24s %d steps\n", case, length(fits)))
}

HS <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9"
TWO <- "f =~ a1 + a2 + a3 + a4
g =~ b1 + b2 + b3"
three <- list(source = "csv", file = "data/three.csv", frame = read.csv("tests/reference/invariance/data/three.csv"))

sequence("schools", HS, holzinger(), "school")
sequence("schools-mlr", HS, holzinger(), "school", list(estimator = "MLR"), tests = FALSE)
sequence("schools-mlm", HS, holzinger(), "school", list(estimator = "MLM"), tests = FALSE)
sequence("schools-partial", HS, holzinger(), "school", partial = c("x3 ~ 1", "x7 ~ 1"))
sequence("schools-fiml", HS, with_gaps(holzinger(), c("x1", "x5", "x9"), 7), "school", list(missing = "fiml"), tests = FALSE)
sequence("sectors", TWO, three, "sector")
sequence("sectors-partial", TWO, three, "sector", partial = c("f =~ a2", "a2 ~ 1", "b1 ~ 1"))

# ---- standardised latent mean differences ------------------------------------------------------------------------

MEANS <- "f =~ c(l1,l1,l1)*a1 + c(l2,l2b,l2c)*a2 + c(l3,l3,l3)*a3 + c(l4,l4,l4)*a4
g =~ c(k1,k1,k1)*b1 + c(k2,k2,k2)*b2 + c(k3,k3,k3)*b3
a1 ~ c(i1,i1,i1)*1
a2 ~ c(i2,i2b,i2c)*1
a3 ~ c(i3,i3,i3)*1
a4 ~ c(i4,i4,i4)*1
b1 ~ c(j1,j1b,j1c)*1
b2 ~ c(j2,j2,j2)*1
b3 ~ c(j3,j3,j3)*1
f ~ c(0,NA,NA)*1 + c(mf1,mf2,mf3)*1
g ~ c(0,NA,NA)*1 + c(mg1,mg2,mg3)*1
f ~~ c(1,NA,NA)*f + c(vf1,vf2,vf3)*f
g ~~ c(1,NA,NA)*g + c(vg1,vg2,vg3)*g
df2 := mf2 / sqrt((180 * 1 + 150 * vf2) / 330)
df3 := mf3 / sqrt((180 * 1 + 170 * vf3) / 350)
dg2 := mg2 / sqrt((180 * 1 + 150 * vg2) / 330)
dg3 := mg3 / sqrt((180 * 1 + 170 * vg3) / 350)"
fit <- fit_tightly(MEANS, three, list(group = "sector", std.lv = TRUE))$last
found <- as.data.frame(parameterEstimates(fit))
found <- found[found$op == ":=", c("lhs", "est", "se", "z", "pvalue", "ci.lower", "ci.upper")]
writeLines(object_of(list(case = text("means"), model = text(MEANS), means = table_of(found), versions = named(versions()))),
           file.path(OUT, "means.json"))
