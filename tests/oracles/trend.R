# The trend of shares over doses by R's prop.trend.test; the departure is prop.test's less it.
# Within strata: the linear-by-linear statistic of coin's cmh_test, which is Mantel's; the slope of
# parallel lines by lm.
# In this folder: Rscript trend.R > trend.json
# Stored values: R 4.2.2, coin 1.4-2.
suppressPackageStartupMessages(library(coin))
source("json.R")

case <- function(doses, successes, trials) {
  trend <- prop.trend.test(successes, trials, doses)
  left <- prop.test(successes, trials)$statistic - trend$statistic
  list(doses = doses, successes = successes, trials = trials,
       chi_squared = unname(trend$statistic), p_value = trend$p.value,
       departure = unname(left),
       departure_p_value = unname(pchisq(left, length(doses) - 2, lower.tail = FALSE)))
}

stratified <- function(strata, doses, successes, trials) {
  claims <- data.frame(
    stratum = factor(rep(strata, trials)), dose = rep(doses, trials),
    won = unlist(mapply(function(k, n) rep(1:0, c(k, n - k)), successes, trials)))
  test <- independence_test(won ~ dose | stratum, claims, teststat = "quadratic")
  list(strata = strata, doses = doses, successes = successes, trials = trials,
       chi_squared = statistic(test), p_value = pvalue(test),
       slope = coef(lm(won ~ dose + stratum, claims))[["dose"]])
}

cat(to_json(list(
  reasons = stratified(rep(1:3, each = 4), rep(1:4, 3),
                       c(8, 9, 12, 7, 3, 9, 14, 30, 0, 2, 1, 5),
                       c(30, 25, 22, 11, 20, 31, 40, 60, 4, 9, 3, 7)),
  uneven_strata = stratified(c(1, 1, 2, 2, 2, 3, 4, 4), c(0, 5, 1, 2, 5, 3, 0, 1),
                             c(3, 9, 10, 4, 6, 5, 6, 8), c(9, 12, 30, 9, 7, 11, 6, 8)),
  smokers = case(1:4, c(83, 90, 129, 70), c(86, 93, 136, 82)),
  uneven = case(c(0, 1, 2, 5), c(12, 20, 21, 30), c(40, 38, 42, 35))
)), "\n", sep = "")
