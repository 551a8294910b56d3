"""The second room: a submission's cells are run, and answer the checks' questions, where they can do no harm.

Student code runs in a process of its own, the worker. Trusted is this side alone: it asks one question at a time, holds
a clock and a bound against each answer, and reads plain data. Nothing that the worker says is believed, and nothing of
ours is in there beside `worker.py` and `answers.py`.

In reading order: `launch` (the conversation with a worker) over `pipes` (lines that nobody waits for too long),
`worker` (the other side of it) with `stand_ins` (what a notebook expects of Jupyter), `declared` (what notebooks may
import), `plain` (a worker without a sandbox, for one's own notebook), `sandbox` (a room of its own: the worker where it
is confined), `clocks` (which time counts), `limits` (what a sandbox may use), `memory_watch` (looking at that from
outside), `png` (pictures that student code has drawn, cut down to what draws).
"""
