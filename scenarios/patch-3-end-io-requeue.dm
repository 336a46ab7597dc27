# The value 2 from end_io: the target keeps the clone before patch 3, a
# BUG from patch 3 on, and DM_ENDIO_REQUEUE since patch 6, which outside
# a noflush suspend is an error to the upper layer (F8), although the
# disk has done the write.
era: 2.6.20 2.6.19 series:2 series:3 series:5 series:6
mode: bio
model-only: no target returns a value on demand

disk sda 2048
create d
  0 2048 linear /dev/sda 0
fault verdict d end_io 2
io a d w 0 8
io b d r 0 8
---- 2.6.20 series:6
create d = ok
io a = EIO
io b = ok, reads a*8
---- 2.6.19 series:2
create d = ok
io b = ok, reads a*8
io a = held by a process
---- series:3 series:5
create d = ok
kernel BUG: unimplemented target endio return value
io a = held by a process
io b = not issued
