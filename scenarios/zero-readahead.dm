# A read-ahead of zeros fails, which is cheaper than to cache them.
era: 2.6.20 2.6.19
mode: bio
model-only: no application can see how a read-ahead ends

create z
  0 2048 zero
io a z r 0 8 readahead
io b z r 0 8
----
create z = ok
io a = EIO
io b = ok, reads -*8
