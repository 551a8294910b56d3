"""One sweep of EM in one pass over the data: the machinery that is there for speed and for digits.

Nothing here is another algorithm than `course_lib.mixture.em`, and a test holds that the numbers are the same. In
the order in which to read:

- `summaries`: the few sums through which the M step knows the data, and the M step itself;
- `reading`, `survey`: data that come block by block, and what is known of them before the first sweep;
- `blocks`: a sweep, block after block, in the form that is cheapest and accurate enough:
- `centred`: about each component's own mean, accurate wherever the points are, and the easiest to read;
- `natural`: one matrix product for all densities, one for all sums; for few features;
- `whitened`: the factors of all components stacked; for many features;
- `marginals`, `precisions`, `independent`: points with missing entries, pattern by pattern, all patterns together, and
  feature by feature;
- `densities`: the first half of a sweep, for those who only ask;
- `threads`: runs of blocks, shared out among threads, with the same last digit whatever their number.

Who wants to know how a mixture is fitted needs `summaries` and `centred`; the rest is speed.
"""
