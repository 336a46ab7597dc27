# The value 2 from map: dispatched as any positive value before patch 3,
# a BUG from patch 3 on, and DM_MAPIO_REQUEUE since patch 6. Outside a
# noflush suspend that is an error to the upper layer (KERNEL.md A.3,
# F8).
era: 2.6.20 2.6.19 series:2 series:3 series:5 series:6
mode: bio
model-only: no target returns a value on demand

disk sda 2048
create d
  0 2048 linear /dev/sda 0
fault verdict d map 2
io a d r 0 8
---- 2.6.20 series:6
create d = ok
io a = EIO
---- 2.6.19 series:2
create d = ok
io a = ok, reads -*8
---- series:3 series:5
create d = ok
kernel BUG: unimplemented target map return value
io a = held by a process
