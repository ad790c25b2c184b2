# Data for the scripts of this folder, simulated: answers of three sectors to seven items of two constructs.
#
# Run from the repository root: Rscript tests/reference/invariance/simulate.R <output folder>
# Stored values: R 4.2.2.
#
# Planted differences: the loading and the intercept of a2 in sector "care", the intercept of b1 in sector "bank"; latent
# means and variances differ between the sectors. Residuals are normal.

out <- file.path(commandArgs(trailingOnly = TRUE)[1], "data")
dir.create(out, recursive = TRUE, showWarnings = FALSE)
set.seed(20260)

sector <- function(label, n, mean, sd, loadings, intercepts) {
  common <- rnorm(n)
  f <- cbind(mean[1] + sd[1] * (0.6 * common + 0.8 * rnorm(n)), mean[2] + sd[2] * (0.6 * common + 0.8 * rnorm(n)))
  items <- sapply(1:7, function(i) intercepts[i] + loadings[i] * f[, if (i <= 4) 1 else 2] + rnorm(n, sd = 0.7))
  frame <- as.data.frame(items)
  names(frame) <- c(paste0("a", 1:4), paste0("b", 1:3))
  cbind(frame, sector = label)
}

loadings <- c(0.9, 0.8, 1.0, 0.7, 0.8, 0.9, 1.0)
intercepts <- c(3.1, 3.4, 2.9, 3.0, 3.6, 3.3, 3.5)
care_l <- replace(loadings, 2, 0.4); care_i <- replace(intercepts, 2, 2.9)
bank_i <- replace(intercepts, 5, 4.1)
three <- rbind(
  sector("shop", 180, c(0, 0), c(1, 1), loadings, intercepts),
  sector("bank", 150, c(0.3, -0.2), c(1.1, 0.9), loadings, bank_i),
  sector("care", 170, c(-0.2, 0.4), c(0.9, 1.2), care_l, care_i)
)
three[1:7] <- round(three[1:7], 3)
write.csv(three, file.path(out, "three.csv"), row.names = FALSE, quote = FALSE)
