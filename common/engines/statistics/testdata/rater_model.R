# Writes rater_model_reference.h: fits of lme4 to drawn data. Rscript rater_model.R
suppressMessages(library(lme4))
options(digits = 15)
control <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9, maxfun = 1e5),
                       check.conv.singular = "ignore", check.conv.grad = "ignore")
draw <- function(seed, ratees, raters, each, items = 1, sd = c(.6, .5, 0, 0, .7), groups = 1,
                 ordinal = FALSE) {
  set.seed(seed)
  pairs <- do.call(rbind, lapply(1:ratees, function(i) {
    k <- if (length(each) == 1) each else sample(each, 1)
    data.frame(ratee = i, rater = sample(raters, k))
  }))
  pairs$group <- sample(groups, nrow(pairs), replace = TRUE)
  pairs$pair <- rnorm(nrow(pairs), 0, sd[4])
  d <- pairs[rep(seq_len(nrow(pairs)), each = items), ]
  d$item <- rep(seq_len(items), nrow(pairs))
  y <- 3.4 + rnorm(ratees, 0, sd[1])[d$ratee] + rnorm(raters, 0, sd[2])[d$rater] +
    rnorm(items, 0, sd[3])[d$item] + d$pair + 0.3 * (d$group - 1) + rnorm(nrow(d), 0, sd[5])
  d$y <- if (ordinal) pmin(5, pmax(1, round(y))) else round(y, 3)
  d
}
out <- c("// Made by rater_model.R with lme4: answers, and what REML makes of them.", "#pragma once", "",
         "#include <vector>", "", '#include "common/engines/statistics/ratings.h"', "",
         "namespace teraju::statistics::testdata {", "",
         "struct ReferenceFit {", "  const char* name;", "  bool pair_effect;", "  Ratings ratings;",
         "  double ratee_sd, rater_sd, item_sd, pair_sd, residual_sd, criterion;",
         "  std::vector<double> group_means, group_errors;",
         "  std::vector<double> ratee_effects, ratee_conditional_sds;",
         "  std::vector<double> rater_effects, rater_conditional_sds;",
         "  double ml_ratee_sd, ml_pair_sd, ml_criterion;", "};", "",
         "inline std::vector<ReferenceFit> ReferenceFits() {", "  return {")
numbers <- function(x) paste0("{", paste(format(x, digits = 12, trim = TRUE), collapse = ", "), "}")
case <- function(name, d, formula, pair = FALSE) {
  for (f in c("ratee", "rater", "item", "group")) d[[paste0("f", f)]] <- factor(d[[f]])
  d$fpair <- interaction(d$fratee, d$frater, drop = TRUE)
  fit <- suppressMessages(lmer(formula, d, REML = TRUE, control = control))
  v <- as.data.frame(VarCorr(fit))
  sd <- function(n) if (any(v$grp == n)) v$sdcor[v$grp == n] else 0
  re <- as.data.frame(ranef(fit, condVar = TRUE))
  level <- function(n, column, size) {
    r <- re[re$grpvar == n, ]
    r[[column]][match(as.character(seq_len(size)), as.character(r$grp))]
  }
  x <- fixef(fit); cov <- as.matrix(vcov(fit))
  groups <- max(d$group)
  a <- diag(groups); a[, 1] <- 1
  means <- as.vector(a %*% x); errors <- sqrt(diag(a %*% cov %*% t(a)))
  ratees <- max(d$ratee); raters <- max(d$rater)
  rows <- sprintf("{%d, %d, %s, %d, %d}", d$ratee - 1, d$rater - 1, format(d$y, trim = TRUE),
                  d$item - 1, d$group - 1)
  out <<- c(out, sprintf('      {"%s",', name), sprintf("       %s,", tolower(pair)),
            sprintf("       {%d, %d, %d, %d, {%s}},", ratees, raters, max(d$item), groups,
                    paste(rows, collapse = ", ")),
            sprintf("       %.12g, %.12g, %.12g, %.12g, %.12g, %.12g,", sd("fratee"), sd("frater"),
                    sd("fitem"), sd("fpair"), sigma(fit), REMLcrit(fit)),
            sprintf("       %s, %s, %s, %s, %s, %s,", numbers(means), numbers(errors),
                    numbers(level("fratee", "condval", ratees)),
                    numbers(level("fratee", "condsd", ratees)),
                    numbers(level("frater", "condval", raters)),
                    numbers(level("frater", "condsd", raters))))
  full <- suppressMessages(lmer(formula, d, REML = FALSE, control = control))
  v <- as.data.frame(VarCorr(full))
  out <<- c(out, sprintf("       %.12g, %.12g, %.12g},", sd("fratee"), sd("fpair"), deviance(full)))
}
sf <- data.frame(ratee = rep(1:6, each = 4), rater = rep(1:4, 6), item = 1, group = 1,
                 y = c(9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7))
case("Shrout and Fleiss", sf, y ~ 1 + (1 | fratee) + (1 | frater))
case("unbalanced", draw(1, 20, 14, 3:6), y ~ 1 + (1 | fratee) + (1 | frater))
case("more ratees than raters", draw(2, 30, 8, 3:4), y ~ 1 + (1 | fratee) + (1 | frater))
case("ordinal with groups", draw(3, 24, 20, 4:7, groups = 3, ordinal = TRUE),
     y ~ 1 + fgroup + (1 | fratee) + (1 | frater))
case("items", draw(4, 12, 10, 3:5, items = 4, sd = c(.6, .5, .4, 0, .7)),
     y ~ 1 + (1 | fratee) + (1 | frater) + (1 | fitem))
case("items and pairs", draw(5, 15, 12, 3:5, items = 4, sd = c(.6, .5, .4, .5, .6)),
     y ~ 1 + (1 | fratee) + (1 | frater) + (1 | fitem) + (1 | fpair), pair = TRUE)
case("raters do not differ", draw(17, 20, 14, 3:6, sd = c(.6, 0, 0, 0, .7)),
     y ~ 1 + (1 | fratee) + (1 | frater))
out <- c(out, "  };", "}", "", "}  // namespace teraju::statistics::testdata")
writeLines(out, "rater_model_reference.h")
