# Pearson's test by R's chisq.test, and Bergsma's corrected V from its statistic.
# In this folder: Rscript association.R > association.json
# Stored values: R 4.2.2.
source("json.R")

case <- function(table) {
  n <- sum(table); r <- nrow(table); k <- ncol(table)
  test <- suppressWarnings(chisq.test(table, correct = FALSE))
  phi2 <- unname(test$statistic) / n
  unbiased <- max(0, phi2 - (r - 1) * (k - 1) / (n - 1))
  most <- min(r - (r - 1)^2 / (n - 1), k - (k - 1)^2 / (n - 1)) - 1
  list(x = c(row(table)), y = c(col(table)), counts = c(table),
       value = c(sqrt(unbiased / most), sqrt(phi2 / (min(r, k) - 1)), test$statistic,
                 test$p.value))
}

cat(to_json(list(
  arthritis = case(rbind(c(29, 7, 7), c(13, 7, 21))),
  two_by_two = case(rbind(c(40, 13), c(22, 31))),
  four_by_three = case(rbind(c(5, 0, 12), c(3, 9, 4), c(20, 1, 7), c(2, 2, 30)))
)), "\n", sep = "")
