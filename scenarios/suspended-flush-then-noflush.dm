# A suspend with the flag of a device that was suspended without it says
# 0 and does nothing (KERNEL.md A.7): what counts is the first one, and
# a table of another size is taken.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create d
  0 2048 linear /dev/sda 0
suspend d
suspend d --noflush
load d
  0 1024 linear /dev/sda 0
resume d
table d
----
create d = ok
suspend d = ok
suspend d --noflush = ok
load d = ok
resume d = ok
  0 1024 linear 8:0 0
table d = ok
