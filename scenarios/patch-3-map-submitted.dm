# Patch 3: 0 from map, DM_MAPIO_SUBMITTED: the clone is the target's,
# and the core waits for it. Here nobody has it, so it waits forever.
era: 2.6.20 series:3 series:2
mode: bio
model-only: no target returns a value on demand

disk sda 2048
create d
  0 2048 linear /dev/sda 0
fault verdict d map 0
io a d r 0 8
io b d r 0 8
suspend d
----
create d = ok
io b = ok, reads -*8
suspend d = blocked
io a = held by a process
