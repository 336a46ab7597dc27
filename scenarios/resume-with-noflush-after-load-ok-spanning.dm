# Mail 07/11, resume_with_noflush_after_load_ok, with one I/O over two
# multipath targets. Only the second has lost its path: the first half
# is written twice (N3), and the I/O succeeds as a whole.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048
disk sdc 2048 lun sdb
create mp
  0 1024 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
  1024 1024 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
message mp 1024 fail_path /dev/sdb
io a mp w 1020 8
load mp
  0 1024 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
  1024 1024 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdc 1000
resume mp --noflush
wait a
io b mp r 1016 16
---- 2.6.20
create mp = ok
message mp 1024 fail_path /dev/sdb = ok
load mp = ok
resume mp --noflush = ok
io a = ok
io b = ok, reads -*4 a*8 -*4
---- 2.6.19
create mp = ok
message mp 1024 fail_path /dev/sdb = ok
load mp = ok
io a = EIO
resume mp --noflush = ok
io b = ok, reads -*4 a*4 -*8
---- kernel 6.1 6.12
# dm_table_add_target: multipath is DM_TARGET_SINGLETON and must appear
# alone, -EINVAL. The device is removed again, so that what follows
# finds none: -ENXIO (__find_device_hash_cell, blkdev_get_no_open).
  device-mapper: table: 253:0: target type multipath must appear alone in table
create mp = EINVAL
message mp 1024 fail_path /dev/sdb = ENXIO
io a = ENXIO
load mp = ENXIO
resume mp --noflush = ENXIO
io b = ENXIO
