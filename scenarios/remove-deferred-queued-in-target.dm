# A deferred remove while I/O waits in the target: the device lives on
# until the application has closed it, which is when the message has
# failed a. A kernel that does not know the flag says -EBUSY.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp r 0 8
remove mp --deferred
message mp 0 fail_if_no_path
wait a
table mp
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
remove mp --deferred = EBUSY
message mp 0 fail_if_no_path = ok
io a = EIO
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
---- kernel 6.1 6.12
# dm_lock_for_deletion: the open device gets DMF_DEFERRED_REMOVE, and
# dev_remove says 0; 2.6.20 knows no such flag.
# The last close takes the device away (dm_blk_close,
# dm_deferred_remove): -ENXIO (__find_device_hash_cell).
create mp = ok
message mp 0 fail_path /dev/sda = ok
remove mp --deferred = ok
message mp 0 fail_if_no_path = ok
io a = EIO
table mp = ENXIO
---- kernel 6.1 6.12 rq
# dm_lock_for_deletion: the open device gets DMF_DEFERRED_REMOVE, and
# dev_remove says 0; 2.6.20 knows no such flag.
# The last close takes the device away (dm_blk_close,
# dm_deferred_remove): -ENXIO (__find_device_hash_cell).
create mp = ok
message mp 0 fail_path /dev/sda = ok
remove mp --deferred = ok
message mp 0 fail_if_no_path = ok
io a = EIO
table mp = ENXIO
