# zero drops writes and reads zeros; a read-ahead of zeros fails, which
# is cheaper than to cache them.
era: 2.6.20 2.6.19
mode: bio

create z
  0 2048 zero
io a z w 0 8
io b z r 0 8
io c z r 0 8 readahead
suspend z --noflush
io d z r 0 8
resume z
----
create z = ok
io a = ok
io b = ok, reads -*8
io c = EIO
suspend z --noflush = ok
io d = ok, reads -*8
resume z = ok
