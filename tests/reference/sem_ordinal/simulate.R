# Simulated answers of this folder: small, made here, belonging to nobody.
#
# Run from the repository root:  Rscript tests/reference/sem_ordinal/simulate.R <output folder>
# Writes <output folder>/data/<name>.csv; the committed copies lie in tests/reference/sem_ordinal/data and are what the
# other scripts read. Base R only (4.2.2), one seed for every data set; RNGkind is set, so every R >= 3.6 draws the same.
#
# Not verified: nothing is compared with the population values; the data only have to exercise the estimators.

given <- commandArgs(trailingOnly = TRUE)
if (length(given) != 1) stop("run: Rscript tests/reference/sem_ordinal/simulate.R <output folder>")
OUT <- file.path(given[1], "data")
dir.create(OUT, recursive = TRUE, showWarnings = FALSE)

start <- function(seed) {
  RNGkind("Mersenne-Twister", "Inversion", "Rejection")
  set.seed(seed)
}

write <- function(frame, name) {
  write.csv(frame, file.path(OUT, paste0(name, ".csv")), row.names = FALSE, quote = FALSE, eol = "\n")
}

noise <- function(n, sd = 1) rnorm(n, 0, sd)

# Answers 1, 2, ... from a latent response.
answers <- function(response, cuts) findInterval(response, cuts) + 1L

# One item: a loading, the part of another factor (0 without), cuts, and a shift of the cuts for some rows.
item <- function(factor, loading, cuts, other = 0, shift = 0) {
  response <- loading * factor + other
  answers(response + noise(length(factor), sqrt(1 - loading^2)) - shift, cuts)
}

# A trust survey: competence (5 categories), benevolence (7), intention (3), privacy concern (yes or no), usefulness
# (continuous), satisfaction (4, one item), spending (continuous), whether the customer bought again (yes or no);
# covariates, two sites, three countries.
survey <- function(n = 600) {
  start(20250309)
  age <- round(runif(n, 18, 70)) / 10
  woman <- rbinom(n, 1, 0.55)
  income <- round(0.3 * (age - 4.4) + noise(n), 2)
  site <- ifelse(runif(n) < 0.55, "shop", "web")
  country <- sample(c("NL", "DE", "FR"), n, TRUE, c(0.4, 0.33, 0.27))
  general <- 0.2 * (age - 4.4) + 0.3 * woman + 0.25 * (site == "web") + noise(n, 0.9)
  competence <- 0.75 * general + noise(n, 0.6)
  benevolence <- 0.7 * general + noise(n, 0.65)
  privacy <- -0.45 * general + noise(n, 0.85)
  useful <- 0.4 * competence + 0.2 * income + noise(n, 0.8)
  intention <- 0.45 * competence + 0.3 * benevolence - 0.25 * privacy + noise(n, 0.7)
  wording <- noise(n, 0.45) # shared by two benevolence items
  shift <- 0.35 * (country == "FR")
  five <- list(c(-1.6, -0.9, -0.1, 0.9), c(-1.3, -0.6, 0.2, 1.2), c(-1.8, -1.1, -0.3, 0.6), c(-1.0, -0.4, 0.4, 1.3))
  seven <- list(c(-1.7, -1.1, -0.5, 0.1, 0.7, 1.3), c(-1.4, -0.9, -0.4, 0.2, 0.8, 1.5),
                c(-1.9, -1.2, -0.7, -0.2, 0.5, 1.1), c(-1.2, -0.7, -0.1, 0.3, 0.9, 1.6))
  frame <- data.frame(id = seq_len(n))
  for (j in 1:4) frame[[paste0("c", j)]] <- item(competence, c(.8, .7, .75, .6)[j], five[[j]], shift = shift * (j == 2))
  for (j in 1:4) {
    frame[[paste0("b", j)]] <- item(benevolence, c(.75, .8, .65, .7)[j], seven[[j]], wording * (j < 3), shift * (j == 3))
  }
  for (j in 1:3) frame[[paste0("i", j)]] <- item(intention, c(.8, .75, .7)[j], list(c(-.6, .7), c(-.3, .8), c(-.9, .3))[[j]])
  for (j in 1:4) frame[[paste0("p", j)]] <- item(privacy, c(.7, .75, .65, .6)[j], c(0.1, -0.4, 0.5, 0.8)[j])
  for (j in 1:3) frame[[paste0("u", j)]] <- round(3 + c(1, .9, .8)[j] * useful + noise(n, .6), 2)
  mood <- 0.4 * competence + 0.3 * age / 5 + 0.2 * woman + noise(n, 0.9)
  frame$sat <- answers(mood, c(-0.7, 0.3, 1.2))
  frame$spend <- round(2 + 0.4 * mood + 0.2 * income + noise(n, 0.8), 2)
  frame$again <- as.integer(0.5 * intention + 0.3 * mood + noise(n, 0.8) > 0.2)
  write(cbind(frame, age, woman, income, site, country)[-1], "survey")
}

# Few and lopsided answers: pairs of items with empty cells, and rare categories.
sparse <- function(n = 150) {
  start(20250310)
  factor <- noise(n)
  loading <- c(.85, .8, .7, .75, .65, .8)
  cuts <- list(c(-2.1, -1.6, -.9, .2), c(-1.9, -1.3, -.6, .5), c(-1.5, -.2), c(.9, 1.4, 1.9), 1.2, -1.1)
  frame <- as.data.frame(lapply(1:6, function(j) item(factor, loading[j], cuts[[j]])))
  names(frame) <- paste0("s", 1:6)
  write(frame, "sparse")
}

survey()
sparse()
