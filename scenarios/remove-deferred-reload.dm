# A device that is to be removed on its last close takes a new table all
# the same: a is pushed back, goes over the path of that table, and then
# the device goes. The disk has what was written.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp w 0 8
suspend mp --noflush
remove mp --deferred
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
resume mp
wait a
table mp
create d
  0 2048 linear /dev/sdb 0
io b d r 0 8
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
remove mp --deferred = EBUSY
load mp = ok
resume mp = ok
io a = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:16 1000
table mp = ok
create d = ok
io b = ok, reads a*8
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush = ok
remove mp --deferred = ok
load mp = ENXIO
resume mp = ENXIO
table mp = ENXIO
create d = ok
io b = ok, reads -*8
---- kernel 6.1 6.12
# dm_lock_for_deletion: the open device gets DMF_DEFERRED_REMOVE, and
# dev_remove says 0; 2.6.20 knows no such flag.
# The last close takes the device away (dm_blk_close,
# dm_deferred_remove): -ENXIO (__find_device_hash_cell).
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
remove mp --deferred = ok
load mp = ok
resume mp = ok
io a = ok
table mp = ENXIO
create d = ok
io b = ok, reads a*8
