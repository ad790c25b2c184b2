# Texts that to_lavaan() wrote of models with ordered variables, read by lavaan: the rows of its parameter table.
#
# Run from the repository root: Rscript tests/reference/ordinal_tables/exports.R <output folder>
# Stored values: lavaan 0.6-14 (R 4.2.2). The texts are the files data/*.lav, written by make_texts.py; their first line
# is the call. Data and what is written: see _tables.R.
#
# Not verified here: estimates. A text is read as it stands, with the call that belongs to it; nothing is compared.

source("tests/reference/ordinal_tables/_tables.R")

for (file in sort(list.files("tests/reference/ordinal_tables/data", "[.]lav$", full.names = TRUE))) {
  case <- sub("[.]lav$", "", basename(file))
  lines <- readLines(file)
  model <- paste(lines[-1], collapse = "\n")
  call <- str2lang(sub("^# ", "", lines[1]))
  call[names(UNFITTED)] <- UNFITTED
  fit <- suppressWarnings(eval(call))
  writeLines(object_of(list(
    case = text(case), rows = table_of(rows_of(fit)), df = number(fit@test[[1]]$df), versions = named(versions())
  )), file.path(OUT, paste0("export-", case, ".json")))
}
