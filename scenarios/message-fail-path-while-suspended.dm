# The only path is failed while the device is suspended. The table line
# says then that the policy is not to queue, but a, which waits in the
# core, is issued after the policy is restored: it is held in the
# target.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
suspend mp --noflush
message mp 0 fail_path /dev/sda
io a mp r 0 8
table mp
resume mp
table mp
----
create mp = ok
suspend mp --noflush = ok
message mp 0 fail_path /dev/sda = ok
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
resume mp = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
io a = held in the target
---- kernel 6.1 6.12
# multipath_message: -EBUSY while dm_suspended, so the path stays good,
# and a, which the resume issues, takes it.
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
suspend mp --noflush = ok
message mp 0 fail_path /dev/sda = EBUSY
  0 2048 multipath 1 retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
resume mp = ok
io a = ok, reads -*8
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
