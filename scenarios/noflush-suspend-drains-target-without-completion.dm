# Mail 07/11, noflush_suspend_drains_target_without_completion: a
# suspend with the flag returns, the target's queue is empty, and the
# I/O is held in the core, neither failed nor done. Before the series
# the flag is ignored and the I/O fails.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp r 0 8
status mp
suspend mp --noflush
status mp
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
  0 2048 multipath 1 1 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
suspend mp --noflush = ok
  0 2048 multipath 1 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
io a = held in the core
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
  0 2048 multipath 1 1 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
io a = EIO
suspend mp --noflush = ok
  0 2048 multipath 1 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
message mp 0 fail_path /dev/sda = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
suspend mp --noflush = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
io a = held in the core
---- kernel 6.1 6.12 rq
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
message mp 0 fail_path /dev/sda = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
suspend mp --noflush = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
io a = held in the core
