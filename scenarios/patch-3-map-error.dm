# Patch 3: a negative value from map ends the clone with that error, as
# before; end_io is not called.
era: 2.6.20 series:3 series:2
mode: bio
model-only: no target returns a value on demand

disk sda 2048
create d
  0 2048 linear /dev/sda 0
fault verdict d map -11
io a d r 0 8
io b d r 0 8
----
create d = ok
io a = EAGAIN
io b = ok, reads -*8
