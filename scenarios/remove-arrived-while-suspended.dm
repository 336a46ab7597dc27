# A suspended device is not removed while I/O that came meanwhile waits
# in its core: the application has it open.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create d
  0 2048 linear /dev/sda 0
suspend d
io a d w 0 8
remove d
resume d
wait a
remove d
----
create d = ok
suspend d = ok
remove d = EBUSY
resume d = ok
io a = ok
remove d = ok
