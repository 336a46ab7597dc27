# Patch 3: 0 from end_io: the clone ends as the disk ended it.
era: 2.6.20 series:3 series:2
mode: bio
model-only: no target returns a value on demand

disk sda 2048
create d
  0 2048 linear /dev/sda 0
fault verdict d end_io 0
io a d r 0 8
offline sda
fault verdict d end_io 0
io b d r 0 8
----
create d = ok
io a = ok, reads -*8
io b = EIO
