# Patch 3: 1 from end_io, DM_ENDIO_INCOMPLETE: the target keeps the
# clone, as before. Here it does nothing with it, so it waits forever.
era: 2.6.20 series:3 series:2
mode: bio
model-only: no target returns a value on demand

disk sda 2048
create d
  0 2048 linear /dev/sda 0
fault verdict d end_io 1
io a d r 0 8
io b d r 0 8
----
create d = ok
io b = ok, reads -*8
io a = held by a process
