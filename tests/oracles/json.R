# Writes nested lists of numbers as JSON; R's own packages have no JSON. NA, NaN become null.
to_json <- function(x, indent = "") {
  if (is.list(x)) {
    inner <- paste0(indent, " ")
    entries <- vapply(names(x), function(name)
      sprintf("%s\"%s\": %s", inner, name, to_json(x[[name]], inner)), "")
    return(paste0("{\n", paste(entries, collapse = ",\n"), "\n", indent, "}"))
  }
  digits <- formatC(as.numeric(x), digits = 13, format = "g", width = 1)
  digits[is.na(x)] <- "null"
  paste0("[", paste(digits, collapse = ", "), "]")
}
