# Beta-binomial shrinkage: the likeliest prior by optim, and every group's posterior summed over
# a fine grid of priors, with R's own beta functions.
# In this folder: Rscript shrinkage.R > shrinkage.json
# Stored values: R 4.2.2.
source("json.R")

case <- function(k, n) {
  height <- function(m, M) sum(lbeta(m * M + k, (1 - m) * M + n - k) - lbeta(m * M, (1 - m) * M))
  best <- optim(c(qlogis(sum(k) / sum(n)), 3), function(at) -height(plogis(at[1]), exp(at[2])),
                control = list(reltol = 1e-15, maxit = 5000))
  best <- optim(best$par, function(at) -height(plogis(at[1]), exp(at[2])), method = "BFGS",
                control = list(reltol = 1e-16))
  middling <- 1 / mean(1 / n)
  odds <- seq(-17, 17, length.out = 341)
  arcs <- (seq_len(400) - 0.5) / 400 * pi
  grid <- expand.grid(odds = odds, m = sin(arcs / 2)^2)
  grid$M <- middling * exp(-grid$odds)
  logs <- mapply(height, grid$m, grid$M) + dlogis(grid$odds, log = TRUE)
  w <- exp(logs - max(logs))
  w <- w / sum(w)
  each <- sapply(seq_along(k), function(i) {
    a <- grid$m * grid$M + k[i]
    b <- (1 - grid$m) * grid$M + n[i] - k[i]
    rate <- sum(w * a / (a + b))
    second <- sum(w * a * (a + 1) / ((a + b) * (a + b + 1)))
    c(rate, second - rate^2, sum(w * n[i] / (n[i] + grid$M)), sum(w * pbeta(grid$m, a, b)))
  })
  list(successes = k, trials = n, mean = plogis(best$par[1]), precision = exp(best$par[2]),
       rate = each[1, ], variance = each[2, ], own = each[3, ], below = each[4, ],
       average = sum(w * grid$m))
}

cat(to_json(list(
  baseball = case(c(18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7),
                  rep(45, 18)),
  unequal = case(c(1, 30, 11, 5, 40, 2), c(4, 90, 20, 6, 60, 30))
)), "\n", sep = "")
