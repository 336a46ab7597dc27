# Patch 3: a negative value from end_io replaces what the disk said, as
# before; here the disk has done the write, as the second read shows.
era: 2.6.20 series:3 series:2
mode: bio
model-only: no target returns a value on demand

disk sda 2048
create d
  0 2048 linear /dev/sda 0
fault verdict d end_io -5
io a d w 0 8
io b d r 0 8
----
create d = ok
io a = EIO
io b = ok, reads a*8
