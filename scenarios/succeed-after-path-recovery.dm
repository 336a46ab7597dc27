# Mail 07/11, succeed_after_path_recovery: pushed back, then a path
# comes back and the device is resumed: the I/O succeeds. What the write
# brought is read back.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp w 0 8
suspend mp --noflush
message mp 0 reinstate_path /dev/sda
resume mp
wait a
io b mp r 0 8
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io a = ok
io b = ok, reads a*8
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io b = ok, reads -*8
---- kernel 6.1 6.12
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: the resume restores the policy, a waits in the target
# (__map_bio), and wait a never ends.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
io a = held in the target
io b = not issued
---- kernel 6.1 6.12 rq
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: a goes back into blk-mq again and again (must_push_back_rq,
# DM_MAPIO_DELAY_REQUEUE), and wait a never ends.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
io a = held in the core
io b = not issued
