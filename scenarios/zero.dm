# zero drops writes and reads zeros.
era: 2.6.20 2.6.19
mode: bio

create z
  0 2048 zero
io a z w 0 8
io b z r 0 8
suspend z --noflush
io c z r 0 8
resume z
----
create z = ok
io a = ok
io b = ok, reads -*8
suspend z --noflush = ok
io c = ok, reads -*8
resume z = ok
