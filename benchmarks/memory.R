# A million rows through lavaan: Rscript memory.R <rows as raw float64, column after column> <model file> <csv with names>
# Prints seconds of the whole call, and the kilobytes held at most before and after it.

suppressPackageStartupMessages(library(lavaan))

peak <- function() {
  line <- grep("^VmHWM", readLines("/proc/self/status"), value = TRUE)
  as.numeric(gsub("[^0-9]", "", line))
}

given <- commandArgs(trailingOnly = TRUE)
names <- names(read.csv(given[3], nrows = 1))
n <- file.size(given[1]) / 8 / length(names)
rows <- file(given[1], "rb")
frame <- setNames(lapply(names, function(name) readBin(rows, "double", n)), names)
close(rows)
attr(frame, "row.names") <- seq_len(n)
class(frame) <- "data.frame"
model <- paste(readLines(given[2]), collapse = "\n")

loaded <- peak()
started <- Sys.time()
fit <- sem(model, frame)
table <- parameterEstimates(fit, standardized = TRUE)
measures <- fitMeasures(fit)
seconds <- as.numeric(difftime(Sys.time(), started, units = "secs"))
cat(sprintf('{"seconds": %.6f, "loaded": %.0f, "peak": %.0f, "chisq": %.8f}\n', seconds, loaded, peak(), measures["chisq"]))
