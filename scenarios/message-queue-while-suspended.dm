# queue_if_no_path to a device that is suspended and was not to queue:
# the table line shows it at once, and the resume keeps it. a, which
# came meanwhile, waits in the target.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 0 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
suspend mp --noflush
table mp
message mp 0 queue_if_no_path
table mp
io a mp r 0 8
resume mp
table mp
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
message mp 0 queue_if_no_path = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
resume mp = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
io a = held in the target
---- kernel 6.1 6.12
# multipath_message: -EBUSY while dm_suspended: the policy stays "fail",
# and a, without a path and a noflush suspend, is DM_MAPIO_KILL: EIO.
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
  0 2048 multipath 1 retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
message mp 0 queue_if_no_path = EBUSY
  0 2048 multipath 1 retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
resume mp = ok
io a = EIO
  0 2048 multipath 1 retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
