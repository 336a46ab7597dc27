# Patch 3: a positive value from map without a name is a BUG. Before,
# any positive value dispatched the clone.
era: 2.6.20 series:3 series:2 2.6.19
mode: bio
model-only: no target returns a value on demand

disk sda 2048
create d
  0 2048 linear /dev/sda 0
fault verdict d map 3
io a d r 0 8
---- 2.6.20 series:3
create d = ok
kernel BUG: unimplemented target map return value
io a = held by a process
---- series:2 2.6.19
create d = ok
io a = ok, reads -*8
