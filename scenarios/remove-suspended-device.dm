# A device may be removed while it is suspended if nobody has it open
# (KERNEL.md A.7). The name is free again.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create d
  0 2048 linear /dev/sda 0
suspend d --noflush
remove d
create d
  0 1024 linear /dev/sda 1024
table d
----
create d = ok
suspend d --noflush = ok
remove d = ok
create d = ok
  0 1024 linear 8:0 1024
table d = ok
