"""The climb: where EM begins, sweep after sweep, and when it has arrived.

EM never goes downhill, and stops at the nearest summit. So what is found depends on where it begins, and
what it costs on how soon one sees that it has arrived. In the order in which to read:

- `rows`: which rows a start looks at, drawn at random;
- `starts`, `short_runs`: where to begin, and the default, the best of several short climbs, side by side: `partitions`
  are where these begin, `stacked` is their sweep, and where there are many summits, `iterated` goes on from their ends;
- `floor`, `rules`: how narrow a component may be, and what the M step makes of that and of a prior;
- `climb`: sweeps until the likelihood rises no more; a leap that lowers it is taken back here;
- `stopping`: when the climb has arrived;
- `squarem_anderson`: leaps, to where a sequence of EM steps seems to lead;
- `labels`: points of which it is known which component drew them;
- `degenerate`: summits that are none, since a component has collapsed.
"""
