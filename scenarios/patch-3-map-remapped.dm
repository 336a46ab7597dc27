# Patch 3 names the values that map returns; those with a name mean what
# they meant. 1, DM_MAPIO_REMAPPED: the core dispatches the clone.
era: 2.6.20 series:3 series:2
mode: bio
model-only: no target returns a value on demand

disk sda 2048
create d
  0 2048 linear /dev/sda 0
fault verdict d map 1
io a d r 0 8
----
create d = ok
io a = ok, reads -*8
