# Mail 07/11, requeued_in_target_on_resume_without_recovery: what a
# noflush suspend pushed back is mapped again by the resume; there is
# still no path, and the target holds it again.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp r 0 8
suspend mp --noflush
resume mp
status mp
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
resume mp = ok
  0 2048 multipath 1 1 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
io a = held in the target
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush = ok
resume mp = ok
  0 2048 multipath 1 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
resume mp = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
io a = held in the target
---- kernel 6.1 6.12 rq
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
# multipath_clone_and_map: no path is DM_MAPIO_DELAY_REQUEUE
# (must_push_back_rq), and a goes back into blk-mq
# (dm_requeue_original_request).
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
resume mp = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
io a = held in the core
