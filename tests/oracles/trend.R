# The trend of shares over doses by R's prop.trend.test; the departure is prop.test's less it.
# In this folder: Rscript trend.R > trend.json
# Stored values: R 4.2.2.
source("json.R")

case <- function(doses, successes, trials) {
  trend <- prop.trend.test(successes, trials, doses)
  left <- prop.test(successes, trials)$statistic - trend$statistic
  list(doses = doses, successes = successes, trials = trials,
       chi_squared = unname(trend$statistic), p_value = trend$p.value,
       departure = unname(left),
       departure_p_value = unname(pchisq(left, length(doses) - 2, lower.tail = FALSE)))
}

cat(to_json(list(
  smokers = case(1:4, c(83, 90, 129, 70), c(86, 93, 136, 82)),
  uneven = case(c(0, 1, 2, 5), c(12, 20, 21, 30), c(40, 38, 42, 35))
)), "\n", sep = "")
