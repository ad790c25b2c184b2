# What the scripts of this folder share: the data and the table of a model as rows.
#
# Sourced by the scripts, never run alone (its name starts with an underscore).
#
# Not verified here: that lavaan's defaults are wise. The values say what this version of lavaan answers, no more.

source("tests/reference/sem/_reference.R")

CATEGORIES <- c(4, 5, 3, 4, 2, 3, 2, 2, 5)
data <- HolzingerSwineford1939
for (i in seq_along(CATEGORIES)) {
  rank_of <- rank(data[[paste0("x", i)]], ties.method = "first")
  data[[paste0("o", i)]] <- as.integer(cut(rank_of, CATEGORIES[i]))
}
data$third <- rep(c("a", "b", "c"), length.out = nrow(data))

# One number for all rows that lavaan's `==` rows tie together, in the order of the table.
numbered <- function(table) {
  same <- table$plabel
  ties <- which(table$op == "==")
  for (i in ties) {
    pair <- c(table$lhs[i], table$rhs[i])
    plain <- ifelse(pair %in% table$plabel, pair, table$plabel[match(pair, table$label)])
    same[same == same[table$plabel == plain[2]]] <- same[table$plabel == plain[1]]
  }
  free <- table$free > 0
  ifelse(free, match(same, unique(same[free])), 0L)
}

# The rows of a fit without lavaan's own `==` rows: the number of each free parameter, or the value of a fixed one.
rows_of <- function(fit) {
  table <- as.data.frame(unclass(parTable(fit)))
  free <- numbered(table)
  data.frame(
    lhs = table$lhs, op = table$op, rhs = table$rhs, group = table$group, free = free,
    value = ifelse(free > 0 | table$exo == 1, NA, table$ustart), exogenous = table$exo == 1 & free == 0,
    user = table$user == 1
  )[!table$op %in% c("==", "<", ">", ":="), ]
}

# Nothing is estimated: the table does not depend on it.
UNFITTED <- list(optim.method = "none", se = "none", test = "standard", baseline = FALSE, h1 = FALSE)
