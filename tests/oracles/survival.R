# Curves, quantiles and incidences by R's survival package.
# In this folder: Rscript survival.R > survival.json
# Stored values: R 4.2.2, survival 3.5-3.
library(survival)
source("json.R")

SHARES <- c(0.1, 0.25, 0.5, 0.75, 0.9)

curve <- function(time, ended) {
  fit <- survfit(Surv(time, ended) ~ 1, conf.type = "log-log")
  quantiles <- quantile(fit, SHARES)
  list(
    times = fit$time, at_risk = fit$n.risk, events = fit$n.event, censored = fit$n.censor,
    survival = fit$surv, std_error = fit$std.err * fit$surv,
    lower = fit$lower, upper = fit$upper,
    quantiles = list(p = SHARES, value = quantiles$quantile, lower = quantiles$lower,
                     upper = quantiles$upper)
  )
}

# survfit's own limits for several causes take log(-log(F)); here its limits of the complement.
incidence <- function(time, cause, of) {
  fit <- survfit(Surv(time, factor(cause, 0:2)) ~ 1)
  share <- fit$pstate[, of + 1]
  error <- fit$std.err[, of + 1]
  limits <- survival:::survfit_confint(1 - share, error, logse = FALSE, "log-log", 0.95)
  known <- share > 0 & share < 1
  list(incidence = share, std_error = error,
       lower = ifelse(known, 1 - limits$upper, NA), upper = ifelse(known, 1 - limits$lower, NA))
}

case <- function(time, cause, count = rep(1, length(time)), competing = TRUE) {
  t <- rep(time, count)
  d <- rep(cause, count)
  given <- list(times = time, causes = cause, counts = count)
  found <- list(given = given, kaplan_meier = curve(t, d > 0))
  if (competing) found$incidence <- list("1" = incidence(t, d, 1), "2" = incidence(t, d, 2))
  found
}

freireich <- read.csv("data/freireich.csv")
lung <- read.csv("data/lung.csv")
bmt <- read.csv("data/bmt.csv")
of <- function(data, group, competing) {
  rows <- data[data[[1]] == group, ]
  case(rows[[2]], rows[[3]], competing = competing)
}

set.seed(20)
cells <- unique(data.frame(time = sample(0:40, 60, TRUE), cause = sample(0:2, 60, TRUE)))
cells$count <- sample(1:9, nrow(cells), TRUE)

cat(to_json(list(
  freireich_treated = of(freireich, 1, FALSE),
  freireich_placebo = of(freireich, 0, FALSE),
  lung_men = of(lung, 1, FALSE),
  lung_women = of(lung, 2, FALSE),
  bmt_1 = of(bmt, 1, TRUE),
  bmt_2 = of(bmt, 2, TRUE),
  bmt_3 = of(bmt, 3, TRUE),
  grouped = case(cells$time, cells$cause, cells$count),
  all_open = case(c(3, 5, 5, 9), c(0, 0, 0, 0)),
  all_at_once = case(c(4, 4, 4), c(1, 1, 2)),
  all_ended = case(c(1, 2, 3, 4), c(1, 2, 1, 1)),
  one_ended = case(7, 1),
  one_open = case(7, 0),
  flat_at_the_median = case(c(2, 4, 6, 9), c(1, 1, 1, 0)),
  flat_to_the_end = case(c(2, 4, 6, 9), c(1, 2, 0, 0)),
  ended_and_open_at_once = case(c(0, 0, 5, 5, 5, 8), c(1, 0, 1, 2, 0, 1)),
  open_before_the_first = case(c(1, 2, 3, 4, 5, 5), c(0, 1, 2, 0, 1, 1))
)), "\n", sep = "")
