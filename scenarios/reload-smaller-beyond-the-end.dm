# a comes while the device is suspended, and then the table becomes too
# small for it. The size was looked at when a came (KERNEL.md A.2, Q0),
# and nobody looks again: the kernels of the time find no target for it
# and stop.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create d
  0 2048 linear /dev/sda 0
suspend d
io a d w 1536 8
load d
  0 1024 linear /dev/sda 0
resume d
----
create d = ok
suspend d = ok
load d = ok
kernel BUG: a bio reaches beyond the last target of its table
resume d = blocked
io a = held by a process
---- kernel 6.1 6.12
# dm_wq_work sends what was deferred through submit_bio_noacct, and
# there bio_check_eod compares it with the new size: -EIO.
create d = ok
suspend d = ok
load d = ok
resume d = ok
io a = EIO
