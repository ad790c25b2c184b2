# What the scripts of this folder share: models and data of tests/reference/sem, fits made tight as there, tables with
# row names.
#
# Sourced by the scripts, never run alone.
#
# Not verified here: that lavaan is right. The values say what this version of lavaan answers, no more.

source("tests/reference/sem_groups/_groups.R")

THREE <- "visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9"
DEMOCRACY <- "
ind60 =~ x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8
dem60 ~ ind60
dem65 ~ ind60 + dem60
y1 ~~ y5
y2 ~~ y4 + y6"
GROWTH <- "
i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4 + 1*t5
s =~ 0*t1 + 1*t2 + 2*t3 + 3*t4 + 4*t5
i ~ 1
s ~ 1
t1 ~ 0*1
t2 ~ 0*1
t3 ~ 0*1
t4 ~ 0*1
t5 ~ 0*1"
school <- function(...) c(list(group = "school"), if (...length()) list(group.equal = c(...)))
gappy <- function(every = 7) with_gaps(holzinger(), c("x1", "x5", "x9"), every)

# A matrix whose rows are named by numbers or texts.
rows_of <- function(names, values) {
  table_of(data.frame(row = names, as.data.frame(unclass(values)), check.names = FALSE))
}

head_of <- function(case, what, model, data, options, fits) {
  labels <- if (length(lavInspect(fits$last, "group.label"))) lavInspect(fits$last, "group.label") else ""
  list(
    case = text(case), what = text(what), model = text(model), data = group_data_json(data),
    options = options_json(options), group_labels = array_of(labels),
    optimiser = object_of(list(gradient_max = number(gradient_max(fits$last))), "  ")
  )
}

write_case <- function(case, parts, fit) {
  parts$versions <- named(versions())
  writeLines(object_of(parts), file.path(OUT, paste0(case, ".json")))
  cat(sprintf("%-34s gradient %.1e\n", case, gradient_max(fit)))
}
