# fail_if_no_path to a device that is suspended and was to queue: what
# the resume restores is the policy of the message, and a, which came
# meanwhile, fails.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
suspend mp
message mp 0 fail_if_no_path
io a mp r 0 8
resume mp
table mp
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp = ok
message mp 0 fail_if_no_path = ok
io a = EIO
resume mp = ok
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
---- kernel 6.1 6.12
# multipath_message: -EBUSY while dm_suspended: the resume restores the
# policy, and a waits in the target (__map_bio).
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp = ok
message mp 0 fail_if_no_path = EBUSY
resume mp = ok
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io a = held in the target
---- kernel 6.1 6.12 rq
# multipath_message: -EBUSY while dm_suspended: the resume restores the
# policy, and a goes back into blk-mq (must_push_back_rq,
# DM_MAPIO_DELAY_REQUEUE).
# rr_add_path takes 1 for every larger repeat_count.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp = ok
message mp 0 fail_if_no_path = EBUSY
resume mp = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io a = held in the core
