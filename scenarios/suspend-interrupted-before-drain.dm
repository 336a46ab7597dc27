# A signal while the suspend waits for a: it returns -EINTR, I/O is no
# longer blocked, and b, which was deferred meanwhile, is issued at once
# (KERNEL.md A.4, S11), before a has completed.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048
create d
  0 1024 linear /dev/sda 0
  1024 1024 linear /dev/sdb 0
hold sda
io a d w 0 8
suspend d --tag s &
io b d w 1024 8
signal s
wait s
info d
wait b
release sda ok
wait a
----
create d = ok
suspend d --tag s = EINTR
io b = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        1
  Event number:      0
io a = ok
