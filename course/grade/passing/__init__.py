"""Who has passed: the points of all sheets of a term, from the folders of grades of all of them."""
