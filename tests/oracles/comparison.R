# Restricted means, late entries, bands, log-rank and Gray's tests by R's packages.
# In this folder: Rscript comparison.R > comparison.json
# Stored values: R 4.2.2, survival 3.5-3, cmprsk 2.2-11, etm 1.1.1, km.ci 0.5-6.
suppressMessages({
  library(survival)
  library(cmprsk)
  library(etm)
  library(km.ci)
})
source("json.R")

expanded <- function(rows) rows[rep(seq_len(nrow(rows)), rows$count), ]

# print()'s mean and its standard error, up to horizons that some claims were followed to.
restricted_mean <- function(time, ended, horizons) {
  fit <- survfit(Surv(time, ended) ~ 1)
  found <- vapply(horizons, function(h) summary(fit, rmean = h)$table[c("rmean", "se(rmean)")],
                  numeric(2))
  list(given = list(times = time, events = ended), horizon = horizons, value = found[1, ],
       std_error = found[2, ])
}

# The trend is the contrast of the scores 1, 2, ... in survdiff's own sums.
log_rank <- function(rows, strata) {
  d <- expanded(rows)
  fit <- if (strata) survdiff(Surv(time, cause > 0) ~ group + strata(stratum), data = d)
         else survdiff(Surv(time, cause > 0) ~ group, data = d)
  total <- function(counts) rowSums(as.matrix(counts))
  score <- seq_along(fit$n)
  excess <- sum(score * (total(fit$obs) - total(fit$exp)))
  list(statistic = fit$chisq, expected = total(fit$exp),
       trend = excess / sqrt(drop(score %*% fit$var %*% score)))
}

gray <- function(rows, strata) {
  d <- expanded(rows)
  found <- if (strata) cuminc(d$time, d$cause, d$group, d$stratum, cencode = 0)$Tests
           else cuminc(d$time, d$cause, d$group, cencode = 0)$Tests
  list("1" = found["1", "stat"], "2" = found["2", "stat"])
}

tests <- function(rows) {
  given <- list(times = rows$time, causes = rows$cause, groups = rows$group, counts = rows$count,
                strata = rows$stratum)
  list(given = given, log_rank = log_rank(rows, FALSE), stratified_log_rank = log_rank(rows, TRUE),
       gray = gray(rows, FALSE), stratified_gray = gray(rows, TRUE))
}

of <- function(time, cause, group, stratum = 1, count = 1)
  data.frame(time = time, cause = cause, group = group, stratum = stratum, count = count)

# Claims under observation only after their entry. Risk sets that empty early are left to the tests.
late_entry <- function(rows) {
  d <- expanded(rows)
  fit <- survfit(Surv(entry, time, cause > 0) ~ 1, data = d, conf.type = "log-log")
  transitions <- data.frame(id = seq_len(nrow(d)), entry = d$entry, exit = d$time, from = 0,
                            to = ifelse(d$cause == 0, "cens", d$cause))
  allowed <- matrix(FALSE, 3, 3)
  allowed[1, 2:3] <- TRUE
  found <- etm(transitions, c("0", "1", "2"), allowed, "cens", s = 0)
  ends <- summary(found)
  incidence <- function(to) list(times = ends[[to]]$time, incidence = ends[[to]]$P,
                                 std_error = sqrt(ends[[to]]$var))
  list(given = list(entries = rows$entry, times = rows$time, causes = rows$cause,
                    counts = rows$count),
       curve = list(times = fit$time, at_risk = fit$n.risk, survival = fit$surv,
                    std_error = fit$std.err * fit$surv, lower = fit$lower, upper = fit$upper),
       incidence = list("1" = incidence("0 1"), "2" = incidence("0 2")))
}

# survdiff takes no entries; without ties the score test of Cox's model is the log-rank test.
late_log_rank <- function(entry, time, ended, group) {
  d <- data.frame(entry, time, ended, group)
  fit <- coxph(Surv(entry, time, ended) ~ factor(group), data = d)
  list(given = list(entries = entry, times = time, events = ended, groups = group),
       statistic = fit$score)
}

# Rothman's limits of the share open; the band with critical values from Nair's tables.
share_limits <- function(time, ended) {
  fit <- survfit(Surv(time, ended) ~ 1)
  rothman <- km.ci(fit, method = "rothman")
  band <- km.ci(fit, method = "logep")
  list(given = list(times = time, events = ended),
       rothman = list(times = rothman$time, lower = rothman$lower, upper = rothman$upper),
       band = list(times = band$time, lower = band$lower, upper = band$upper))
}

freireich <- read.csv("data/freireich.csv")
lung <- read.csv("data/lung.csv")
bmt <- read.csv("data/bmt.csv")

set.seed(31)
n <- 80
grouped <- unique(of(sample(0:15, n, TRUE), sample(0:2, n, TRUE), sample(1:4, n, TRUE),
                     sample(1:3, n, TRUE)))
grouped$count <- sample(1:5, nrow(grouped), TRUE)
few <- of(c(1, 2, 2, 3, 3, 4, 5, 5, 6), c(1, 2, 1, 0, 1, 1, 2, 1, 0), c(1, 1, 2, 3, 1, 2, 3, 3, 2),
          c(1, 2, 1, 2, 1, 2, 1, 2, 1))

entered <- c(0, 0, 0, sample(0:12, 47, TRUE))
late <- data.frame(entry = entered, time = entered + sample(1:15, 50, TRUE),
                   cause = c(0, 0, 0, sample(0:2, 47, TRUE)), count = sample(1:4, 50, TRUE))
late$time[1:3] <- 20 # somebody is at risk throughout
late$count[1] <- 6

since <- round(runif(60, 0, 5), 3) * rbinom(60, 1, 0.6)
until <- since + round(rexp(60, 0.3), 4) + 0.001

cat(to_json(list(
  restricted_mean = list(
    lung_men = with(lung[lung$sex == 1, ], restricted_mean(days, died, c(180, 365, 730))),
    lung_women = with(lung[lung$sex == 2, ], restricted_mean(days, died, c(180, 365, 730))),
    treated = with(freireich[freireich$treated == 1, ], restricted_mean(weeks, relapsed, c(10, 22.5, 35))),
    placebo = with(freireich[freireich$treated == 0, ], restricted_mean(weeks, relapsed, c(10, 23, 50)))
  ),
  share_limits = with(freireich[freireich$treated == 1, ], share_limits(weeks, relapsed)),
  tests = list(
    bmt = tests(of(bmt$days, bmt$cause, bmt$disease, bmt$days %% 3)),
    grouped = tests(grouped),
    few = tests(few)
  ),
  late_entry = late_entry(late),
  late_log_rank = late_log_rank(since, until, rbinom(60, 1, 0.7), sample(1:3, 60, TRUE))
)), "\n", sep = "")
