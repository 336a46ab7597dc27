# linear over multipath, noflush suspend of the lower device: its I/O,
# which is a clone of the upper one's, is held in its core; the upper
# device knows nothing and goes on waiting.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
create top
  0 1024 linear /dev/mapper/mp 512
message mp 0 fail_path /dev/sda
io a top w 0 8
suspend mp --noflush
status mp
message mp 0 reinstate_path /dev/sda
resume mp
wait a
io b mp r 512 8
---- 2.6.20
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
  0 2048 multipath 1 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io a = ok
io b = ok, reads a*8
---- 2.6.19
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush = ok
  0 2048 multipath 1 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io b = ok, reads -*8
---- kernel 6.1 6.12
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: the resume restores the policy, a waits in the target
# (__map_bio), and wait a never ends.
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
io a = held in the target
io b = not issued
---- kernel 6.1 6.12 rq
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: a goes back into blk-mq again and again (must_push_back_rq,
# DM_MAPIO_DELAY_REQUEUE), and wait a never ends.
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
io a = held in the core
io b = not issued
