# Harman's single factor, full collinearity, the marker correlation and partial correlations.
#
# Run from the repository root:  Rscript tests/reference/method_bias/partial.R [output folder]
# Writes <output folder>/partial.json (default folder: build/reference/method_bias).
# Versions: R 4.2.2, psych 2.2.9, lavaan 0.6-14, jsonlite 1.8.4; the file names the versions that made it.
#
# What is computed:
#   harman      psych::fa(fm = "pa", one factor, iterated to 1e-12), eigen(); the models by lavaan
#   vif         1 / (1 - R squared) of lm() of each score (mean of its items) on the others; and from the correlations of
#               the factors of lavaan's confirmatory model
#   marker      Lindell and Whitney (2001): (r - r_M) / (1 - r_M), r_M the smallest correlation of m with a, b, c
#   desirability   correlation of the residuals of lm() on the score d, p with n - 3 degrees of freedom
#
# Not verified here: the sensitivity limits (closed form in the tests).

suppressPackageStartupMessages(library(psych))
source("tests/reference/method_bias/_shared.R")

scores <- sapply(c("a", "b", "c", "m", "d"), function(name) rowMeans(SURVEY[grep(paste0("^", name), names(SURVEY))]))
scores <- as.data.frame(scores)
n <- nrow(scores)

p_of <- function(r, df) 2 * pt(-abs(r) * sqrt(df / (1 - r^2)), df)
pairs <- list(c("a", "b"), c("a", "c"), c("b", "c"))
named <- function(values) setNames(values, vapply(pairs, paste, "", collapse = "-"))

single <- fa(SURVEY[ITEMS], 1, fm = "pa", SMC = TRUE, min.err = 1e-14, max.iter = 20000)
eigenvalues <- eigen(cor(SURVEY[ITEMS]))$values
harman <- list(
  share = mean(single$loadings[, 1]^2), share_component = eigenvalues[1] / length(ITEMS), eigenvalues = eigenvalues,
  loadings = as.list(single$loadings[, 1]),
  one_factor = measures(fit(paste("g =~", paste(ITEMS, collapse = " + ")))), constructs = measures(fit(FACTORS))
)

vif_of <- function(name) 1 / (1 - summary(lm(reformulate(setdiff(c("a", "b", "c"), name), name), scores))$r.squared)
latent <- lavInspect(fit(FACTORS), "cor.lv")
vif <- list(
  scores = lapply(setNames(nm = c("a", "b", "c")), vif_of),
  latent = as.list(diag(solve(unclass(latent)))[c("a", "b", "c")])
)

with_marker <- cor(scores$m, scores[c("a", "b", "c")])
smallest <- min(with_marker[with_marker >= 0])
marked <- lapply(named(pairs), function(pair) {
  r <- cor(scores[[pair[1]]], scores[[pair[2]]])
  after <- (r - smallest) / (1 - smallest)
  list(r = r, p_value = p_of(r, n - 2), adjusted = after, adjusted_p_value = p_of(after, n - 3))
})

desired <- lapply(named(pairs), function(pair) {
  after <- cor(resid(lm(reformulate("d", pair[1]), scores)), resid(lm(reformulate("d", pair[2]), scores)))
  list(adjusted = after, adjusted_p_value = p_of(after, n - 3))
})

values <- list(
  harman = harman, vif = vif, marker = list(r_method = smallest, pairs = marked),
  desirability = list(pairs = desired, with = as.list(cor(scores$d, scores[c("a", "b", "c")])[1, ]))
)
write_reference(values, c("psych", "lavaan", "jsonlite"), file.path(output_folder(), "partial.json"))
