"""Each point to its nearest centre: the hard assignments of k-means, plainly and at speed.

- `lloyd`: the algorithm as it is told, for the reader;
- `bounds`: the same steps, leaving out the points that cannot have changed;
- `seeding`: first centres far apart.
"""
