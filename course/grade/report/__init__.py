"""Reports on results that are there: pages in HTML, and the formats of other programs. Nothing is run for them."""
