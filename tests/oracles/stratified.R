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

case <- function(k1, n1, k0, n0) {
  tables <- array(rbind(k1, n1 - k1, k0, n0 - k0), c(2, 2, length(k1)))
  test <- mantelhaen.test(tables, correct = FALSE)
  list(
    given = list(exposed_k = k1, exposed_n = n1, unexposed_k = k0, unexposed_n = n0),
    risk_difference = sato(k1, n1, k0, n0),
    odds_ratio = c(test$estimate, test$conf.int),
    p_value = test$p.value
  )
}

ucb <- read.csv("data/ucb_admissions.csv")
rabbits <- read.csv("data/rabbits.csv")
cat(to_json(list(
  ucb = with(ucb, case(men_admitted, men, women_admitted, women)),
  rabbits = with(rabbits, case(at_once_cured, at_once, delayed_cured, delayed)),
  unequal_arms = case(c(3, 17, 40), c(4, 60, 55), c(20, 2, 9), c(90, 15, 30))
)), "\n", sep = "")
