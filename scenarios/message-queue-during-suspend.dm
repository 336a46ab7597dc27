# queue_if_no_path during a suspend makes current and saved policy equal
# and so disables push-back (KERNEL.md B.5): a loses its path and waits
# in the target, and the suspend waits for a, until the path is back.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp r 0 8
suspend mp --noflush --tag s &
message mp 0 queue_if_no_path
release sda error
status mp
running sda
message mp 0 reinstate_path /dev/sda
wait s
----
create mp = ok
message mp 0 queue_if_no_path = ok
  0 2048 multipath 1 1 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
message mp 0 reinstate_path /dev/sda = ok
io a = ok, reads -*8
suspend mp --noflush --tag s = ok
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
message mp 0 queue_if_no_path = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
message mp 0 reinstate_path /dev/sda = ok
suspend mp --noflush --tag s = ok
io a = ok, reads -*8
---- kernel 6.1 6.12 rq
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
# multipath_end_io: DM_ENDIO_REQUEUE (must_push_back_rq). a is then in
# the stopped queue, and the suspend ends (blk_mq_queue_inflight, each 5
# ms): here before status. multipath_message: -EBUSY while dm_suspended.
# Group A: fail_path keeps current_pg, and nobody calls choose_pgpath.
create mp = ok
message mp 0 queue_if_no_path = ok
suspend mp --noflush --tag s = ok
  0 2048 multipath 2 0 0 0 1 1 A 0 1 0 8:0 F 1
status mp = ok
message mp 0 reinstate_path /dev/sda = EBUSY
io a = held in the core
