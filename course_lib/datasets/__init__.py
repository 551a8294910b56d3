"""Small data sets of the course, each with its source and terms."""
