# Mean
total <- function(x, na.rm = TRUE) {
  if (is.null(x)) return(NULL)
  for (i in 1:10) {
    print("a \"b\"")
  }
  x * 2.5e3
}
