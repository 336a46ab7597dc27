# Mail 07/11, queued_fail_on_flush_suspend: the target holds I/O, and a
# suspend without the flag flushes it: it fails. The policy is set aside
# from presuspend to resume, as the table line shows (KERNEL.md B.5).
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp r 0 8
suspend mp
table mp
resume mp
table mp
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp = ok
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
resume mp = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
---- kernel 6.1 6.12
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp = ok
io a = EIO
  0 2048 multipath 1 retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
resume mp = ok
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
---- kernel 6.1 6.12 rq
# queue_if_no_path of the presuspend kicks a by a work only
# (dm_mq_kick_requeue_list). Here __dm_suspend sets
# DMF_BLOCK_IO_FOR_SUSPEND before it runs: dm_mq_queue_rq sends a back,
# and blk_mq_queue_inflight does not count it. multipath_resume restores
# the policy, and a waits on.
# rr_add_path takes 1 for every larger repeat_count.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp = ok
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
resume mp = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io a = held in the core
---- kernel 6.1 6.12 rq
# rr_add_path takes 1 for every larger repeat_count.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp = ok
io a = EIO
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
resume mp = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
