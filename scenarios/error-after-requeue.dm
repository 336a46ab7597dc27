# The other order of requeue-supersedes-error: the multipath half asks
# first, then the linear half fails. While NOFLUSH is set the request
# stands (KERNEL.md A.3, P1).
era: 2.6.20
mode: bio

disk sda 2048
disk sdb 2048
create d
  0 1024 linear /dev/sda 0
  1024 1024 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
message d 1024 fail_path /dev/sdb
hold sda
io a d w 1020 8
suspend d --noflush --tag s &
status d
release sda error
wait s
running sda
message d 1024 reinstate_path /dev/sdb
resume d
wait a
io b d r 1020 8
----
create d = ok
message d 1024 fail_path /dev/sdb = ok
  0 1024 linear
  1024 1024 multipath 1 0 0 1 1 E 0 1 0 8:16 F 1
status d = ok
suspend d --noflush --tag s = ok
message d 1024 reinstate_path /dev/sdb = ok
resume d = ok
io a = ok
io b = ok, reads a*8
---- kernel 6.1 6.12
# dm_table_add_target: multipath is DM_TARGET_SINGLETON and must appear
# alone, -EINVAL. The device is removed again, so that what follows
# finds none: -ENXIO (__find_device_hash_cell, blkdev_get_no_open).
  device-mapper: table: 253:0: multipath: singleton target type must appear alone in table (-EINVAL)
create d = EINVAL
message d 1024 fail_path /dev/sdb = ENXIO
io a = ENXIO
suspend d --noflush --tag s = ENXIO
status d = ENXIO
message d 1024 reinstate_path /dev/sdb = ENXIO
resume d = ENXIO
io b = ENXIO
