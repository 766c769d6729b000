# Intervals of shares, adjusted p values and rank correlations by R's stats package.
# In this folder: Rscript closed_forms.R > closed_forms.json
# Stored values: R 4.2.2.
source("json.R")

successes <- c(0, 1, 36, 81, 499, 20)
trials <- c(20, 29, 154, 263, 500, 20)
score <- sapply(seq_along(trials), function(i)
  prop.test(successes[i], trials[i], correct = FALSE)$conf.int)

p_values <- c(0.02, 0.5, 0.001, NA, 0.04, 0.02, 1, 0.03)

quality <- rep(c(1, 2, 2.5, 4, 5, 5), c(7, 12, 9, 14, 3, 6))
approved <- rep(c(0, 1, 0, 1, 0, 1), c(7, 12, 9, 14, 3, 6))
ranks <- cor.test(rank(quality), rank(approved))
tau <- cor.test(quality, approved, method = "kendall", exact = FALSE)
linear <- cor.test(quality, approved)
pattern <- list(x = c(1, 2, 2.5, 4, 5, 5), y = c(0, 1, 0, 1, 0, 1), counts = c(7, 12, 9, 14, 3, 6))

cat(to_json(list(
  wilson = list(successes = successes, trials = trials, lower = score[1, ], upper = score[2, ]),
  jeffreys = list(successes = c(1, 36, 81, 499), trials = c(29, 154, 263, 500),
                  lower = qbeta(0.025, c(1, 36, 81, 499) + 0.5, c(28, 118, 182, 1) + 0.5),
                  upper = qbeta(0.975, c(1, 36, 81, 499) + 0.5, c(28, 118, 182, 1) + 0.5)),
  benjamini_hochberg = list(p_values = p_values, q_values = p.adjust(p_values, "BH")),
  spearman = c(pattern, value = unname(ranks$estimate), p_value = ranks$p.value),
  kendall = c(pattern, value = unname(tau$estimate), p_value = tau$p.value),
  point_biserial = c(pattern, value = unname(linear$estimate), p_value = linear$p.value)
)), "\n", sep = "")
