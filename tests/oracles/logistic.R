# Logistic regressions: plain by glm, with profile limits by MASS's confint and average marginal
# effects written out (derivatives by numDeriv); Firth's by brglm2.
# In this folder: Rscript logistic.R > logistic.json
# Stored values: R 4.2.2, MASS 7.3-58.2, brglm2 0.9, numDeriv 2016.8-1.1.
suppressPackageStartupMessages({library(MASS); library(brglm2); library(numDeriv)})
source("json.R")
STRICT <- glm.control(epsilon = 1e-14, maxit = 100)

# One column moved for everybody: from 0 to 1 where it has only these values, else by a little.
effect <- function(beta, X, w, column) {
  moved <- function(value) { X[, column] <- value; weighted.mean(plogis(X %*% beta), w) }
  if (all(X[, column] %in% 0:1)) return(moved(1) - moved(0))
  weighted.mean(dlogis(X %*% beta), w) * beta[column]
}

birth <- read.csv("data/birthwt.csv")
birth$race <- factor(birth$race)
fit <- glm(cbind(low, births - low) ~ lwt + race + smoke + ptl + ht + ui, binomial, birth,
           control = STRICT)
X <- model.matrix(fit)
columns <- 2:ncol(X)
slopes <- t(sapply(columns, function(j)
  grad(effect, coef(fit), X = X, w = birth$births, column = j)))
plain <- list(
  coefficients = coef(fit), std_errors = sqrt(diag(vcov(fit))),
  profile_lower = suppressMessages(confint(fit))[, 1],
  profile_upper = suppressMessages(confint(fit))[, 2],
  effects = sapply(columns, function(j) effect(coef(fit), X, birth$births, j)),
  effect_errors = sqrt(diag(slopes %*% vcov(fit) %*% t(slopes)))
)

firth <- function(formula, data) {
  fit <- glm(formula, binomial, data, method = "brglmFit", type = "AS_mean",
             control = list(epsilon = 1e-13, maxit = 1000))
  list(coefficients = coef(fit), std_errors = sqrt(diag(vcov(fit))))
}
sexagg <- read.csv("data/sexagg.csv")
birth_firth <- firth(cbind(low, births - low) ~ lwt + race + smoke + ptl + ht + ui, birth)
cat(to_json(list(
  plain = plain,
  firth = birth_firth,
  separated = firth(cbind(cases, women - cases) ~ age + oc + vic + vicl + vis + dia, sexagg)
)), "\n", sep = "")
