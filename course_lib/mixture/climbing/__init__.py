"""The climb: where EM begins, sweep after sweep, and when it has arrived.

EM never goes downhill, and stops at the nearest summit. So what is found depends on where it begins, and
what it costs on how soon one sees that it has arrived. In the order in which to read:

- `rows`: which rows a start looks at;
- `starts`: where to begin;
- `climb`: sweeps until the likelihood rises no more; a leap that lowers it is taken back here;
- `acceleration`: leaps, to where a sequence of EM steps seems to lead;
- `degenerate`: summits that are none, since a component has collapsed.
"""
