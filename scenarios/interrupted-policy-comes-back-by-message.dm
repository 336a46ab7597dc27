# After an interrupted suspend has lost the policy (F1), the message
# queue_if_no_path restores it: b waits in the target, and the next
# noflush suspend pushes it back as if nothing had happened.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp r 0 8
suspend mp --noflush --tag s &
signal s
wait s
release sda ok
wait a
message mp 0 queue_if_no_path
table mp
message mp 0 fail_path /dev/sda
io b mp r 0 8
suspend mp --noflush
message mp 0 reinstate_path /dev/sda
resume mp
wait b
---- 2.6.20
create mp = ok
suspend mp --noflush --tag s = EINTR
io a = ok, reads -*8
message mp 0 queue_if_no_path = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io b = ok, reads -*8
---- 2.6.19
create mp = ok
suspend mp --noflush --tag s = EINTR
io a = ok, reads -*8
message mp 0 queue_if_no_path = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
message mp 0 fail_path /dev/sda = ok
io b = EIO
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
---- kernel 6.1 6.12
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: the resume restores the policy, and b waits in the target
# (__map_bio).
create mp = ok
suspend mp --noflush --tag s = EINTR
io a = ok, reads -*8
message mp 0 queue_if_no_path = ok
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
io b = held in the target
