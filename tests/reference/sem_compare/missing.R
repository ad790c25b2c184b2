# Difference tests from incomplete rows: plain, and scaled by Satorra & Bentler (2001, 2010) for MLR.
#
# Run from the repository root:  Rscript tests/reference/sem_compare/missing.R <output folder>
# Versions: R 4.2.2, lavaan 0.6-14; each written file names the versions that made it. How tight: see sem/_reference.R.
# Function: lavTestLRT().
# Not verified: satorra.2000. In the Gamma that lavaan takes for it, a missing deviation counts as zero; it is not asked for.

source("tests/reference/sem_compare/_compare.R")

GAPS <- with_gaps(holzinger(), paste0("x", 1:9), 7)
fiml <- function(model, ...) one(model, missing = "fiml", ...)
PLAIN <- "default"
SCALED <- c("default", "sb2001", "sb2010")

missing_case <- function(case, what, larger, restricted, scaled = SCALED) {
  differences(case, what, GAPS, larger, restricted, "ML", PLAIN)
  differences(paste0(case, "-robust"), paste(what, "robust", sep = ": "), GAPS, larger, restricted, "MLR", scaled)
}

missing_case("difference-fiml-covariances", "incomplete rows, two covariances of zero", fiml(THREE),
             fiml(paste0(THREE, "\nvisual ~~ 0*textual\nvisual ~~ 0*speed")))
missing_case("difference-fiml-groups", "incomplete rows, equal loadings in two groups",
             fiml(THREE, group = "school"), fiml(THREE, group = "school", group.equal = "loadings"))
missing_case("difference-fiml-factors", "incomplete rows, one factor instead of three", fiml(THREE),
             fiml("g =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9"), c("default", "sb2001"))
