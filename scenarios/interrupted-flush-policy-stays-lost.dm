# As interrupted-noflush-policy-stays-lost, without the flag: the loss
# has nothing to do with it, and 2.6.19 has it too (F1).
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp r 0 8
suspend mp --tag s &
signal s
wait s
table mp
release sda ok
wait a
suspend mp
resume mp
table mp
message mp 0 fail_path /dev/sda
io b mp r 0 8
----
create mp = ok
suspend mp --tag s = EINTR
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
io a = ok, reads -*8
suspend mp = ok
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
suspend mp --tag s = EINTR
  0 2048 multipath 1 retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io a = ok, reads -*8
suspend mp = ok
resume mp = ok
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
message mp 0 fail_path /dev/sda = ok
io b = held in the target
---- kernel 6.1 6.12 rq
# rr_add_path takes 1 for every larger repeat_count.
# queue_if_no_path(): "QIFNP disabled but saved as enabled" at the
# second presuspend keeps MPATHF_SAVED_QUEUE_IF_NO_PATH: the resume
# restores the policy, and b goes back into blk-mq (must_push_back_rq,
# DM_MAPIO_DELAY_REQUEUE).
create mp = ok
suspend mp --tag s = EINTR
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io a = ok, reads -*8
suspend mp = ok
resume mp = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
message mp 0 fail_path /dev/sda = ok
io b = held in the core
