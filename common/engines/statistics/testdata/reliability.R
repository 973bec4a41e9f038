# Made the reference values in reliability_test.cc and agreement_test.cc: Rscript reliability.R
suppressMessages(library(psych))
options(digits = 15)
set.seed(360)
answers <- function(rows, columns) {
  person <- rnorm(rows, 0, 0.8)
  rater <- rnorm(columns, 0, 0.6)
  values <- 3.4 + outer(person, rater, "+") + rnorm(rows * columns, 0, 0.7)
  matrix(round(pmin(5, pmax(1, values))), rows, columns)
}
m <- answers(12, 5)
cat(apply(m, 1, paste, collapse = ", "), sep = ",\n"); cat("\n")
icc <- ICC(m, lmer = FALSE)$results
print(as.matrix(icc[, c("ICC", "F", "p", "lower bound", "upper bound")]), digits = 12)
a <- suppressWarnings(alpha(as.data.frame(m), warnings = FALSE))
cat("alpha", format(a$total$raw_alpha, digits = 15), format(a$total$std.alpha, digits = 15), "\n")
cat("alpha.drop", format(a$alpha.drop$raw_alpha, digits = 15), "\n")
# Friedman's statistic is m (n - 1) W, with ties corrected.
f <- friedman.test(t(m))
cat("W", format(f$statistic / (5 * 11), digits = 15), "chi2", format(f$statistic, digits = 15),
    "p", format(f$p.value, digits = 15), "\n")
