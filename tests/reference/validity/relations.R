# Relations of scores to groups, criteria and outcomes, in base R.
#
# Run from the repository root:  Rscript tests/reference/validity/relations.R [output folder]
# Writes <output folder>/relations.json (default folder: build/reference/validity).
# Versions: R 4.2.2, jsonlite 1.8.4; the file names the versions that made it.
#
# Scores are means of items of tests/reference/ordinal_reliability/data/survey.csv: fa of a1 to a4, fd of d1 to d3; v1 to
# v3 are continuous, c1 and c2 are 0 or 1. Groups: g (two), and thirds of v3 (three: low, middle, high).
#
# What is computed:
#   two, three   t.test (Welch), Cohen's d with limits by uniroot on the noncentral t (pt), Hedges' g by gamma(), aov,
#                oneway.test, omega squared by its formula, limits of eta squared by uniroot on the noncentral F (pf)
#   criterion    cor.test (Pearson, Spearman's rho), limits of Spearman's by Bonett & Wright's standard error; AUC by
#                wilcox.test's W / (m n), limits by DeLong's structural components written out here; glm (binomial)
#   steps        lm and glm with anova(): R squared, F, likelihood ratios, McFadden, Tjur
#
# Not verified here: bootstrap limits; the standard errors of DeLong and of Bonett & Wright come from their formulas, not
# from another program.

source("tests/reference/validity/_shared.R")

data <- answers()
data$fa <- rowMeans(data[paste0("a", 1:4)])
data$fd <- rowMeans(data[paste0("d", 1:3)])
data$third <- ifelse(data$v3 <= quantile(data$v3, 1 / 3), "low", ifelse(data$v3 <= quantile(data$v3, 2 / 3), "middle", "high"))

root <- function(f, lower, upper) uniroot(f, c(lower, upper), tol = 1e-13)$root

d_of <- function(x, y) {
  n <- c(length(x), length(y))
  pooled <- sqrt(((n[1] - 1) * var(x) + (n[2] - 1) * var(y)) / (sum(n) - 2))
  d <- (mean(y) - mean(x)) / pooled
  unit <- sqrt(prod(n) / sum(n))
  df <- sum(n) - 2
  limit <- function(p) root(function(nc) pt(d * unit, df, nc) - p, d * unit - 8, d * unit + 8) / unit
  j <- gamma(df / 2) / (sqrt(df / 2) * gamma((df - 1) / 2))
  if (!is.finite(j)) j <- exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2)
  list(d = d, d_lower = limit(0.975), d_upper = limit(0.025), g = d * j)
}

pair <- function(score, group, first, second) {
  x <- score[group == first]
  y <- score[group == second]
  t <- t.test(y, x)
  c(list(
    difference = mean(y) - mean(x), lower = t$conf.int[1], upper = t$conf.int[2], t = unname(t$statistic),
    df = unname(t$parameter), p = t$p.value, one_sided = t.test(y, x, alternative = "greater")$p.value
  ), d_of(x, y))
}

all_groups <- function(score, group) {
  table <- summary(aov(score ~ factor(group)))[[1]]
  ss <- table[["Sum Sq"]]
  df <- table[["Df"]]
  f <- table[["F value"]][1]
  n <- sum(df) + 1
  bound <- function(p) if (pf(f, df[1], df[2]) <= p) 0 else root(function(nc) pf(f, df[1], df[2], nc) - p, 0, 10 * f * df[1] + 100)
  eta <- sapply(c(0.975, 0.025), function(p) bound(p) / (bound(p) + n))
  noise <- ss[2] / df[2]
  welch <- oneway.test(score ~ factor(group))
  list(
    f = f, df_1 = df[1], df_2 = df[2], p = table[["Pr(>F)"]][1], eta = ss[1] / sum(ss), eta_lower = eta[1], eta_upper = eta[2],
    omega = (ss[1] - df[1] * noise) / (sum(ss) + noise), welch_f = unname(welch$statistic),
    welch_df_1 = unname(welch$parameter[1]), welch_df_2 = unname(welch$parameter[2]), welch_p = welch$p.value
  )
}

delong <- function(score, outcome) {
  x <- score[outcome == 1]
  y <- score[outcome == 0]
  psi <- outer(x, y, function(a, b) (a > b) + 0.5 * (a == b))
  area <- mean(psi)
  se <- sqrt(var(rowMeans(psi)) / length(x) + var(colMeans(psi)) / length(y))
  w <- unname(suppressWarnings(wilcox.test(x, y))$statistic) / (length(x) * length(y))
  stopifnot(abs(w - area) < 1e-12)
  list(auc = area, lower = area - qnorm(0.975) * se, upper = area + qnorm(0.975) * se)
}

TIGHT <- glm.control(epsilon = 1e-14, maxit = 100)

criterion <- function(score, values) {
  pearson <- cor.test(score, values)
  rho <- cor(score, values, method = "spearman")
  se <- sqrt((1 + rho^2 / 2) / (length(score) - 3))
  found <- list(
    r = unname(pearson$estimate), lower = pearson$conf.int[1], upper = pearson$conf.int[2], p = pearson$p.value,
    rho = rho, rho_lower = tanh(atanh(rho) - qnorm(0.975) * se), rho_upper = tanh(atanh(rho) + qnorm(0.975) * se)
  )
  if (length(unique(values)) > 2) return(found)
  fit <- glm(values ~ scale(score), family = binomial, control = TIGHT)
  row <- summary(fit)$coefficients[2, ]
  c(found, list(
    area = delong(score, values), odds = unname(exp(row[1])), odds_lower = unname(exp(row[1] - qnorm(0.975) * row[2])),
    odds_upper = unname(exp(row[1] + qnorm(0.975) * row[2])), logistic_p = unname(row[4]),
    mcfadden = 1 - fit$deviance / fit$null.deviance, tjur = mean(fitted(fit)[values == 1]) - mean(fitted(fit)[values == 0])
  ))
}

linear_steps <- function() {
  one <- lm(v1 ~ v2 + v3, data)
  two <- lm(v1 ~ v2 + v3 + fa + fd, data)
  first <- summary(one)
  change <- anova(one, two)
  list(
    r = c(first$r.squared, summary(two)$r.squared), adjusted = c(first$adj.r.squared, summary(two)$adj.r.squared),
    f = c(unname(first$fstatistic[1]), change$F[2]), df_2 = c(unname(first$fstatistic[3]), change$Res.Df[2]),
    p = c(pf(first$fstatistic[1], first$fstatistic[2], first$fstatistic[3], lower.tail = FALSE), change[["Pr(>F)"]][2])
  )
}

logistic_steps <- function() {
  none <- glm(c1 ~ 1, binomial, data, control = TIGHT)
  one <- glm(c1 ~ v2 + v3, binomial, data, control = TIGHT)
  two <- glm(c1 ~ v2 + v3 + fa + fd, binomial, data, control = TIGHT)
  change <- anova(none, one, two, test = "LRT")
  tjur <- function(fit) mean(fitted(fit)[data$c1 == 1]) - mean(fitted(fit)[data$c1 == 0])
  list(
    mcfadden = 1 - c(one$deviance, two$deviance) / none$deviance, tjur = c(tjur(one), tjur(two)),
    chisq = change$Deviance[-1], df = change$Df[-1], p = change[["Pr(>Chi)"]][-1]
  )
}

cases <- list(
  two = list(fa = pair(data$fa, data$g, 1, 2), fd = pair(data$fd, data$g, 1, 2), all = all_groups(data$fa, data$g)),
  three = list(
    low_middle = pair(data$fd, data$third, "low", "middle"), low_high = pair(data$fd, data$third, "low", "high"),
    middle_high = pair(data$fd, data$third, "middle", "high"), all = all_groups(data$fd, data$third)
  ),
  criterion = list(v1 = criterion(data$fa, data$v1), c1 = criterion(data$fa, data$c1), c2 = criterion(data$fd, data$c2)),
  linear = linear_steps(), logistic = logistic_steps(),
  holm = list(p = c(0.01, 0.04, 0.03, 0.005), corrected = p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm"))
)

write_reference(cases, "jsonlite", file.path(output_folder(), "relations.json"))
