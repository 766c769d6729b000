# Segmented logistic regressions by R's glm: quasi-binomial where the periods scatter more than
# claims do, binomial otherwise; the joint test is Wald's.
# In this folder: Rscript segmented.R > segmented.json
# Stored values: R 4.2.2.
source("json.R")

case <- function(times, successes, trials, at) {
  after <- as.numeric(times >= at)
  elapsed <- times - at
  fit <- function(family) glm(cbind(successes, trials - successes) ~ elapsed + after +
    elapsed:after, family, control = glm.control(epsilon = 1e-14))
  plain <- fit(binomial)
  dispersion <- sum(residuals(plain, "pearson")^2) / plain$df.residual
  wide <- dispersion > 1
  model <- if (wide) fit(quasibinomial) else plain
  found <- summary(model)$coefficients[3:4, ]
  critical <- if (wide) qt(0.975, model$df.residual) else qnorm(0.975)
  row <- function(i) c(exp(found[i, 1] + c(0, -1, 1) * critical * found[i, 2]), found[i, 4])
  V <- vcov(model)[3:4, 3:4]
  wald <- sum(found[, 1] * solve(V, found[, 1]))
  joint <- if (wide) pf(wald / 2, 2, model$df.residual, lower.tail = FALSE) else
    pchisq(wald, 2, lower.tail = FALSE)
  list(times = times, successes = successes, trials = trials, at = at, fitted = fitted(model),
       dispersion = dispersion, level = row(1), slope = row(2), p_value = joint)
}

months <- 0:11
cat(to_json(list(
  even = case(months, c(20, 21, 19, 20, 21, 19, 16, 15, 17, 16, 15, 17), rep(40, 12), 6),
  scattered = case(months, c(20, 31, 19, 28, 21, 39, 16, 25, 7, 26, 5, 17),
                   c(40, 44, 38, 51, 40, 60, 39, 41, 40, 45, 36, 40), 6.5)
)), "\n", sep = "")
