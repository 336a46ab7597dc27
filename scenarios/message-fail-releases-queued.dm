# fail_if_no_path fails what waits in the target (L3); what was pushed
# back is in the core, and fails when it is mapped again.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp r 0 8
suspend mp --noflush
message mp 0 fail_if_no_path
resume mp
message mp 0 queue_if_no_path
io b mp r 0 8
message mp 0 fail_if_no_path
status mp
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
message mp 0 fail_if_no_path = ok
io a = EIO
resume mp = ok
message mp 0 queue_if_no_path = ok
message mp 0 fail_if_no_path = ok
io b = EIO
  0 2048 multipath 1 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush = ok
message mp 0 fail_if_no_path = ok
resume mp = ok
message mp 0 queue_if_no_path = ok
message mp 0 fail_if_no_path = ok
io b = EIO
  0 2048 multipath 1 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
---- kernel 6.1 6.12
# multipath_message: -EBUSY while dm_suspended: the resume restores the
# policy, and a waits in the target (__map_bio) until the last message
# lets process_queued_bios fail it.
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
message mp 0 fail_if_no_path = EBUSY
resume mp = ok
message mp 0 queue_if_no_path = ok
message mp 0 fail_if_no_path = ok
io a = EIO
io b = EIO
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
