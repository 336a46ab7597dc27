# An interrupted suspend loses queue_if_no_path, and a whole cycle of
# suspend and resume does not bring it back, because the second
# presuspend saves what the first has left (F1): b, long afterwards and
# without any suspend, fails.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp r 0 8
suspend mp --noflush --tag s &
signal s
wait s
table mp
release sda ok
wait a
suspend mp --noflush
resume mp
table mp
message mp 0 fail_path /dev/sda
io b mp r 0 8
----
create mp = ok
suspend mp --noflush --tag s = EINTR
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
io a = ok, reads -*8
suspend mp --noflush = ok
resume mp = ok
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
message mp 0 fail_path /dev/sda = ok
io b = EIO
---- kernel 6.1 6.12
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
# queue_if_no_path(): "QIFNP disabled but saved as enabled" at the
# second presuspend keeps MPATHF_SAVED_QUEUE_IF_NO_PATH: the resume
# restores the policy, and b waits in the target (__map_bio).
create mp = ok
suspend mp --noflush --tag s = EINTR
  0 2048 multipath 1 retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io a = ok, reads -*8
suspend mp --noflush = ok
resume mp = ok
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
message mp 0 fail_path /dev/sda = ok
io b = held in the target
---- kernel 6.1 6.12 rq
# rr_add_path takes 1 for every larger repeat_count.
# multipath_presuspend leaves the policy alone (request-based, noflush):
# b goes back into blk-mq (must_push_back_rq, DM_MAPIO_DELAY_REQUEUE).
create mp = ok
suspend mp --noflush --tag s = EINTR
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io a = ok, reads -*8
suspend mp --noflush = ok
resume mp = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
message mp 0 fail_path /dev/sda = ok
io b = held in the core
