# The rater model and lme4 on the same 70,000 ratings in the same run:
#   Rscript compare_with_lme4.R <path of teraju-rater-model-benchmark>
suppressMessages(library(lme4))
program <- commandArgs(trailingOnly = TRUE)[1]
d <- read.csv(text = system2(program, "--dump", stdout = TRUE))
d$ratee <- factor(d$ratee)
d$rater <- factor(d$rater)
lme4_seconds <- function() {
  time <- system.time({
    model <- lmer(value ~ 1 + (1 | ratee) + (1 | rater), d)
    ranef(model, condVar = TRUE)
  })
  fit <<- model
  sum(time[c("user.self", "sys.self")])
}
teraju_seconds <- function() {
  out <- system2(program, c("--benchmark_filter=Anywhere/70000/", "--benchmark_format=csv"),
                 stdout = TRUE, stderr = FALSE)
  row <- read.csv(text = out[grep("^name|^\"BM", out)])
  last <<- row
  row$cpu_time[1] / 1000
}
rounds <- 3
a <- b <- numeric(rounds)
for (i in 1:rounds) { a[i] <- lme4_seconds(); b[i] <- teraju_seconds() }
v <- as.data.frame(VarCorr(fit))
cat(sprintf("CPU seconds, median of %d alternating rounds: lme4 %.2f, teraju %.2f, ratio %.1f\n",
            rounds, median(a), median(b), median(a) / median(b)))
cat(sprintf("ratee sd: lme4 %.6f, teraju %.6f; rater sd: lme4 %.6f, teraju %.6f\n",
            v$sdcor[v$grp == "ratee"], last$ratee_sd, v$sdcor[v$grp == "rater"], last$rater_sd))
