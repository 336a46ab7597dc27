# A deferred remove of the lower one of two stacked devices, while I/O
# of the upper one waits in its target: the table above holds it open,
# and it goes with that table.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
create top
  0 1024 linear /dev/mapper/mp 512
message mp 0 fail_path /dev/sda
io a top w 0 8
remove mp --deferred
suspend mp --noflush
message mp 0 reinstate_path /dev/sda
resume mp
wait a
table mp
remove top
table mp
---- 2.6.20
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
remove mp --deferred = EBUSY
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io a = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
remove top = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
---- 2.6.19
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
remove mp --deferred = EBUSY
io a = EIO
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
remove top = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
---- kernel 6.1 6.12
# dm_lock_for_deletion: the open device gets DMF_DEFERRED_REMOVE, and
# dev_remove says 0; 2.6.20 knows no such flag.
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: the resume restores the policy, a waits in the target
# (__map_bio), and wait a never ends.
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
remove mp --deferred = ok
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
table mp = not reached
remove top = not reached
table mp = not reached
io a = held in the target
