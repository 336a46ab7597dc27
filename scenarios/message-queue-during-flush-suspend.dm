# queue_if_no_path during a suspend without the flag undoes its
# presuspend: a loses its path and waits in the target, and the suspend,
# which was to flush it, waits for a until the path is back. Compare
# message-queue-during-suspend.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp r 0 8
suspend mp --tag s &
message mp 0 queue_if_no_path
release sda error
table mp
running sda
message mp 0 reinstate_path /dev/sda
wait s
----
create mp = ok
message mp 0 queue_if_no_path = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
message mp 0 reinstate_path /dev/sda = ok
io a = ok, reads -*8
suspend mp --tag s = ok
---- kernel 6.1 6.12
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
message mp 0 queue_if_no_path = ok
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
message mp 0 reinstate_path /dev/sda = ok
suspend mp --tag s = ok
io a = ok, reads -*8
---- kernel 6.1 6.12 rq
# rr_add_path takes 1 for every larger repeat_count.
# multipath_end_io: DM_ENDIO_REQUEUE (must_push_back_rq). a is in the
# stopped queue, not in flight (blk_mq_queue_inflight), and the suspend
# ends without it; dm_wait_for_completion looks every 5 ms, here before
# the table line. multipath_message: -EBUSY while dm_suspended.
create mp = ok
message mp 0 queue_if_no_path = ok
suspend mp --tag s = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
message mp 0 reinstate_path /dev/sda = EBUSY
io a = held in the core
