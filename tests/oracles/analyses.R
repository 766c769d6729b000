# The three analyses of the sample, by R alone from the sample's trackers: no row of a book is used.
# In this folder: Rscript analyses.R > analyses.json; again whenever data/sample changes.
# Stored values: R 4.2.2, survival 3.5-3.
library(survival)
source("json.R")

SAMPLE <- "../../data/sample"
AS_OF <- as.POSIXct("2026-08-31 23:59:59", tz = "UTC")
WON_BY_SELLER <- c("amazon_safet", "amazon_fba_reimbursement")
AGE <- 90
OLD_ENOUGH <- 60

read_tracker <- function(name) {
  read.csv(file.path(SAMPLE, name), colClasses = "character", na.strings = "", encoding = "UTF-8")
}
moment <- function(text) as.POSIXct(sub("Z$", "", text), tz = "UTC",
                                    tryFormats = c("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"))
moments <- function(texts) as.POSIXct(vapply(texts, function(x)
  if (is.na(x)) NA_real_ else as.numeric(moment(x)), 0), origin = "1970-01-01", tz = "UTC")

claims <- read_tracker("claims_2026-08-31.csv")
claims <- claims[!grepl("^DIRTY", claims$claim_id), ]
filed <- moments(claims$filed_at)
decided <- moments(claims$decided_at)
granted <- claims$outcome %in% c("granted_full", "granted_partial", "replaced")
refused <- claims$outcome %in% c("denied", "expired", "reversed")
ended <- claims$outcome %in% c("withdrawn", "settled_by_seller")
open <- claims$outcome %in% "pending"
claims$cause <- ifelse(granted, 1, ifelse(refused, 2, ifelse(ended, 3, ifelse(open, 0, NA))))
claims$won <- ifelse(claims$program %in% WON_BY_SELLER, granted, refused)

# Whole hours; whole days where either date has no time of day.
until <- decided
until[open] <- AS_OF
by_day <- nchar(claims$filed_at) == 10 | (!open & nchar(claims$decided_at) %in% 10)
claims$days <- ifelse(by_day, as.numeric(as.Date(until) - as.Date(filed)),
                      floor(as.numeric(difftime(until, filed, units = "hours"))) / 24)
told <- claims[!is.na(claims$cause), ]

rates <- function(rows) {
  of <- rows[rows$cause %in% 1:2, ]
  test <- prop.test(sum(of$cause == 1), nrow(of), correct = FALSE)
  fit <- survfit(Surv(days, factor(cause, 0:3)) ~ 1, data = rows)
  at <- sum(fit$time <= AGE)
  list(claims = nrow(rows), decided = nrow(of), approved = sum(of$cause == 1),
       open = sum(rows$cause == 0), rate = test$estimate, limits = test$conf.int,
       incidence = fit$pstate[at, 2:4], std_error = fit$std.err[at, 2:4], left = fit$pstate[at, 1])
}

times <- function(rows) {
  fit <- survfit(Surv(days, cause > 0) ~ 1, data = rows, conf.type = "log-log")
  found <- quantile(fit, c(0.25, 0.5, 0.75))
  list(value = found$quantile, lower = found$lower, upper = found$upper)
}

# Kinds that went with the filing, of decided claims filed 60 days before the cut-off or longer.
evidence <- read_tracker("evidence_2026-08-31.csv")
evidence <- evidence[!(evidence$quality_rating %in% "7"), ]
at_filing <- evidence[evidence$with_filing %in% "true", ]
kinds_of <- split(at_filing$kind, paste(at_filing$program, at_filing$claim_id))
claims$filed <- filed
compared <- claims[claims$cause %in% 1:2 & claims$filed <= AS_OF - OLD_ENOUGH * 86400 &
                     paste(claims$program, claims$claim_id) %in% names(kinds_of), ]
kinds <- kinds_of[paste(compared$program, compared$claim_id)]

within_reason <- function(kind) {
  has <- vapply(kinds, function(present) kind %in% present, NA)
  strata <- split(data.frame(has = has, won = compared$won),
                  paste(compared$program, compared$reason))
  strata <- Filter(function(s) length(unique(s$has)) == 2, strata)
  of <- function(test) vapply(strata, test, 0)
  k1 <- of(function(s) sum(s$won[s$has])); n1 <- of(function(s) sum(s$has))
  k0 <- of(function(s) sum(s$won[!s$has])); n0 <- of(function(s) sum(!s$has))
  n <- n1 + n0
  weight <- n1 * n0 / n
  difference <- weighted.mean(k1 / n1 - k0 / n0, weight)
  P <- (n1^2 * k0 - n0^2 * k1 + n1 * n0 * (n0 - n1) / 2) / n^2
  Q <- (k1 * (n0 - k0) + k0 * (n1 - k1)) / (2 * n)
  error <- sqrt(difference * sum(P) + sum(Q)) / sum(weight)
  list(n = length(has), with = sum(has), within = sum(n), correlation = cor(has, compared$won),
       raw = 100 * (mean(compared$won[has]) - mean(compared$won[!has])),
       difference = 100 * (difference + c(0, -1, 1) * qnorm(0.975) * error))
}

by <- function(names, compute) sapply(sort(unique(names)), compute, simplify = FALSE)
cat(to_json(list(
  approval_rate = by(told$program, function(p) rates(told[told$program == p, ])),
  time_to_resolution = by(told$program, function(p) times(told[told$program == p, ])),
  evidence_quality = by(unlist(kinds), within_reason)
)), "\n", sep = "")
