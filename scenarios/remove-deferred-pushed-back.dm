# A deferred remove while the device is suspended and its core holds
# pushed-back I/O: suspend, resume and messages go on working, a is
# issued by the resume, and the device goes when a is done and closed.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp w 0 8
suspend mp --noflush
remove mp --deferred
message mp 0 reinstate_path /dev/sda
resume mp
wait a
table mp
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
remove mp --deferred = EBUSY
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io a = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush = ok
remove mp --deferred = ok
message mp 0 reinstate_path /dev/sda = ENXIO
resume mp = ENXIO
table mp = ENXIO
---- kernel 6.1 6.12
# dm_lock_for_deletion: the open device gets DMF_DEFERRED_REMOVE, and
# dev_remove says 0; 2.6.20 knows no such flag.
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: the resume restores the policy, a waits in the target
# (__map_bio), and wait a never ends.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
remove mp --deferred = ok
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
table mp = not reached
io a = held in the target
---- kernel 6.1 6.12 rq
# dm_lock_for_deletion: the open device gets DMF_DEFERRED_REMOVE, and
# dev_remove says 0; 2.6.20 knows no such flag.
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: a goes back into blk-mq again and again (must_push_back_rq,
# DM_MAPIO_DELAY_REQUEUE), and wait a never ends.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
remove mp --deferred = ok
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
table mp = not reached
io a = held in the core
