# Mantel-Haenszel estimates: odds ratio, limits and test by R's mantelhaen.test; the risk
# difference, which R itself lacks, by Sato's P and Q stratum by stratum, as SAS PROC FREQ has it.
# In this folder: Rscript stratified.R > stratified.json
# Stored values: R 4.2.2.
source("json.R")

sato <- function(k1, n1, k0, n0) {
  n <- n1 + n0
  weight <- n1 * n0 / n
  difference <- weighted.mean(k1 / n1 - k0 / n0, weight)
  P <- (n1^2 * k0 - n0^2 * k1 + n1 * n0 * (n0 - n1) / 2) / n^2
  Q <- (k1 * (n0 - k0) + k0 * (n1 - k1)) / (2 * n)
  error <- sqrt(difference * sum(P) + sum(Q)) / sum(weight)
  difference + c(0, -1, 1) * qnorm(0.975) * error
}

# The cell that gives each table the common odds ratio, found by bisection; Tarone's correction.
breslow_day <- function(k1, n1, k0, n0, ratio) {
  expected <- mapply(function(n1, n0, m) uniroot(
    function(e) log(e) + log(n0 - m + e) - log(m - e) - log(n1 - e) - log(ratio),
    c(max(0, m - n0) + 1e-12, min(m, n1) - 1e-12), tol = 1e-14)$root, n1, n0, k1 + k0)
  m <- k1 + k0
  v <- 1 / (1 / expected + 1 / (m - expected) + 1 / (n1 - expected) + 1 / (n0 - m + expected))
  raw <- sum((k1 - expected)^2 / v)
  c(raw - sum(k1 - expected)^2 / sum(v), raw)
}

case <- function(k1, n1, k0, n0) {
  tables <- array(rbind(k1, n1 - k1, k0, n0 - k0), c(2, 2, length(k1)))
  test <- mantelhaen.test(tables, correct = FALSE)
  list(
    given = list(exposed_k = k1, exposed_n = n1, unexposed_k = k0, unexposed_n = n0),
    risk_difference = sato(k1, n1, k0, n0),
    odds_ratio = c(test$estimate, test$conf.int),
    p_value = test$p.value,
    breslow_day = if (all(k1 + k0 > 0 & k1 + k0 < n1 + n0))
      breslow_day(k1, n1, k0, n0, test$estimate) else NA
  )
}

ucb <- read.csv("data/ucb_admissions.csv")
rabbits <- read.csv("data/rabbits.csv")
cat(to_json(list(
  ucb = with(ucb, case(men_admitted, men, women_admitted, women)),
  rabbits = with(rabbits, case(at_once_cured, at_once, delayed_cured, delayed)),
  unequal_arms = case(c(3, 17, 40), c(4, 60, 55), c(20, 2, 9), c(90, 15, 30))
)), "\n", sep = "")
