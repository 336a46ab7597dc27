# Mail 07/11, spanning_two_mpath_fail_on_flush_suspend: one I/O over two
# multipath targets, each holding its half; a suspend without the flag
# fails it.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048
create mp
  0 1024 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
  1024 1024 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
message mp 0 fail_path /dev/sda
message mp 1024 fail_path /dev/sdb
io a mp w 1020 8
status mp
suspend mp
status mp
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
message mp 1024 fail_path /dev/sdb = ok
  0 1024 multipath 1 1 0 1 1 E 0 1 0 8:0 F 1
  1024 1024 multipath 1 1 0 1 1 E 0 1 0 8:16 F 1
status mp = ok
io a = EIO
suspend mp = ok
  0 1024 multipath 1 0 0 1 1 E 0 1 0 8:0 F 1
  1024 1024 multipath 1 0 0 1 1 E 0 1 0 8:16 F 1
status mp = ok
---- kernel 6.1 6.12
# dm_table_add_target: multipath is DM_TARGET_SINGLETON and must appear
# alone, -EINVAL. The device is removed again, so that what follows
# finds none: -ENXIO (__find_device_hash_cell, blkdev_get_no_open).
  device-mapper: table: 253:0: target type multipath must appear alone in table
create mp = EINVAL
message mp 0 fail_path /dev/sda = ENXIO
message mp 1024 fail_path /dev/sdb = ENXIO
io a = ENXIO
status mp = ENXIO
suspend mp = ENXIO
status mp = ENXIO
