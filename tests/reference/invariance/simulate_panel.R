# Data for waves.R, simulated: seven items of two constructs answered by the same 400 people at three waves.
#
# Run from the repository root: Rscript tests/reference/invariance/simulate_panel.R <output folder>
# Stored values: R 4.2.2.
#
# The intercept of y2 is higher at the third wave; latent means rise; residuals of the same item are correlated over waves.

out <- file.path(commandArgs(trailingOnly = TRUE)[1], "data")
dir.create(out, recursive = TRUE, showWarnings = FALSE)
set.seed(4711)
n <- 400
person <- matrix(rnorm(2 * n), n)
specific <- matrix(rnorm(7 * n, sd = 0.35), n)
loadings <- c(0.9, 0.8, 1, 0.7, 0.8, 0.9, 1)
waves <- lapply(1:3, function(w) {
  common <- rnorm(n)
  f <- 0.25 * (w - 1) + 0.75 * person[, 1] + 0.4 * common + 0.55 * rnorm(n)
  g <- 0.10 * (w - 1) + 0.75 * person[, 2] + 0.4 * common + 0.55 * rnorm(n)
  items <- sapply(1:7, function(i) 3 + 0.1 * i + 0.6 * (i == 2 && w == 3) + loadings[i] * (if (i <= 4) f else g) + specific[, i] + rnorm(n, sd = 0.6))
  colnames(items) <- paste0(c(paste0("y", 1:4), paste0("z", 1:3)), "_t", w)
  round(items, 3)
})
write.csv(do.call(cbind, waves), file.path(out, "panel.csv"), row.names = FALSE, quote = FALSE)
